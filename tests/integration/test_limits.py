"""Too much of anything: refused as soon as it shows, nothing half published, nobody else disturbed."""

import pytest
from wire import frames
from wire.frames import BINARY, TEXT, Frame, frame, header
from wire.gateway import JSON, RAW, api, connect, eventually, hello, publish
from wire.http import read_response, request, request_bytes
from wire.peer import Peer

LIMIT = 1000
CONFIG = """
[limits]
message_bytes = 1000
fragments_per_message = 50
[[channel]]
name = "room.{room}"
allow_subscribe = "user"
allow_publish = "user"
"""


@pytest.fixture(scope="module")
def usher(share_usher):
    return share_usher(CONFIG)


def test_exactly_the_limit_passes(usher):
    with connect(usher, "room.exact", RAW) as socket:
        whole = b"x" * LIMIT
        socket.send(frame(TEXT, whole) + b"".join(frames.fragments(BINARY, frames.cut(whole, 100))))
        socket.expect(Frame(TEXT, whole), Frame(BINARY, whole))
        assert publish(usher, "room.exact", whole) == {}
        socket.expect(Frame(TEXT, whole))


# What shows that a message is too big; usher must not wait for the rest.
TOO_BIG = {
    "one-more": [header(TEXT, LIMIT + 1)],
    "16-bit": [header(TEXT, 65535)],
    "2^31": [header(BINARY, 1 << 31)],
    "2^32": [header(TEXT, 1 << 32)],
    "2^62": [header(TEXT, 1 << 62)],
    "2^63-1": [header(TEXT, (1 << 63) - 1)],
    "second-fragment": [frame(TEXT, b"x" * LIMIT, fin=False), header(0, 1)],
    "last-of-many": [*frames.fragments(TEXT, frames.cut(b"x" * LIMIT, 100) + [b""])[:-1], header(0, 1)],
    "2^64-overflow": [frame(TEXT, b"x" * 10, fin=False), header(0, (1 << 63) - 1)],
}


@pytest.mark.parametrize("sent", TOO_BIG.values(), ids=TOO_BIG)
def test_1009_as_soon_as_the_header_shows_it(usher, sent):
    with connect(usher, "room.big", RAW, user="witness") as witness, connect(usher, "room.big", RAW) as socket:
        socket.send(b"".join(sent))
        socket.expect_close(1009)
        socket.expect_end()
        witness.round_trip()


def test_the_top_bit_of_a_length_is_a_protocol_error(usher):
    for announced in (1 << 63, (1 << 64) - 1):
        with connect(usher, "room.big", RAW) as socket:
            socket.send(header(TEXT, announced))
            socket.expect_close(1002)
            socket.expect_end()


# length, a longer form than it needs
LONGER = [(0, 16), (125, 16), (0, 64), (125, 64), (126, 64), (1000, 64)]


@pytest.mark.parametrize("size, form", LONGER)
def test_a_length_in_a_longer_form_is_a_protocol_error(usher, size, form):
    with connect(usher, "room.form", RAW) as socket:
        socket.send(frame(TEXT, b"x" * size, form=form))
        socket.expect_close(1002)
        socket.expect_end()


def test_unmasked_frames_are_a_protocol_error(usher):
    for sent in (frame(TEXT, b"hi", key=None), frame(frames.PING, key=None), frame(frames.CLOSE, key=None)):
        with connect(usher, "room.mask", RAW) as socket:
            socket.send(sent)
            socket.expect_close(1002)
            socket.expect_end()


def test_too_many_fragments(usher):
    with connect(usher, "room.fragments", RAW) as socket:
        socket.send(b"".join(frames.fragments(TEXT, [b""] * 50)))
        assert socket.message() == ""
        socket.send(b"".join(frames.fragments(TEXT, [b""] * 51)))
        socket.expect_close(1009)
        socket.expect_end()


def test_413(usher):
    with connect(usher, "room.http", RAW, user="witness") as witness:
        big = request(usher.url, "POST", "/channels/room.http", [("X-API-Key", usher.api_key)], b"x" * (LIMIT + 1))
        assert (big.status, big.code) == (413, "body_too_large")
        chunked = b"3e8\r\n" + b"x" * LIMIT + b"\r\n1\r\nx\r\n0\r\n\r\n"
        headers = [("X-API-Key", usher.api_key), ("Transfer-Encoding", "chunked")]
        assert request(usher.url, "POST", "/channels/room.http", headers, chunked).status == 413
        witness.round_trip()
        # A command of the API is allowed to be longer than what it publishes.
        response = api(usher, "publish", {"channel": "room.http", "data": "x" * LIMIT})
        assert response.status in (400, 413) or "error" in response.json(), response
        witness.round_trip()


def test_413_at_the_head(usher):
    """A length that is too great is refused before the body comes."""
    with Peer(usher.url) as peer:
        headers = [("X-API-Key", usher.api_key), ("Content-Length", 10**9)]
        peer.send(request_bytes(usher.url, "POST", "/channels/room.http", headers))
        assert read_response(peer).status == 413
        peer.expect_end()


def test_json_counts_the_message_not_the_data(usher):
    with connect(usher, "room.json", JSON) as socket:
        hello(socket)
        text = '{"data":"%s"}' % ("x" * (LIMIT - 11))
        assert len(text) == LIMIT
        socket.text(text)
        assert socket.json_message()["data"] == "x" * (LIMIT - 11)
        socket.send(frame(TEXT, b" " + text.encode())[:8])
        socket.expect_close(1009)


def test_text_over_http_must_be_utf_8(usher):
    with connect(usher, "room.utf8", RAW) as socket:
        key = ("X-API-Key", usher.api_key)
        refused = request(usher.url, "POST", "/channels/room.utf8", [key], b"\xff")
        assert (refused.status, refused.code) == (400, "invalid_utf8")
        publish(usher, "room.utf8", b"\xff\x00", [("Content-Type", "application/octet-stream")])
        assert socket.message() == b"\xff\x00"
        publish(usher, "room.utf8", "é", [("Content-Type", "text/plain; charset=utf-8")])
        assert socket.message() == "é"


def test_connections_of_one_address(start_usher):
    usher = start_usher(CONFIG.replace("[limits]", "[limits]\nconnections_per_address = 5"), args=["--workers", "1"])
    held = [connect(usher, "room.1", RAW) for _ in range(4)]
    fifth = Peer(usher.url)
    with Peer(usher.url) as sixth:
        sixth.send(request_bytes(usher.url, "GET", "/health/live"))
        response = read_response(sixth)
        assert response.status == 429 and response.header("Retry-After")
    with Peer(usher.url, source="127.0.0.2") as other:
        other.send(request_bytes(usher.url, "GET", "/health/live"))
        assert read_response(other).status == 200
    fifth.close()
    for socket in held:
        socket.finish()
    eventually(lambda: request(usher.url, "GET", "/health/live").status, 200)
    with connect(usher, "room.1", RAW) as again:
        again.round_trip()
