"""Sockets on channels: what is said comes to all, in order, once, in the words of each dialect. On two workers."""

import base64
import json
import re

import pytest
from channel_rooms import CONFIG
from wire import frames
from wire.gateway import JSON, RAW, connect, eventually, hello, metrics, publish
from wire.websocket import Refused


@pytest.fixture(scope="module")
def usher(share_usher):
    return share_usher(CONFIG, args=["--workers", "2"])


@pytest.fixture
def room(request):
    """A name that no other test has."""
    return re.sub(r"\W|_", "-", request.node.name)


def many(usher, channel, count, protocol=JSON):
    """So many readers that both workers have some."""
    sockets = [connect(usher, channel, protocol, user=f"reader{number}") for number in range(count)]
    if protocol == JSON:
        for socket in sockets:
            hello(socket)
    return sockets


def test_two_talk(usher, room):
    with connect(usher, f"room.{room}", JSON, user="ann") as ann, connect(usher, f"room.{room}", JSON, user="bob") as bob:
        first, second = hello(ann), hello(bob)
        assert first["user"] == "ann" and first["offset"] == 0 and first["session"] != second["session"]
        assert second["epoch"] == first["epoch"]
        ann.json({"data": {"text": "hi"}})
        for socket in (ann, bob):
            message = socket.json_message()
            assert {k: message[k] for k in ("offset", "user", "info", "data")} == {
                "offset": 1,
                "user": "ann",
                "info": None,
                "data": {"text": "hi"},
            }
            assert message["time"] > 1_600_000_000


def test_the_dialects_meet(usher, room):
    channel = f"room.{room}"
    with connect(usher, channel, JSON, user="ann") as spoken, connect(usher, channel, RAW, user="bob") as raw:
        hello(spoken)
        spoken.json({"data": {"a": [1, 2]}})
        assert raw.message() == '{"a": [1, 2]}'
        spoken.json_message()
        raw.text("just text")
        assert raw.message() == "just text"
        assert spoken.json_message()["data"] == "just text"
        raw.text('{"b":1}')
        assert raw.message() == '{"b":1}'
        assert spoken.json_message()["data"] == {"b": 1}
        raw.send(frames.binary(b"\x00\xff"))
        assert raw.message() == b"\x00\xff"
        told = spoken.json_message()
        assert base64.b64decode(told["base64"]) == b"\x00\xff" and "data" not in told
        spoken.json({"base64": "AP8="})
        assert raw.message() == b"\x00\xff"


# What a client sends as data, and what a raw socket gets: the same bytes.
VALUES = [
    '"hi"',
    "1e400",
    "123456789012345678901234567890.10",
    "-0",
    "[1,  2]",
    '{"b":1,"a":2,"b":3}',
    '"\\u00e9\\ud83d\\ude00"',
    "null",
    "[" * 512 + "]" * 512,
]


@pytest.mark.parametrize("value", VALUES, ids=[value[:20] for value in VALUES])
def test_values_pass_byte_for_byte(usher, value):
    with connect(usher, "room.values", JSON) as spoken, connect(usher, "room.values", RAW) as raw:
        hello(spoken)
        spoken.text('{"data":%s}' % value)
        assert raw.message() == value
        assert spoken.message().endswith(f'"data":{value}}}')


TEXTS = ["", "not json", "{", "1 2", "NaN", "01", "\u2028", '"open', "[" * 513 + "]" * 513, '{"a":1}x', "tab\there"]


@pytest.mark.parametrize("text", TEXTS, ids=[repr(text[:12]) for text in TEXTS])
def test_text_that_is_no_json_becomes_a_string(usher, text):
    with connect(usher, "room.texts", JSON) as spoken, connect(usher, "room.texts", RAW) as raw:
        hello(spoken)
        raw.text(text)
        assert raw.message() == text
        assert spoken.json_message()["data"] == text


# Client messages that are no messages; the socket ends with 4400 and a reason that says what is wrong.
BROKEN = [
    "",
    "hi",
    "[]",
    "null",
    "{}",
    '{"id":1}',
    '{"data":1,"base64":"AA=="}',
    '{"data":1,"data":2}',
    '{"data":1,"unknown":2}',
    '{"data":1,"id":-1}',
    '{"data":1,"id":1.5}',
    '{"data":1,"id":"1"}',
    '{"data":1,"id":1,"id":2}',
    '{"data":1} x',
    '{"data":NaN}',
    '{"data":01}',
    '{"data":"\\ud800"}x',
    '{"base64":"*"}',
    '{"base64":1}',
    "[" * 600,
]


