"""What hostile clients send costs them their connection and nobody anything else. Memory is held against generous bounds."""

import pytest
from wire import frames
from wire.frames import BINARY, TEXT, frame, header
from wire.gateway import JSON, RAW, connect, hello, metrics
from wire.peer import MEMORY_IS_RETURNED, Peer, resident_bytes
from wire.websocket import WebSocket, upgrade_bytes

MEBIBYTE = 1 << 20
CONFIG = """
[auth]
connect_with = ["ticket", "anonymous"]
[limits]
request_head_timeout = "1s"
connections_per_address = 100000
fragments_per_message = 200000
[[channel]]
name = "open.{id}"
allow_subscribe = "anyone"
allow_publish = "anyone"
[[channel]]
name = "mute.{id}"
allow_subscribe = "anyone"
"""
OPEN = "/channels/open.1"


@pytest.fixture(scope="module")
def usher(share_usher):
    return share_usher(CONFIG, args=["--workers", "1"], env=MEMORY_IS_RETURNED)


@pytest.fixture
def bounded(usher):
    """Asserts that the process does not grow by more than a few MiB over a test, and still serves."""
    with WebSocket(usher.url, OPEN, protocols=[JSON]) as witness:
        hello(witness)
        before = resident_bytes(usher.process.pid)
        yield usher
        grown = resident_bytes(usher.process.pid) - before
        assert grown < 32 * MEBIBYTE, f"{grown / MEBIBYTE:.1f} MiB more"
        witness.round_trip()


def test_announced_lengths_cost_nothing(bounded):
    """The limit is the default: all of these are refused at their header, and nothing is set aside for them."""
    for _ in range(500):
        with WebSocket(bounded.url, "/channels/open.2") as socket:
            socket.send(header(BINARY, 1 << 62) + b"x")
            socket.expect_close(1009)
    held = []
    for number in range(500):
        socket = WebSocket(bounded.url, f"/channels/open.h{number}")
        socket.send(header(BINARY, 65536) + b"x")
        held.append(socket)
    for socket in held:
        socket.close()


def test_empty_fragments(bounded):
    with WebSocket(bounded.url, "/channels/open.3") as socket:
        socket.send(frame(TEXT, b"", fin=False) + frame(0, b"", fin=False) * 100_000 + frame(0, b"end"))
        assert socket.message() == "end"
        socket.finish()


def test_one_byte_fragments(bounded):
    with WebSocket(bounded.url, "/channels/open.3") as socket:
        socket.send(b"".join(frames.fragments(TEXT, [b"x"] * 65536)))
        assert socket.message() == "x" * 65536
        socket.finish()


def test_a_message_in_single_bytes(bounded):
    with WebSocket(bounded.url, "/channels/open.3") as socket:
        socket.send_in_pieces(frame(TEXT, b"y" * 20000), 1)
        assert socket.message() == "y" * 20000
        socket.finish()


def send_until_full(socket, data, bytes_max):
    """Sends without reading until the kernel takes no more, or so much was taken."""
    socket.socket.settimeout(0.5)
    sent = 0
    try:
        while sent < bytes_max:
            sent += socket.socket.send(data)
    except (TimeoutError, BlockingIOError):
        pass
    return sent


def test_pings_from_one_who_does_not_read(bounded):
    """Pongs that cannot be sent replace each other; they are not collected."""
    with WebSocket(bounded.url, "/channels/open.4", receive_buffer=4096) as socket:
        send_until_full(socket, frames.ping(b"p" * 125) * 500, 24 * MEBIBYTE)


def test_pongs_are_nothing(bounded):
    with WebSocket(bounded.url, "/channels/open.4") as socket:
        socket.send(frames.pong(b"p" * 125) * 100_000)
        socket.finish()


def test_publications_from_one_who_does_not_read(bounded):
    """It is its own slow reader: it ends, or it is no longer read."""
    with WebSocket(bounded.url, "/channels/open.5", receive_buffer=4096) as socket:
        try:
            send_until_full(socket, frame(TEXT, b"z" * 60000) * 4, 64 * MEBIBYTE)
        except OSError:
            pass


def test_acks_for_one_who_does_not_read(bounded):
    with WebSocket(bounded.url, "/channels/open.6", protocols=[JSON], receive_buffer=4096) as socket:
        try:
            send_until_full(socket, b"".join(frames.text('{"data":1,"id":%d}' % n) for n in range(500)), 16 * MEBIBYTE)
        except OSError:
            pass


