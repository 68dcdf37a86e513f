"""The client commands against a running usher: what they print, and how they end."""

import hashlib
import json
import queue
import re
import subprocess
import threading

import pytest
from wire.gateway import RAW, connect, publish
from wire.http import request
from wire.process import STOP_SECONDS, surroundings, usher_binary

CONFIG = """
[auth]
connect_with = ["ticket", "anonymous"]
[[channel]]
name = "room.{room}"
allow_subscribe = "user"
allow_publish = "user"
allow_history = "user"
history = { size = 50, ttl = "10m", position_ttl = "1h" }
[[channel]]
name = "open.{id}"
allow_subscribe = "anyone"
allow_publish = "anyone"
protocols = ["chat"]
"""


@pytest.fixture(scope="module")
def usher(share_usher):
    return share_usher(CONFIG, args=["--workers", "2"])


def run(*arguments, usher=None, text="", env=None):
    known = {"USHER_URL": usher.url, "USHER_API_KEY": usher.api_key} if usher else {}
    return subprocess.run(
        [usher_binary(), *arguments],
        input=text,
        capture_output=True,
        text=True,
        env={**surroundings(), **known, **(env or {})},
        timeout=STOP_SECONDS,
        check=False,
    )


def output(*arguments, **how):
    ended = run(*arguments, **how)
    assert ended.returncode == 0, ended
    return ended.stdout


class Running:
    """A command that goes on; its lines can be awaited. Ended with the test."""

    def __init__(self, usher, *arguments):
        self.process = subprocess.Popen(
            [usher_binary(), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**surroundings(), "USHER_URL": usher.url, "USHER_API_KEY": usher.api_key},
        )
        self.lines = queue.Queue()
        self.reader = threading.Thread(target=lambda: [self.lines.put(line) for line in self.process.stdout])
        self.reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stdin.close()
        self.process.stdout.close()

    def line(self):
        return self.lines.get(timeout=STOP_SECONDS).rstrip("\n")


def test_version():
    words = output("version")
    assert re.search(r"\d+\.\d+\.\d+", words)
    assert json.loads(output("version", "--json"))["version"] in words


def test_init_starts_unchanged(start_usher, tmp_path):
    ended = run("init")
    assert ended.returncode == 0
    key = re.search(r"[\w-]{30,}", ended.stderr).group()
    assert key not in ended.stdout and hashlib.sha256(key.encode()).hexdigest() in ended.stdout
    (tmp_path / "init.toml").write_text(ended.stdout)
    assert run("check", "--config", str(tmp_path / "init.toml")).returncode == 0
    usher = start_usher(ended.stdout, args=["--set", "server.drain=0s", "--set", "server.drain_delay=0s"])
    assert request(usher.url, "POST", "/api/info", [("X-API-Key", key)], b"{}").status == 200
    assert run("init").stderr != ended.stderr


def test_check_names_every_place(tmp_path):
    file = tmp_path / "wrong.toml"
    file.write_text('[server]\nlisten = 5\n[websocket]\nping = 25\n[[channel]]\nname = "a b"\nallow_subscribe = "all"\n')
    ended = run("check", "--config", str(file))
    assert ended.returncode == 1
    said = ended.stdout + ended.stderr
    assert {f"wrong.toml:{line}:" for line in (2, 4, 6, 7)} <= set(re.findall(r"wrong\.toml:\d+:", said)), said
    assert run("check", "--config", str(tmp_path / "nowhere.toml")).returncode in (1, 78)


def test_ticket(usher):
    ticket = output("ticket", "--user", "ann", "--channel", "room.1=subscribe", "--ttl", "20s", usher=usher).strip()
    assert re.fullmatch(r"ust_[\w-]{43}", ticket)
    with connect(usher, "room.1", RAW, ticket=ticket) as socket:
        socket.round_trip()
    told = json.loads(output("ticket", "--guest", "--json", usher=usher))
    assert told["ticket"] and told["expires_in"] == 30


def test_publish(usher):
    with connect(usher, "room.publish", RAW) as socket:
        output("publish", "room.publish", '{"a":1}', usher=usher)
        assert socket.message() == '{"a":1}'
        output("publish", "room.publish", "-", usher=usher, text="from outside")
        assert "from outside" in socket.message()


def test_subscribe_follows(usher):
    with Running(usher, "subscribe", "--json", "room.followed") as command:
        channels = "/api/channels"
        while b"room.followed" not in request(usher.url, "POST", channels, [("X-API-Key", usher.api_key)], b"{}").body:
            pass
        publish(usher, "room.followed", '{"a":1}', [("Usher-Tag-Kind", "x")])
        line = json.loads(command.line())
        assert (line["channel"], line["offset"], line["user"]) == ("room.followed", 1, None)
        assert line["data"] == {"a": 1} and line["tags"] == {"kind": "x"}


def test_subscribe_comes_back(start_usher):
    usher = start_usher(CONFIG)
    with Running(usher, "subscribe", "room.lasting") as command:
        for turn in range(2):
            while b"room.lasting" not in request(usher.url, "POST", "/api/channels", key_of(usher), b"{}").body:
                pass
            publish(usher, "room.lasting", f"line {turn}")
            assert f"line {turn}" in command.line()
            if turn == 0:
                key, port = usher.api_key, usher.port
                digest = hashlib.sha256(key.encode()).hexdigest()
                rights = '["publish", "tickets", "read"]'
                same = f'{CONFIG}[[auth.api_key]]\nname = "same"\nsha256 = "{digest}"\nrights = {rights}\n'
                usher.kill()
                usher = start_usher(same, listen=(f"127.0.0.1:{port}",))
                usher.api_key = key


def key_of(usher):
    return [("X-API-Key", usher.api_key)]


@pytest.mark.parametrize("draft", [(), ("--draft", "7"), ("--draft", "8")])
def test_connect(usher, draft):
    url = usher.url.replace("http", "ws", 1) + "/channels/open.x" + "".join(draft).replace("-", "x")
    with Running(usher, "connect", url, "--protocol", "chat", *draft) as command:
        command.process.stdin.write("hello\n")
        command.process.stdin.flush()
        assert "hello" in command.line()


FAILURES = [
    (["publish", "room.1", "x"], {"USHER_API_KEY": "wrong"}, 1),
    (["publish", "nowhere.1", "x"], {}, 1),
    (["publish", "room.1", "x"], {"USHER_URL": "http://127.0.0.1:1"}, 1),
    (["ticket"], {}, 2),
    (["ticket", "--user", "a", "--ttl", "30"], {}, 2),
    (["publish"], {}, 2),
    (["fly"], {}, 2),
    ([], {}, 2),
    (["connect", "ws://127.0.0.1:1/x"], {}, 1),
    (["connect", "http//x"], {}, 2),
]


@pytest.mark.parametrize("arguments, env, code", FAILURES, ids=[" ".join(f[0]) + "-" + "".join(f[1]) for f in FAILURES])
def test_failures(usher, arguments, env, code):
    ended = run(*arguments, usher=usher, env=env)
    assert ended.returncode == code, ended
    assert ended.stderr.strip() or code == 2
