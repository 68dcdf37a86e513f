"""Readers that are too slow: told of a gap, moved to the newest, or sent away; the others notice nothing."""

import json

import pytest
from wire.frames import CLOSE
from wire.gateway import JSON, RAW, connect, eventually, hello, metrics, publish

CHANNEL = """
[[channel]]
name = "{policy}.{{id}}"
allow_subscribe = "user"
allow_publish = "user"
allow_history = "user"
on_slow = "{policy}"
history = {{ size = 10, ttl = "10m", position_ttl = "1h" }}
[[channel]]
name = "plain-{policy}.{{id}}"
allow_subscribe = "user"
on_slow = "{policy}"
"""
CONFIG = "[limits]\nchannel_log_bytes = 262144\n" + "".join(CHANNEL.format(policy=p) for p in ("gap", "latest", "disconnect"))
LOAD = "x" * 30000
COUNT = 400


@pytest.fixture(scope="module")
def usher(share_usher):
    return share_usher(CONFIG, args=["--workers", "2"])


def flood(usher, channel, count=COUNT):
    """More than log, kernel and socket can hold for one who does not read."""
    for number in range(count):
        publish(usher, channel, json.dumps([number, LOAD]))


def slow(usher, channel, protocol, **how):
    return connect(usher, channel, protocol, receive_buffer=4096, user="slow", **how)


def read_all(socket, last):
    """The json messages up to the publication with that number."""
    seen = []
    while True:
        seen.append(socket.json_message())
        if seen[-1].get("data", [None])[0] == last:
            return seen


def test_gap(usher):
    with slow(usher, "gap.1", JSON) as socket, connect(usher, "gap.1", RAW, user="quick") as quick:
        epoch = hello(socket)["epoch"]
        missed_before = metrics(usher)['usher_gap_missed_total{channel="gap.{id}"}']
        for number in range(COUNT):
            publish(usher, "gap.1", json.dumps([number, LOAD]))
            assert json.loads(quick.message())[0] == number
        position, missed = 0, 0
        for message in read_all(socket, COUNT - 1):
            if "gap" in message:
                gap = message["gap"]
                assert gap["epoch"] == epoch
                assert gap["offset"] == position + gap["missed"]
                missed += gap["missed"]
                position = gap["offset"]
            else:
                assert message["offset"] == position + 1
                position += 1
        assert missed > 0 and position == COUNT
        assert metrics(usher)['usher_gap_missed_total{channel="gap.{id}"}'] == missed_before + missed


def test_gap_without_history(usher):
    with slow(usher, "plain-gap.1", JSON) as socket:
        hello(socket)
        flood(usher, "plain-gap.1")
        seen = read_all(socket, COUNT - 1)
        gaps = [message["gap"] for message in seen if "gap" in message]
        assert gaps and all(set(gap) == {"missed"} for gap in gaps)
        assert sum(gap["missed"] for gap in gaps) + len(seen) - len(gaps) == COUNT


def test_latest(usher):
    with slow(usher, "latest.1", JSON) as socket:
        hello(socket)
        flood(usher, "latest.1")
        seen = read_all(socket, COUNT - 1)
        gaps = [number for number, message in enumerate(seen) if "gap" in message]
        assert gaps
        assert all(seen[number + 1]["offset"] == seen[number]["gap"]["offset"] + 1 for number in gaps)
    with slow(usher, "latest.2", RAW) as socket:
        flood(usher, "latest.2")
        numbers = [json.loads(socket.message())[0]]
        while numbers[-1] < COUNT - 1:
            numbers.append(json.loads(socket.message())[0])
        assert numbers == sorted(set(numbers)) and len(numbers) < COUNT


# channel, dialect, whether the reason has a position
SENT_AWAY = [
    ("gap", RAW, True),
    ("disconnect", RAW, True),
    ("plain-gap", RAW, False),
    ("plain-disconnect", RAW, False),
    ("disconnect", JSON, False),
    ("plain-disconnect", JSON, False),
]


@pytest.mark.parametrize("policy, protocol, has_position", SENT_AWAY)
def test_sent_away(usher, policy, protocol, has_position):
    channel = f"{policy}.away-{protocol.split('.')[1]}"
    reason = 'usher_sessions_closed_total{reason="slow"}'
    with slow(usher, channel, protocol) as socket:
        epoch = hello(socket).get("epoch") if protocol == JSON else None
        before = metrics(usher)[reason]
        flood(usher, channel)
        count = 0
        while (received := socket.receive()).opcode != CLOSE:
            assert received.fin
            text = json.loads(received.payload)
            assert (text["data"] if protocol == JSON else text)[0] == count
            count += 1
        assert received.code == 4409
        assert ("since=" in received.reason) == has_position
        if has_position:
            assert received.reason.split("since=")[1].split(":")[0] == str(count)
        assert epoch is None or epoch
        socket.answer_close()
        assert count < COUNT
    eventually(lambda: metrics(usher)[reason], before + 1)


def test_the_position_of_who_was_sent_away_is_good(usher):
    """A raw client comes back with the since= of its Close and has missed nothing that history still holds."""
    with slow(usher, "gap.back", RAW) as socket:
        flood(usher, "gap.back")
        count = 0
        while (received := socket.receive()).opcode != CLOSE:
            count += 1
        position = received.reason.split("since=")[1]
    with connect(usher, "gap.back", RAW, f"?since={position}") as socket:
        # The history does not reach so far back, and usher says so.
        socket.expect_close(4404)
    with connect(usher, "gap.back", RAW, "?history=5") as socket:
        assert [json.loads(socket.message())[0] for _ in range(5)] == list(range(COUNT - 5, COUNT))