@pytest.mark.parametrize("target", ["/metrics", "/docs", "/asyncapi.json", "/nowhere", "/health/live"])
def test_answers_for_one_who_does_not_read(bounded, target):
    """Requests in a row are not read on while their answers wait."""
    with Peer(bounded.url, receive_buffer=4096) as peer:
        send_until_full(peer, f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() * 500, 8 * MEBIBYTE)


def test_errors_for_one_who_does_not_read(bounded):
    with WebSocket(bounded.url, "/channels/mute.1", protocols=[JSON], receive_buffer=4096) as socket:
        send_until_full(socket, frames.text('{"data":1}') * 1000, 16 * MEBIBYTE)


def test_memory_comes_back(bounded):
    """Sessions that came and went leave nothing behind."""
    for _ in range(5):
        came = [WebSocket(bounded.url, f"/channels/open.came{number}", protocols=[JSON]) for number in range(1000)]
        for socket in came:
            socket.reset()
        with WebSocket(bounded.url, OPEN) as socket:
            socket.round_trip()


def test_a_head_that_never_ends(bounded):
    """The deadline is for the whole head; a byte now and then does not move it."""
    peers = [Peer(bounded.url) for _ in range(50)]
    for peer in peers:
        peer.send(b"GET /channels/open.1 HTTP/1.1\r\nHost: x\r\nX-A: ")
    slow = Peer(bounded.url)
    slow.socket.settimeout(0.1)
    slow.send(b"GET /channels/open.1 HTTP/1.1\r\nHost: x\r\nX-A: ")
    ended = False
    while not ended:
        try:
            slow.send(b"a")
            ended = bool(slow.socket.recv(1))
        except TimeoutError:
            continue
        except OSError:
            break
    slow.close()
    for peer in peers:
        assert peer.read_through(b"\r\n\r\n").startswith(b"HTTP/1.1 408 ")
        assert peer.ended()
        peer.close()


def test_connections_that_say_nothing(bounded):
    peers = [Peer(bounded.url) for _ in range(200)]
    for peer in peers:
        assert peer.ended()
        peer.close()


def test_broken_off_everywhere(bounded):
    """The handshake and a session, cut behind every byte."""
    head = upgrade_bytes(bounded.url, "/channels/open.7")
    whole = head + frame(TEXT, b"hi") + frames.ping(b"p") + frames.close(1000)
    for size in range(len(whole)):
        peer = Peer(bounded.url)
        peer.send(whole[:size])
        peer.reset() if size % 2 else peer.close()
    assert metrics(bounded)["usher_connections"] >= 1


GARBAGE = {
    "zeros": b"\0" * 100_000,
    "ones": b"\xff" * 100_000,
    "lines": b"\r\n" * 50_000,
    "one-line": b"A" * 100_000,
    "headers": b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 20_000,
    "commas": b"GET /channels/open.1 HTTP/1.1\r\nHost: x\r\nUpgrade: " + b"," * 12_000 + b"\r\n\r\n",
    "quotes": b'GET /channels/open.1 HTTP/1.1\r\nHost: x\r\nSec-WebSocket-Extensions: x; a="' + b"\\" * 12_000 + b"\r\n\r\n",
    "escapes": b"GET /channels/" + b"%2e" * 2_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "semicolons": b"GET /channels/open.1 HTTP/1.1\r\nHost: x\r\nCookie: " + b";" * 12_000 + b"\r\n\r\n",
}


@pytest.mark.parametrize("data", GARBAGE.values(), ids=GARBAGE)
def test_garbage(bounded, data):
    for _ in range(20):
        with Peer(bounded.url) as peer:
            peer.send_in_pieces(data, 16384)
            try:
                peer.send_end()
            except OSError:
                pass
            assert peer.ended()


def test_a_client_that_never_finishes_the_closing_handshake(start_usher):
    usher = start_usher(CONFIG.replace("[limits]", '[limits]\nclose_timeout = "1s"'))
    with connect(usher, "open.1", RAW, record={"session_ttl": 1}) as socket:
        socket.expect_close(4401)
        assert socket.ended()


def test_a_client_that_does_not_answer_pings(start_usher):
    usher = start_usher(CONFIG, args=["--set", "websocket.ping=1s"])
    with connect(usher, "open.1", RAW) as socket:
        assert socket.receive().opcode == frames.PING
        received = socket.receive()
        while received.opcode == frames.PING:
            received = socket.receive()
        assert received.code == 4408
