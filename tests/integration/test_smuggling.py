"""Nothing is served that hides behind something else: behind a refused upgrade, in a body, behind a 101."""

import pytest
from wire import frames
from wire.http import lines, read_response, request, request_bytes
from wire.peer import Peer
from wire.websocket import WebSocket, upgrade_headers

CONFIG = """
[auth]
connect_with = ["anonymous"]
[[channel]]
name = "open.{id}"
allow_subscribe = "anyone"
allow_publish = "anyone"
"""
OPEN = "/channels/open.1"


@pytest.fixture(scope="module")
def usher(share_usher):
    return share_usher(CONFIG)


def upgrade(usher, target=OPEN, **changes):
    headers = dict(upgrade_headers(usher.url))
    headers.update(changes.pop("headers", {}))
    return lines(f"GET {target} HTTP/1.1", headers.items())


REFUSED_UPGRADES = {
    "version": {"headers": {"Sec-WebSocket-Version": "777"}},
    "key": {"headers": {"Sec-WebSocket-Key": "short"}},
    "no-channel": {"target": "/channels/nowhere"},
    "no-upgrade": {"headers": {"Upgrade": None}},
    "h2c": {"headers": {"Upgrade": "h2c"}},
    "origin": {"headers": {"Origin": "https://evil.example"}},
    "query": {"target": OPEN + "?history=1"},
}
BEHIND = {
    "frame": frames.text("smuggled"),
    "request": b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n",
    "publish": b"POST /channels/open.1 HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\nsmuggled",
}


@pytest.mark.parametrize("behind", BEHIND.values(), ids=BEHIND)
@pytest.mark.parametrize("how", REFUSED_UPGRADES.values(), ids=REFUSED_UPGRADES)
def test_nothing_is_read_behind_a_refused_upgrade(usher, how, behind):
    with WebSocket(usher.url, OPEN) as witness, Peer(usher.url) as peer:
        peer.send(upgrade(usher, **how) + behind)
        response = read_response(peer)
        assert response.status >= 400 and "close" in response.header("Connection").split(", ")
        peer.expect_end()
        witness.round_trip()


def test_behind_a_101_there_are_frames(usher):
    with WebSocket(usher.url, OPEN, behind=frames.text("early")) as socket:
        assert socket.message() == "early"
        socket.finish()


def test_behind_a_101_there_is_no_request(usher):
    with WebSocket(usher.url, OPEN, behind=BEHIND["request"]) as socket:
        socket.expect_close(1002)
        socket.expect_end()


def test_requests_in_a_row_are_answered_in_order(usher):
    with Peer(usher.url) as peer:
        peer.send(BEHIND["request"] * 3 + b"GET /elsewhere HTTP/1.1\r\nHost: x\r\n\r\n")
        assert [read_response(peer).status for _ in range(4)] == [200, 200, 200, 404]


def post(*headers, start=f"POST {OPEN} HTTP/1.1"):
    return lines(start, [("Host", "x"), *headers])


CHUNKED = ("Transfer-Encoding", "chunked")
BROKEN_BODIES = {
    "length-and-chunked": post(CHUNKED, ("Content-Length", 4)) + b"0\r\n\r\n",
    "chunked-and-length": post(("Content-Length", 4), CHUNKED) + b"0\r\n\r\n",
    "two-lengths": post(("Content-Length", 4), ("Content-Length", 5)) + b"abcd",
    "length-list": post(("Content-Length", "4, 5")) + b"abcd",
    "length-sign": post(("Content-Length", "+4")) + b"abcd",
    "length-hex": post(("Content-Length", "0x4")) + b"abcd",
    "length-underscore": post(("Content-Length", "1_0")) + b"abcd",
    "chunked-twice": post(("Transfer-Encoding", "chunked, chunked")) + b"0\r\n\r\n",
    "chunked-not-last": post(("Transfer-Encoding", "chunked, identity")) + b"0\r\n\r\n",
    "chunked-misspelt": post(("Transfer-Encoding", "xchunked")) + b"0\r\n\r\n",
    "chunked-in-1.0": post(CHUNKED, start=f"POST {OPEN} HTTP/1.0") + b"0\r\n\r\n",
    "chunk-size-sign": post(CHUNKED) + b"+4\r\nabcd\r\n0\r\n\r\n",
    "chunk-size-prefix": post(CHUNKED) + b"0x4\r\nabcd\r\n0\r\n\r\n",
    "chunk-size-overflow": post(CHUNKED) + b"10000000000000004\r\nabcd\r\n0\r\n\r\n",
    "chunk-size-empty": post(CHUNKED) + b"\r\nabcd\r\n0\r\n\r\n",
    "chunk-too-short": post(CHUNKED) + b"3\r\nabcd\r\n0\r\n\r\n",
    "chunk-bare-line-feed": post(CHUNKED) + b"4\nabcd\n0\n\n",
    "header-space": post(("Content-Length ", 4)) + b"abcd",
    "header-folded": post(("X", "a\r\n Content-Length: 4")) + b"abcd",
}


