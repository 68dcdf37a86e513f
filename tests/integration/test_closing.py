"""Every end of a session that can be brought about: its code, its text, the count under its name."""

import pytest
from ticket_shows import UNKNOWN_TICKET, in_header, in_query
from wire import frames
from wire.frames import TEXT, frame
from wire.gateway import JSON, ORIGIN, RAW, connect, eventually, hello, metrics, mint
from wire.websocket import WebSocket, handshake

CONFIG = """
[origins]
allow = ["https://app.example.com"]
[limits]
message_bytes = 100
[[channel]]
name = "room.{room}"
allow_subscribe = "user"
allow_publish = "user"
allow_history = "user"
history = { size = 5, ttl = "1m", position_ttl = "1h" }
[[channel]]
name = "live.{id}"
allow_subscribe = "user"
allow_publish = "user"
[[channel]]
name = "news.{id}"
allow_subscribe = "user"
[[route]]
path = "/readable/{room}"
channel = "room.{room}"
refuse = "close"
"""


@pytest.fixture(scope="module")
def usher(share_usher):
    return share_usher(CONFIG, args=["--workers", "2"])


def closed(usher):
    samples = metrics(usher)
    marks = ('usher_sessions_closed_total{reason="', '"}')
    return {k.removeprefix(marks[0]).removesuffix(marks[1]): v for k, v in samples.items() if k.startswith(marks[0])}


# channel, dialect, how it is opened, what is sent, code, text, name
ENDS = [
    ("room.1", RAW, {}, frames.close(1000, b"bye"), 1000, "", "client_closed"),
    ("room.1", RAW, {}, frames.close(4999), 4999, "", "client_closed"),
    ("room.1", RAW, {}, frame(TEXT, b"x", rsv=1), 1002, None, "protocol_error"),
    ("room.1", JSON, {}, frames.binary(b"x"), 1003, "this kind of message is not taken here", "unsupported_data"),
    ("room.1", RAW, {}, frame(TEXT, b"\xff"), 1007, None, "invalid_utf8"),
    ("room.1", RAW, {}, frame(TEXT, b"x" * 101), 1009, None, "message_too_big"),
    ("room.1", JSON, {}, frame(TEXT, b"{}"), 4400, 'the message needs the member "data" or "base64"', "bad_message"),
    ("live.1", RAW, {"record": {"session_ttl": 1}}, b"", 4401, "credential ended", "credential_ended"),
    ("news.1", RAW, {}, frame(TEXT, b"x"), 4403, "not allowed", "forbidden"),
    ("room.1", RAW, {"query": "?since=1:strange"}, b"", 4404, "position gone", "position_gone"),
]


@pytest.mark.parametrize("channel, protocol, how, sent, code, text, name", ENDS, ids=[f"{e[-1]}-{e[4]}" for e in ENDS])
def test_ends(usher, channel, protocol, how, sent, code, text, name):
    before = closed(usher)
    with connect(usher, channel, protocol, **how) as socket:
        if protocol == JSON:
            hello(socket)
        socket.send(sent)
        reason = socket.expect_close(code)
        assert text is None or reason == text
        assert len(reason.encode()) <= 123
        if code not in (1000, 4999, 1002, 1007, 1009):
            socket.send(frames.close(code))
        socket.expect_end()
    eventually(lambda: closed(usher), before | {name: before[name] + 1})


def test_ends_without_a_close(usher):
    """The stream just ends, or breaks."""
    for break_off in (lambda socket: socket.send_end(), lambda socket: socket.reset()):
        before = closed(usher)
        socket = connect(usher, "room.1", RAW)
        socket.round_trip()
        break_off(socket)
        eventually(lambda: closed(usher), before | {"client_lost": before["client_lost"] + 1})


def test_half_a_frame_and_the_end(usher):
    """Nothing is published of a message that did not end."""
    with connect(usher, "room.2", RAW, user="witness") as witness:
        for sent in (frame(TEXT, b"half")[:-1], frame(TEXT, b"half", fin=False), frames.text("x")[:1]):
            with connect(usher, "room.2", RAW) as socket:
                socket.send(sent)
                socket.send_end()
                assert socket.ended()
        witness.round_trip()


def test_what_was_said_before_the_mistake_is_said(usher):
    with connect(usher, "room.3", RAW, user="witness") as witness, connect(usher, "room.3", RAW) as socket:
        socket.send(frames.text("one") + frames.text("two") + frame(TEXT, b"three", rsv=2) + frames.text("four"))
        for reader in (socket, witness):
            assert [reader.message(), reader.message()] == ["one", "two"]
        socket.expect_close(1002)
        socket.expect_end()
        witness.round_trip()


def test_sessions_are_counted_while_they_last(usher):
    def sessions():
        samples = metrics(usher)
        return [samples[f'usher_sessions{{dialect="{dialect}"}}'] for dialect in ("raw", "json")]

    eventually(sessions, [0, 0])
    with connect(usher, "room.1", RAW) as raw, connect(usher, "room.1", JSON) as spoken:
        hello(spoken)
        assert sessions() == [1, 1]
        raw.finish()
        eventually(sessions, [0, 1])
        spoken.finish()
        eventually(sessions, [0, 0])


# Where a page should be able to read why: the socket opens, and says it with its Close.
READABLE = {
    "unknown": (lambda usher: in_header(UNKNOWN_TICKET), [], 4401),
    "malformed": (lambda usher: in_query("x"), [], 4401),
    "nothing": (lambda usher: {}, [], 4401),
    "path": (lambda usher: in_header(mint(usher, path="/channels/room.1")), [], 4401),
    "address": (lambda usher: in_header(mint(usher, ip="203.0.113.7")), [], 4401),
    "guest": (lambda usher: in_header(mint(usher, user=None)), [], 4403),
    "origin": (lambda usher: in_header(mint(usher)), [("Origin", "https://evil.example")], 4403),
}


@pytest.mark.parametrize("name", READABLE)
def test_refused_by_close(usher, name):
    make, headers, code = READABLE[name]
    show = make(usher)
    target = "/readable/1" + (f"?{show['query']}" if "query" in show else "")
    with WebSocket(usher.url, target, headers=[*show.get("headers", ()), *headers]) as socket:
        first = socket.receive()
        assert (first.opcode, first.code) == (frames.CLOSE, code)
        assert first.reason == {4401: "credential ended", 4403: "not allowed"}[code]
        socket.answer_close(code)


def test_what_is_no_handshake_is_refused_as_ever(usher):
    assert handshake(usher.url, "/readable/1", version=99).status == 426
    with WebSocket(usher.url, "/readable/1", headers=in_header(mint(usher, origin=ORIGIN))["headers"]) as socket:
        socket.finish()
