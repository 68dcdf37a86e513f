"""HTTP/1.1 as clients and proxies use it: kept connections, deadlines, chunks, heads."""

import re

import pytest
from wire.gateway import RAW, connect
from wire.http import lines, read_response, request, request_bytes
from wire.peer import Peer

CONFIG = """
[limits]
keep_alive_timeout = "1s"
request_body_timeout = "1s"
[[channel]]
name = "room.{room}"
allow_subscribe = "user"
allow_publish = "user"
"""
ROOM = "/channels/room.1"


@pytest.fixture(scope="module")
def usher(share_usher):
    return share_usher(CONFIG)


def post(usher, *headers, target=ROOM):
    return lines(f"POST {target} HTTP/1.1", [("Host", "x"), ("X-API-Key", usher.api_key), *headers])


CHUNKED = ("Transfer-Encoding", "chunked")


def test_a_kept_connection_ends_when_nobody_uses_it(usher):
    with Peer(usher.url) as peer:
        for _ in range(3):
            peer.send(request_bytes(usher.url, "GET", "/health/live"))
            assert read_response(peer).status == 200
        peer.expect_end()


def test_a_body_that_does_not_come(usher):
    for head in (post(usher, ("Content-Length", 5)) + b"abc", post(usher, CHUNKED) + b"5\r\nab"):
        with Peer(usher.url) as peer:
            peer.send(head)
            response = read_response(peer)
            assert (response.status, response.code) == (408, "request_timeout")
            peer.expect_end()


# What the client says of the connection, whether it is kept.
KEPT = [
    ("HTTP/1.1", None, True),
    ("HTTP/1.1", "keep-alive", True),
    ("HTTP/1.1", "close", False),
    ("HTTP/1.1", "Close, x", False),
    ("HTTP/1.0", None, False),
]


@pytest.mark.parametrize("version, connection, kept", KEPT)
def test_who_closes(usher, version, connection, kept):
    head = lines(f"GET /health/live {version}", [("Host", "x"), ("Connection", connection)])
    with Peer(usher.url) as peer:
        peer.send(head)
        response = read_response(peer)
        assert response.status == 200
        if kept:
            assert response.header("Connection") in (None, "keep-alive")
            peer.send(head)
            assert read_response(peer).status == 200
        else:
            assert response.header("Connection") == "close"
            peer.expect_end()


def test_chunks_of_one_byte(usher):
    with connect(usher, "room.1", RAW) as socket, Peer(usher.url) as peer:
        peer.send(post(usher, CHUNKED) + b"1\r\nx\r\n" * 10_000 + b"0\r\n\r\n")
        assert read_response(peer).status == 200
        assert socket.message() == "x" * 10_000


FLOODS = {
    "extension": b"1;" + b"e" * 200_000 + b"\r\nx\r\n0\r\n\r\n",
    "extensions": (b"1;" + b"e" * 1000 + b"\r\nx\r\n") * 5000 + b"0\r\n\r\n",
    "trailer": b"0\r\nX: " + b"t" * 200_000 + b"\r\n\r\n",
    "trailers": b"0\r\n" + b"X: t\r\n" * 10_000 + b"\r\n",
    "leading-zeros": b"0" * 100_000 + b"1\r\nx\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("body", FLOODS.values(), ids=FLOODS)
def test_what_is_around_the_chunks_is_bounded(usher, body):
    with connect(usher, "room.1", RAW) as witness, Peer(usher.url) as peer:
        peer.send_in_pieces(post(usher, CHUNKED) + body, 16384)
        response = read_response(peer)
        assert response.status in (400, 413, 431), response
        peer.expect_end()
        witness.round_trip()


def test_continue_is_said_only_to_whom_it_may_concern(usher):
    with Peer(usher.url) as peer:
        peer.send(lines(f"POST {ROOM} HTTP/1.1", [("Host", "x"), ("Content-Length", 5), ("Expect", "100-continue")]))
        assert read_response(peer).status == 401
        peer.expect_end()


def test_a_command_of_the_api_is_bounded_at_its_head(usher):
    with Peer(usher.url) as peer:
        peer.send(post(usher, ("Content-Length", (1 << 20) + 1), target="/api/publish"))
        assert read_response(peer).status == 413
        peer.expect_end()


def test_what_every_answer_says(usher):
    seen = set()
    for method, target in (("GET", "/health/live"), ("GET", "/nowhere"), ("POST", "/api/info"), ("PUT", "/metrics")):
        response = request(usher.url, method, target, [], b"" if method == "POST" else None)
        assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", response.header("Date"))
        assert response.header("Server") is None
        seen.add(response.header("Usher-Request-Id"))
    assert len(seen) == 4


def test_a_refusal_is_a_problem_with_a_stable_code(usher):
    response = request(usher.url, "GET", "/nowhere")
    assert list(response.json()) == ["type", "title", "status", "code", "detail"]
    assert (response.status, response.json()["title"], response.code) == (404, "Not Found", "not_found")


@pytest.mark.parametrize("target", [ROOM, "/api/publish"])
def test_an_offer_of_another_protocol_is_passed_over(usher, target):
    """RFC 9110, section 7.8. Java's HttpClient makes such an offer with its first request to an http address."""
    body = b'{"channel":"room.1","data":"hi"}'
    offer = [("Connection", "Upgrade, HTTP2-Settings"), ("Upgrade", "h2c"), ("HTTP2-Settings", "AAEAAEAAAAIAAAAAAAMAAAAAAAQBAAAAAAUAAEAAAAYABgAA")]
    with connect(usher, "room.1", RAW) as socket, Peer(usher.url) as peer:
        peer.send(post(usher, *offer, ("Content-Length", len(body)), target=target) + body)
        assert read_response(peer).status == 200
        assert "hi" in socket.message()


@pytest.mark.parametrize("target", [ROOM, "/tickets"])
def test_a_preflight_has_no_body(usher, target):
    """Nothing is read for it: the answer does not wait."""
    with Peer(usher.url) as peer:
        peer.send(lines(f"OPTIONS {target} HTTP/1.1", [("Host", "x"), ("Content-Length", 5000)]))
        response = read_response(peer)
        assert response.status in (204, 400, 413), response
        assert response.header("Connection") == "close"
        peer.expect_end()


def test_absolute_form(usher):
    with connect(usher, "room.1", RAW) as socket, Peer(usher.url) as peer:
        peer.send(post(usher, ("Content-Length", 2), target=f"http://x{ROOM}") + b"hi")
        assert read_response(peer).status == 200
        assert socket.message() == "hi"