@pytest.mark.parametrize("text", BROKEN, ids=[repr(text[:20]) for text in BROKEN])
def test_a_message_that_is_none(usher, text):
    with connect(usher, "room.broken", JSON) as socket:
        hello(socket)
        socket.text(text)
        assert socket.expect_close(4400)
        socket.answer_close()


def test_json_takes_no_binary(usher, room):
    with connect(usher, f"room.{room}", JSON) as socket:
        hello(socket)
        socket.send(frames.binary(b'{"data":1}'))
        socket.expect_close(1003)
        socket.answer_close()


def test_the_own_publication_comes_before_its_ack(usher, room):
    with connect(usher, f"room.{room}", JSON) as socket:
        hello(socket)
        socket.send(b"".join(frames.text(json.dumps({"data": number, "id": number})) for number in range(50)))
        seen = [socket.json_message() for _ in range(100)]
        published = [m["offset"] for m in seen if "data" in m]
        assert published == list(range(1, 51))
        for number in range(50):
            own = next(i for i, m in enumerate(seen) if m.get("data") == number)
            ack = next(i for i, m in enumerate(seen) if m.get("ack", {}).get("id") == number)
            assert own < ack
            assert seen[ack]["ack"] == {"id": number, "offset": seen[own]["offset"]}


def test_without_history_there_are_no_offsets(usher, room):
    with connect(usher, f"live.{room}", JSON) as socket:
        assert set(hello(socket)) == {"session", "user"}
        socket.json({"data": 1, "id": 0})
        assert set(socket.json_message()) == {"time", "user", "info", "data"}
        assert socket.json_message() == {"ack": {"id": 0}}
    assert publish(usher, f"live.{room}", "x") == {}


def test_everyone_gets_the_same_order(usher, room):
    """Writers on both workers, readers on both workers: one order for all, nothing missing, nothing twice."""
    channel = f"room.{room}"
    readers, writers = many(usher, channel, 8), many(usher, channel, 4)
    for turn in range(25):
        for number, writer in enumerate(writers):
            writer.json({"data": [number, turn]})
    orders = []
    for reader in readers + writers:
        got = [reader.json_message() for _ in range(100)]
        assert [m["offset"] for m in got] == list(range(1, 101))
        orders.append([m["data"] for m in got])
    assert all(order == orders[0] for order in orders)
    for number in range(4):
        assert [turn for writer, turn in orders[0] if writer == number] == list(range(25))
    for socket in readers + writers:
        socket.finish()


def test_who_may_not_publish(usher, room):
    with connect(usher, f"news.{room}", RAW) as raw:
        raw.text("hi")
        raw.expect_close(4403)
        raw.answer_close()
    with connect(usher, f"news.{room}", JSON) as spoken:
        hello(spoken)
        spoken.json({"data": 1, "id": 5})
        error = spoken.json_message()["error"]
        assert error["id"] == 5 and error["code"] == "forbidden" and error["message"]
        spoken.json({"data": 1})
        assert "id" not in spoken.json_message()["error"]
        assert publish(usher, f"news.{room}", "from the back end")["offset"] == 1
        told = spoken.json_message()
        assert (told["user"], told["info"], told["data"]) == (None, None, "from the back end")


RIGHTS = [
    ("own.alice", "alice", 101),
    ("own.bob", "alice", 403),
    ("own.Alice", "alice", 403),
    ("own.a%252Eb", "a.b", 101),
    ("own.alice", None, 403),
    ("closed.1", "alice", 403),
]


@pytest.mark.parametrize("channel, user, status", RIGHTS)
def test_whose_channel_it_is(usher, channel, user, status):
    try:
        with connect(usher, channel, JSON, user=user):
            got = 101
    except Refused as refused:
        got = refused.response.status
    assert got == status


def test_info_is_shown_and_meta_is_not(usher, room):
    record = {"info": {"name": "Ann"}, "meta": {"secret": "s3cr3t"}}
    with connect(usher, f"room.{room}", JSON, record=record) as socket:
        hello(socket)
        socket.json({"data": 1})
        text = socket.message()
        assert json.loads(text)["info"] == {"name": "Ann"}
        assert "s3cr3t" not in text


def test_publications_and_deliveries_are_counted(usher, room):
    def counts():
        samples = metrics(usher)
        return [samples[f'usher_{name}_total{{channel="live.{{room}}"}}'] for name in ("publications", "deliveries")]

    sockets = many(usher, f"live.{room}", 3)
    published, delivered = counts()
    publish(usher, f"live.{room}", "x")
    for socket in sockets:
        socket.message()
        socket.finish()
    eventually(counts, [published + 1, delivered + 3])
