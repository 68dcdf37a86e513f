"""`usher serve --demo` answers only to names of the own machine: a page elsewhere that had its name point here gets nothing."""

import subprocess

import pytest
from wire.http import request
from wire.process import LISTENING, Usher, surroundings, usher_binary
from wire.websocket import handshake


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    command = [usher_binary(), "serve", "--demo", "--listen", "127.0.0.1:0", "--set", "server.drain=0s"]
    process = subprocess.Popen(
        command,
        cwd=tmp_path_factory.mktemp("elsewhere"),
        env=surroundings(),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    usher = Usher(process, "")
    usher.urls.append(usher.wait_for_log(LISTENING).group(1).rstrip("/"))
    yield usher
    usher.stop()
    process.stderr.close()


# The Host, whether it is answered.
HOSTS = [
    ("127.0.0.1:{port}", True),
    ("localhost:{port}", True),
    ("[::1]:{port}", True),
    ("LOCALHOST:{port}", True),
    ("evil.example", False),
    ("localhost.evil.example", False),
    ("127.0.0.1.evil.example:{port}", False),
    ("192.0.2.1", False),
]


@pytest.mark.parametrize("host, answered", HOSTS)
def test_host(demo, host, answered):
    headers = [("Host", host.format(port=demo.port))]
    for target in ("/", "/usher.js", "/metrics", "/asyncapi.json"):
        assert request(demo.url, "GET", target, headers).status == (200 if answered else 421)
    if not answered:
        refused = request(demo.url, "GET", "/", headers)
        assert refused.code and "--demo-public" in refused.json()["detail"]
        assert request(demo.url, "POST", "/tickets", headers, b"").status == 421


def test_only_its_own_pages(demo):
    own = [f"http://{host}:{demo.port}" for host in ("127.0.0.1", "localhost", "[::1]")]
    for origin in own:
        assert handshake(demo.url, "/channels/room.lobby", headers=[("Origin", origin)]).status == 401
    for origin in ("http://127.0.0.1:1", f"https://127.0.0.1:{demo.port}", "null", "http://evil.example"):
        assert handshake(demo.url, "/channels/room.lobby", headers=[("Origin", origin)]).code == "origin"


FILES = ["/", "/main.js", "/style.css", "/usher.js"]


@pytest.mark.parametrize("target", FILES)
def test_files_have_their_headers(demo, target):
    response = request(demo.url, "GET", target)
    assert response.status == 200
    assert response.header("X-Content-Type-Options") == "nosniff"
    assert response.header("Referrer-Policy") == "no-referrer"
    assert "default-src" in response.header("Content-Security-Policy")
    again = request(demo.url, "GET", target, [("If-None-Match", response.header("ETag"))])
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize("target", ["/../demo.toml", "/..%2fdemo.toml", "/%2e%2e/users.htpasswd", "/users.htpasswd", "/demo.toml", "/.", "//etc/passwd"])
def test_files_outside_are_not_there(demo, target):
    assert request(demo.url, "GET", target).status in (400, 404)
