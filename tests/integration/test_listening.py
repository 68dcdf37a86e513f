"""Where usher listens, and what it says when it cannot."""

import json
import socket
import subprocess

from wire.gateway import JSON, RAW, api, connect, eventually, hello, metrics, mint
from wire.http import read_response, request, request_bytes
from wire.peer import Peer
from wire.process import surroundings, usher_binary
from wire.websocket import WebSocket, handshake

CONFIG = """
[[channel]]
name = "room.{room}"
allow_subscribe = "user"
allow_publish = "user"
"""


def test_unix_socket(start_usher, tmp_path):
    path = tmp_path / "usher.sock"
    usher = start_usher(CONFIG, listen=(f"unix:{path}", "127.0.0.1:0"), args=["--workers", "2"])
    assert usher.urls[0] == f"unix:{path}" and usher.urls[1].startswith("http://127.0.0.1:")
    with connect(usher, "room.1", JSON) as socket:
        assert hello(socket)["user"] == "alice"
        shown = [("Authorization", f"Ticket {mint(usher)}")]
        with WebSocket(usher.urls[1], "/channels/room.1", protocols=[RAW], headers=shown) as other:
            other.text("across")
            assert socket.json_message()["data"] == "across"
            assert other.message() == "across"
    bound = [("Authorization", f"Ticket {mint(usher, ip='127.0.0.1')}")]
    assert handshake(usher.urls[0], "/channels/room.1", headers=bound).status == 401, "here nobody has an address"
    usher.stop()
    assert not path.exists()


def test_ipv6(start_usher):
    usher = start_usher(CONFIG, listen=("[::1]:0",))
    assert usher.url.startswith("http://[::1]:")
    assert request(usher.url, "GET", "/health/live").status == 200
    ticket = mint(usher, ip="::1")
    with connect(usher, "room.1", JSON, ticket=ticket) as socket:
        hello(socket)


def test_an_address_of_version_4_in_version_6(start_usher):
    """A listener of all addresses sees version 4 as mapped, and takes it for what it is."""
    usher = start_usher(CONFIG, listen=("[::]:0",))
    port = usher.url.rsplit(":", 1)[1]
    usher.urls[0] = f"http://127.0.0.1:{port}"
    for address, status in (("127.0.0.1", 101), ("::ffff:127.0.0.1", 101), ("127.0.0.2", 401), ("::1", 401)):
        shown = [("Authorization", f"Ticket {mint(usher, ip=address)}")]
        assert handshake(usher.url, "/channels/room.1", headers=shown).status == status


def test_management_on_its_own_listener(start_usher, tmp_path):
    path = tmp_path / "manage.sock"
    usher = start_usher(CONFIG + f'[server]\nmanage = ["unix:{path}"]\n')
    assert request(usher.url, "POST", "/api/info", [("X-API-Key", usher.api_key)], b"{}").status == 404
    manage = f"unix:{path}"
    answer = request(manage, "POST", "/api/info", [("X-API-Key", usher.api_key)], b"{}")
    assert answer.status == 200
    assert request(manage, "GET", "/metrics").status == 200
    assert request(manage, "GET", "/channels/room.1").status == 404


def serve(tmp_path, config=CONFIG, *args):
    file = tmp_path / "usher.toml"
    file.write_text(config)
    command = [usher_binary(), "serve", "--config", str(file), *args]
    return subprocess.run(command, capture_output=True, text=True, env=surroundings(), timeout=120, check=False)


def one_line(ended, code, *words):
    assert ended.returncode == code, ended
    lines = [line for line in ended.stderr.splitlines() if "listening on" not in line]
    assert len(lines) == 1, ended.stderr
    assert all(word in lines[0] for word in words), lines[0]


def test_a_port_in_use(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        one_line(serve(tmp_path, CONFIG, "--listen", f"127.0.0.1:{port}"), 1, str(port), "in use")


def test_a_folder_that_is_not_there(tmp_path):
    one_line(serve(tmp_path, CONFIG, "--listen", f"unix:{tmp_path}/nowhere/usher.sock"), 1, "nowhere")


def test_a_file_that_cannot_be_read(tmp_path):
    config = CONFIG + '[auth.basic]\nfile = "nowhere.htpasswd"\n'
    ended = serve(tmp_path, config, "--listen", "127.0.0.1:0")
    assert ended.returncode in (1, 78) and "nowhere.htpasswd" in ended.stderr


def test_wrong_configurations(tmp_path):
    """Every error at once, each with its place."""
    config = '[server]\nworkers = "many"\n[limits]\nmesage_bytes = 5\n[tickets]\nttl = 30\n'
    ended = serve(tmp_path, config)
    assert ended.returncode == 78
    for place in ("usher.toml:2:", "usher.toml:4:", "usher.toml:6:"):
        assert place in ended.stderr, ended.stderr
    assert "message_bytes" in ended.stderr


def test_without_a_configuration():
    ended = subprocess.run([usher_binary(), "serve"], capture_output=True, text=True, env=surroundings(), timeout=120, check=False)
    assert ended.returncode == 2 and "--demo" in ended.stderr


def lower_files(count):
    """A command that runs what follows it with so few descriptors."""
    return ["sh", "-c", f'ulimit -n {count} && exec "$@"', "sh"]


def sample(peer, url, name):
    """A number of the metrics, over a connection that is there already."""
    peer.send(request_bytes(url, "GET", "/metrics"))
    text = read_response(peer).body.decode()
    return int(text.split(f"\n{name} ")[1].split()[0])


def echo(socket, count):
    for number in range(count):
        socket.json({"data": number})
        assert socket.json_message()["data"] == number


def test_no_descriptors_left(start_usher):
    """It stops accepting instead of spinning, those inside notice nothing, and it goes on when there is room."""
    files = 128
    config = CONFIG + "[limits]\nconnections = 100000\n"
    usher = start_usher(config, args=["--workers", "1"], before=lower_files(files))
    with connect(usher, "room.1", JSON) as inside, Peer(usher.url) as kept:
        hello(inside)
        echo(inside, 10)
        turns = sample(kept, usher.url, "usher_turn_seconds_count")
        crowd = [Peer(usher.url) for _ in range(files * 2)]
        echo(inside, 1000)
        for peer in crowd:
            peer.close()
        # A turn or two for each message, and some for the crowd; one that spins takes as many as there is time for.
        assert sample(kept, usher.url, "usher_turn_seconds_count") - turns < 5000, "it spins"
        while (paused := sample(kept, usher.url, "usher_accepts_paused_total")) == 0:
            pass
        assert paused < 1000
        eventually(lambda: sample(kept, usher.url, "usher_connections"), 2)
    with connect(usher, "room.1", JSON) as again:
        hello(again)


def status_of(usher):
    return request(usher.url, "GET", "/health/live").status


def test_more_connections_than_the_limit(start_usher):
    usher = start_usher(CONFIG + "[limits]\nconnections = 10\n", args=["--workers", "1"])
    held = [connect(usher, "room.1", RAW) for _ in range(9)]
    tenth = Peer(usher.url)
    with Peer(usher.url) as more:
        more.send(request_bytes(usher.url, "GET", "/health/live"))
        response = read_response(more)
        assert response.status == 503 and response.header("Retry-After")
        assert json.loads(response.body)["code"] == "too_many_connections"
    tenth.close()
    held[0].finish()
    held[0].close()
    eventually(lambda: status_of(usher), 200)
    assert api(usher, "info").status == 200
    eventually(lambda: metrics(usher)['usher_sessions{dialect="raw"}'], 8)