@pytest.mark.parametrize("head", BROKEN_BODIES.values(), ids=BROKEN_BODIES)
def test_an_ambiguous_body_ends_the_connection(usher, head):
    with WebSocket(usher.url, OPEN) as witness, Peer(usher.url) as peer:
        peer.send(head + BEHIND["request"])
        response = read_response(peer)
        assert 400 <= response.status <= 501, response
        assert response.header("Connection") == "close"
        peer.expect_end()
        witness.round_trip()


def test_trailers_frame_nothing(usher):
    with Peer(usher.url) as peer:
        peer.send(post(CHUNKED) + b"4\r\nabcd\r\n0\r\nContent-Length: 100\r\n\r\n" + BEHIND["request"])
        first = read_response(peer)
        assert first.status in (200, 400)
        if first.status == 200:
            assert read_response(peer).status == 200


def test_chunks_with_extensions_are_one_message(usher):
    with WebSocket(usher.url, OPEN) as witness, Peer(usher.url) as peer:
        peer.send(post(CHUNKED) + b'4;a="b\\"c"\r\nabcd\r\n2;x\r\nef\r\n0\r\nX: y\r\n\r\n')
        response = read_response(peer)
        assert response.status == 200, response
        assert witness.message() == "abcdef"


PREFACES = {
    "http2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "tls": bytes.fromhex("16030100c8010000c40303") + b"\x00" * 200,
    "hixie-76": b"GET /channels/open.1 HTTP/1.1\r\nHost: x\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5\r\nSec-WebSocket-Key2: 12998 5 Y3 1  .P00\r\n\r\n^n:ds[4U",
    "redis": b"*1\r\n$4\r\nPING\r\n",
    "nothing-but-lines": b"\r\n" * 40 + b"x",
}


@pytest.mark.parametrize("data", PREFACES.values(), ids=PREFACES)
def test_another_protocol_is_refused(usher, data):
    with Peer(usher.url) as peer:
        peer.send(data)
        response = read_response(peer)
        assert response.status in (400, 426, 505), response
        peer.expect_end()


def test_expect_continue(usher):
    with Peer(usher.url) as peer:
        peer.send(post(("Content-Length", 4), ("Expect", "100-continue")))
        assert peer.read_through(b"\r\n\r\n").startswith(b"HTTP/1.1 100 ")
        peer.send(b"abcd")
        assert read_response(peer).status == 200


@pytest.mark.parametrize("route", ["/health/live", "/metrics", "/asyncapi.json"])
def test_upgrade_elsewhere_is_ignored_or_refused(usher, route):
    with Peer(usher.url) as peer:
        peer.send(upgrade(usher, route) + frames.text("x"))
        response = read_response(peer)
        assert response.status != 101


def test_half_a_stream_is_enough_for_an_answer(usher):
    """The client may end its side behind the request; the answer still comes."""
    with Peer(usher.url) as peer:
        peer.send(request_bytes(usher.url, "GET", "/health/live"))
        peer.send_end()
        assert read_response(peer).status == 200
        peer.expect_end()
    assert request(usher.url, "GET", "/health/live").status == 200
