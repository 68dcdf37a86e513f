"""permessage-deflate by RFC 7692: what is agreed on, what comes back, and bombs that do not go off."""

import zlib

import pytest
from wire import frames
from wire.frames import BINARY, CONTINUATION, TEXT, Frame, frame
from wire.peer import MEMORY_IS_RETURNED, resident_bytes
from wire.websocket import WebSocket

LIMIT = 65536
MEBIBYTE = 1 << 20
CONFIG = """
[websocket]
compression = true
[auth]
connect_with = ["anonymous"]
[[channel]]
name = "echo.{id}"
allow_subscribe = "anyone"
allow_publish = "anyone"
"""


@pytest.fixture(scope="module")
def usher(share_usher):
    return share_usher(CONFIG, args=["--workers", "1"], env=MEMORY_IS_RETURNED)


def open_echo(usher, offer="permessage-deflate", name="1", **how):
    headers = [("Sec-WebSocket-Extensions", offer)] if offer else []
    return WebSocket(usher.url, f"/channels/echo.{name}", headers=headers, **how)


def deflated(payload, bits=15, level=9):
    """A message as RFC 7692, section 7.2.1 makes it."""
    machine = zlib.compressobj(level, zlib.DEFLATED, -bits)
    data = machine.compress(payload) + machine.flush(zlib.Z_SYNC_FLUSH)
    assert data.endswith(b"\0\0\xff\xff")
    return data[:-4]


def inflated(payload, bits=15):
    return zlib.decompressobj(-bits).decompress(payload + b"\0\0\xff\xff")


def read(socket, bits=15):
    """The next message, inflated if it is compressed; each must stand alone, because no context is kept."""
    received = socket.receive()
    assert received.fin and received.rsv in (0, 4), received
    return inflated(received.payload, bits) if received.rsv else received.payload


# offer, the server window that must be kept to; None: declined
OFFERS = [
    ("permessage-deflate", 15),
    ("permessage-deflate; client_max_window_bits", 15),
    ("permessage-deflate; client_max_window_bits=10", 15),
    ("permessage-deflate; server_max_window_bits=15", 15),
    ("permessage-deflate; server_max_window_bits=12", 12),
    ("permessage-deflate; server_max_window_bits=10", 10),
    ("permessage-deflate; server_max_window_bits=9", 9),
    ('permessage-deflate; server_max_window_bits="12"', 12),
    ("permessage-deflate; server_no_context_takeover; client_no_context_takeover", 15),
    ("x-unknown, permessage-deflate", 15),
    ("permessage-deflate; unknown, permessage-deflate", 15),
    ("permessage-deflate; server_max_window_bits=8, permessage-deflate", 15),
    ("permessage-deflate; server_max_window_bits=8", None),
    ("permessage-deflate; server_max_window_bits=7", None),
    ("permessage-deflate; server_max_window_bits=16", None),
    ("permessage-deflate; server_max_window_bits=012", None),
    ("permessage-deflate; server_max_window_bits", None),
    ("permessage-deflate; client_max_window_bits=16", None),
    ("permessage-deflate; client_max_window_bits=x", None),
    ("permessage-deflate; server_no_context_takeover=1", None),
    ("permessage-deflate; server_no_context_takeover; server_no_context_takeover", None),
    ("permessage-deflate; server_max_window_bits=10; server_max_window_bits=10", None),
    ("permessage-deflate; unknown", None),
    ("Permessage-Deflate2", None),
    ("deflate-frame", None),
    (", ".join(["permessage-deflate; a"] * 100), None),
]


@pytest.mark.parametrize("offer, bits", OFFERS, ids=[offer[:70] for offer, _ in OFFERS])
def test_offers(usher, offer, bits):
    payload = bytes(range(256)) * 100 + b"usher" * 1000
    with open_echo(usher, offer) as socket:
        answer = socket.response.header("Sec-WebSocket-Extensions")
        if bits is None:
            assert answer is None
            socket.send(frame(BINARY, payload))
            socket.expect(Frame(BINARY, payload))
            return
        name, *parameters = [part.strip() for part in answer.split(";")]
        assert name == "permessage-deflate" and len(set(parameters)) == len(parameters)
        assert {"server_no_context_takeover", "client_no_context_takeover"} <= set(parameters)
        client_bits = 15
        for parameter in parameters:
            if parameter.startswith("client_max_window_bits"):
                assert "client_max_window_bits" in offer
                client_bits = int(parameter.split("=")[1])
        for _ in range(3):
            socket.send(frame(BINARY, deflated(payload, max(9, client_bits)), rsv=4))
            assert read(socket, bits) == payload
            socket.send(frame(BINARY, payload))
            assert read(socket, bits) == payload
        socket.finish()


MESSAGES = {
    "empty": b"\x00",
    "empty-stored": b"\x00\x00\x00\xff\xff\x00",
    "hello": b"\xf2\x48\xcd\xc9\xc9\x07\x00",
    "hello-stored": b"\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00",
    "hello-final-block": b"\xf3\x48\xcd\xc9\xc9\x07\x00\x00",
    "hello-two-blocks": b"\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00",
}


