"""Positions: where a stream begins, what was missed, what the history no longer has."""

import re

import pytest
from channel_rooms import CONFIG
from wire import frames
from wire.gateway import JSON, RAW, connect, hello, publish, result
from wire.websocket import Refused

SIZE = 20


@pytest.fixture(scope="module")
def usher(share_usher):
    return share_usher(CONFIG, args=["--workers", "2"])


@pytest.fixture
def room(request):
    return "room." + re.sub(r"\W|_", "-", request.node.name)


def fill(usher, room, count, first=1):
    """Publishes first, first + 1, …; the epoch."""
    for number in range(first, first + count):
        answer = publish(usher, room, str(number))
        assert answer["offset"] == number
    return answer["epoch"]


def offsets(socket, count):
    messages = [socket.json_message() for _ in range(count)]
    assert all(message["data"] == message["offset"] for message in messages)
    return [message["offset"] for message in messages]


def test_hello_says_where_the_stream_goes_on(usher, room):
    epoch = fill(usher, room, 3)
    with connect(usher, room, JSON) as socket:
        assert {k: v for k, v in hello(socket).items() if k in ("offset", "epoch")} == {"offset": 3, "epoch": epoch}
        fill(usher, room, 1, first=4)
        assert offsets(socket, 1) == [4]


# count of publications, N, what comes
NEWEST = [(5, 3, [3, 4, 5]), (5, 5, [1, 2, 3, 4, 5]), (5, 100, [1, 2, 3, 4, 5]), (0, 5, []), (30, 25, range(11, 31)), (5, 0, [])]


@pytest.mark.parametrize("count, newest, come", NEWEST)
def test_the_newest_come_first(usher, room, count, newest, come):
    if count:
        fill(usher, room, count)
    come = list(come)
    with connect(usher, room, JSON, f"?history={newest}") as socket:
        assert hello(socket)["offset"] == (come[0] - 1 if come else count)
        assert offsets(socket, len(come)) == come
        fill(usher, room, 1, first=count + 1)
        assert offsets(socket, 1) == [count + 1]


def test_raw_gets_the_newest_too(usher, room):
    fill(usher, room, 5)
    with connect(usher, room, RAW, "?history=2") as socket:
        assert [socket.message(), socket.message()] == ["4", "5"]
        socket.finish()


# since, what comes
SINCE = [(0, range(1, 11)), (7, [8, 9, 10]), (9, [10]), (10, [])]


@pytest.mark.parametrize("since, come", SINCE)
def test_what_was_missed_comes_first(usher, room, since, come):
    epoch = fill(usher, room, 10)
    come = list(come)
    with connect(usher, room, JSON, f"?since={since}:{epoch}") as socket:
        said = hello(socket)
        assert (said["offset"], said["epoch"]) == (since, epoch)
        assert offsets(socket, len(come)) == come
        fill(usher, room, 1, first=11)
        assert offsets(socket, 1) == [11]


def test_the_end_of_what_history_reaches(usher, room):
    epoch = fill(usher, room, 30)
    with connect(usher, room, JSON, f"?since=10:{epoch}") as socket:
        assert hello(socket)["offset"] == 10
        assert offsets(socket, SIZE) == list(range(11, 31))
    gone(usher, room, f"9:{epoch}")
    gone(usher, room, f"0:{epoch}")


def gone(usher, room, position):
    """Close 4404 directly behind the 101, in both dialects, without hello."""
    for protocol in (JSON, RAW):
        with connect(usher, room, protocol, f"?since={position}") as socket:
            socket.expect_close(4404)
            socket.answer_close()


@pytest.mark.parametrize("position", ["6:{epoch}", "18446744073709551615:{epoch}", "3:other", "3:***", "3:", "0:other"])
def test_positions_that_are_gone(usher, room, position):
    epoch = fill(usher, room, 5)
    if position == "3:":
        try:
            gone(usher, room, position)
        except Refused as refused:
            assert refused.response.status == 400
        return
    gone(usher, room, position.format(epoch=epoch))


def test_coming_back_without_a_seam(usher, room):
    """A socket that is cut again and again while others write sees each publication once, in order."""
    with connect(usher, room, JSON, user="writer") as writer:
        epoch = hello(writer)["epoch"]
        seen, position = [], 0
        for turn in range(10):
            with connect(usher, room, JSON, f"?since={position}:{epoch}") as socket:
                writer.send(b"".join(frames.text('{"data":%d}' % number) for number in range(turn * 5 + 1, turn * 5 + 6)))
                assert hello(socket)["offset"] == position
                seen += offsets(socket, 3)
                position = seen[-1]
                socket.reset()
        with connect(usher, room, JSON, f"?since={position}:{epoch}") as socket:
            hello(socket)
            seen += offsets(socket, 50 - position)
        assert seen == list(range(1, 51))


def test_history_by_api(usher, room):
    epoch = fill(usher, room, 5)

    def history(**asked):
        return result(usher, "history", {"channel": room, **asked})

    def numbers(answer):
        return [publication["offset"] for publication in answer["publications"]]

    assert history() == {"publications": [], "offset": 5, "epoch": epoch}
    whole = history(limit=100)
    assert numbers(whole) == [1, 2, 3, 4, 5] and whole["publications"][0] == {"data": 1, "offset": 1}
    assert numbers(history(limit=2)) == [1, 2]
    assert numbers(history(limit=2, reverse=True)) == [5, 4]
    assert numbers(history(limit=10, since={"offset": 3, "epoch": epoch})) == [4, 5]


def test_history_needs_its_right(usher, room):
    for record, status in (({"channels": {room: ["subscribe"]}}, 403), ({"channels": {room: ["subscribe", "history"]}}, 101)):
        try:
            with connect(usher, room, JSON, "?history=1", record=record) as socket:
                hello(socket)
                got = 101
        except Refused as refused:
            got = refused.response.status
        assert got == status


def test_age_bounds_what_newcomers_get(start_usher):
    """A publication that is older than `ttl` is gone for newcomers; the position stays."""
    usher = start_usher(CONFIG.replace('ttl = "10m", position_ttl = "1h"', 'ttl = "1s", position_ttl = "1h"'))
    epoch = fill(usher, "room.old", 3)
    with connect(usher, "room.clock", record={"session_ttl": 2}) as clock:
        clock.expect_close(4401)
    with connect(usher, "room.old", JSON, "?history=5") as socket:
        assert hello(socket)["offset"] == 3
    with connect(usher, "room.old", JSON, f"?since=3:{epoch}") as socket:
        assert hello(socket)["offset"] == 3
        fill(usher, "room.old", 1, first=4)
        assert offsets(socket, 1) == [4]
    gone(usher, "room.old", f"1:{epoch}")


def test_a_position_ends_after_its_time(start_usher):
    """Nobody used the channel for `position_ttl`: offsets begin anew, in another epoch, and the old ones are gone."""
    usher = start_usher(CONFIG.replace('ttl = "10m", position_ttl = "1h"', 'ttl = "1s", position_ttl = "1s"'))
    old = fill(usher, "room.old", 3)
    with connect(usher, "live.clock", record={"session_ttl": 3}) as clock:
        clock.expect_close(4401)
    new = fill(usher, "room.old", 1)
    assert new != old
    gone(usher, "room.old", f"3:{old}")
    gone(usher, "room.old", f"1:{old}")