@pytest.mark.parametrize("name", MESSAGES)
def test_examples_of_the_rfc(usher, name):
    """RFC 7692, section 7.2.3."""
    with open_echo(usher) as socket:
        socket.send(frame(TEXT, MESSAGES[name], rsv=4))
        assert read(socket) == (b"" if name.startswith("empty") else b"Hello")
        parts = frames.cut(MESSAGES[name], 2)
        socket.send(frame(TEXT, parts[0], fin=len(parts) == 1, rsv=4))
        for number, part in enumerate(parts[1:], 2):
            socket.send(frame(CONTINUATION, part, fin=number == len(parts)))
        assert read(socket) == (b"" if name.startswith("empty") else b"Hello")
        socket.finish()


# what is sent, the code
WRONG = {
    "reserved-2": ([frame(TEXT, b"\x00", rsv=2)], 1002),
    "both": ([frame(TEXT, b"\x00", rsv=6)], 1002),
    "on-a-ping": ([frame(frames.PING, b"", rsv=4)], 1002),
    "on-a-close": ([frame(frames.CLOSE, b"", rsv=4)], 1002),
    "on-a-continuation": ([frame(TEXT, b"\xf2", fin=False, rsv=4), frame(CONTINUATION, b"\x48", rsv=4)], 1002),
    "not-deflate": ([frame(TEXT, b"\xff\xff\xff\xff", rsv=4)], 1007),
    "bad-block": ([frame(BINARY, b"\x06\x00", rsv=4)], 1007),
    "distance-too-far": ([frame(BINARY, b"\x02\x02\x00", rsv=4)], 1007),
    "not-utf-8": ([frame(TEXT, deflated(b"\xff\xfe"), rsv=4)], 1007),
    "cut-code-point": ([frame(TEXT, deflated("é".encode()[:1]), rsv=4)], 1007),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_messages(usher, name):
    sent, code = WRONG[name]
    with open_echo(usher) as socket:
        socket.send(b"".join(sent))
        socket.expect_close(code)
        socket.expect_end()


def test_rsv1_without_agreement(usher):
    with open_echo(usher, offer=None) as socket:
        socket.send(frame(TEXT, deflated(b"hi"), rsv=4))
        socket.expect_close(1002)
        socket.expect_end()


@pytest.mark.parametrize("size, passes", [(LIMIT - 1, True), (LIMIT, True), (LIMIT + 1, False), (2 * LIMIT, False)])
def test_the_limit_is_on_what_comes_out(usher, size, passes):
    for payload in (b"a" * size, bytes(i * 7919 % 251 for i in range(size))):
        with open_echo(usher) as socket:
            socket.send(frame(BINARY, deflated(payload), rsv=4))
            if passes:
                assert read(socket) == payload
            else:
                socket.expect_close(1009)
                socket.expect_end()


def bomb():
    """64 KiB that would become 64 MiB."""
    return deflated(b"\0" * (64 * MEBIBYTE))


@pytest.mark.parametrize("pieces", [1, 7, 1000])
def test_bombs(usher, pieces):
    data = bomb()[: LIMIT - 1000]
    with open_echo(usher, name="witness") as witness:
        before = resident_bytes(usher.process.pid)
        parts = frames.cut(data, -(-len(data) // pieces))
        for _ in range(5):
            with open_echo(usher) as socket:
                sent = [frame(BINARY, parts[0], fin=len(parts) == 1, rsv=4)]
                sent += [frame(CONTINUATION, part, fin=part is parts[-1]) for part in parts[1:]]
                socket.send_in_pieces(b"".join(sent), 4096)
                socket.expect_close(1009)
        assert resident_bytes(usher.process.pid) - before < 16 * MEBIBYTE
        witness.round_trip()


def test_nothing_is_compressed_for_who_is_refused(start_usher):
    """Refused by a Close: the socket opens only to say so."""
    config = CONFIG.replace("compression = true", 'compression = true\nrefuse = "close"').replace('"anonymous"', '"ticket"')
    with open_echo(start_usher(config)) as socket:
        assert socket.response.header("Sec-WebSocket-Extensions") is None
        socket.expect_close(4401)


def test_windows_share_a_channel(usher):
    """Readers with different windows, compressed and not: all see the same."""
    offers = ["permessage-deflate", "permessage-deflate; server_max_window_bits=9", None]
    bits = [15, 9, 15]
    sockets = [open_echo(usher, offer, name="shared") for offer in offers]
    payload = b"".join(b"line %d of many lines\n" % number for number in range(1500))
    sockets[2].send(frame(TEXT, payload))
    for socket, window in zip(sockets, bits, strict=True):
        assert read(socket, window) == payload
    for socket in sockets:
        socket.finish()
        socket.close()
