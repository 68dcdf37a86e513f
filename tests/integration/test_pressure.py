"""More than fits at once: nothing is lost, nothing comes twice, nothing overtakes."""

import json
import random
import threading

import pytest
from wire import frames
from wire.frames import BINARY, CLOSE, TEXT, frame
from wire.gateway import JSON, RAW, api, connect, eventually, hello, metrics, mint, result
from wire.http import read_response, request, request_bytes
from wire.peer import Peer
from wire.websocket import Refused

CONFIG = """
[websocket]
compression = true
[limits]
mailbox_messages = 64
channel_log_bytes = 67108864
[[channel]]
name = "room.{room}"
allow_subscribe = "user"
allow_publish = "user"
allow_history = "user"
history = { size = 50, ttl = "10m", position_ttl = "1h" }
[[channel]]
name = "wide.{room}"
allow_subscribe = "user"
allow_publish = "user"
history = { size = 100000, ttl = "10m", position_ttl = "1h" }
"""
WRITERS = 6
EACH = 3000


@pytest.fixture(scope="module")
def usher(share_usher):
    return share_usher(CONFIG, args=["--workers", "2"])


class Follower(threading.Thread):
    """Reads until it saw so many publications; keeps them, and the acks between them."""

    def __init__(self, socket, count, acks=0):
        super().__init__()
        self.socket, self.count, self.acks = socket, count, acks
        self.seen = []
        self.position = 0
        self.faults = []

    def run(self):
        acked = 0
        while len(self.seen) < self.count or acked < self.acks:
            message = self.socket.json_message()
            if "ack" in message:
                acked += 1
                if message["ack"]["offset"] > self.position:
                    self.faults.append(message)
            elif "gap" in message:
                self.faults.append(message)
            else:
                if message["offset"] != self.position + 1:
                    self.faults.append(message)
                self.position = message["offset"]
                self.seen.append(message["data"])


def test_all_of_all_writers(usher):
    """Mailboxes of 64 messages and six writers that do not wait: the sockets are paused, and each message arrives once."""
    count = WRITERS * EACH
    sockets = [connect(usher, "wide.1", JSON, user=f"w{number}") for number in range(WRITERS)]
    for socket in sockets:
        hello(socket)
    followers = [Follower(socket, count, EACH) for socket in sockets]
    for follower in followers:
        follower.start()

    def write(number, socket):
        for first in range(0, EACH, 100):
            texts = (json.dumps({"data": [number, i], "id": i}) for i in range(first, first + 100))
            socket.send(b"".join(map(frames.text, texts)))

    writers = [threading.Thread(target=write, args=pair) for pair in enumerate(sockets)]
    for thread in writers:
        thread.start()
    for thread in writers + followers:
        thread.join()
    for follower in followers:
        assert not follower.faults
        assert follower.seen == followers[0].seen
    for number in range(WRITERS):
        assert [i for writer, i in followers[0].seen if writer == number] == list(range(EACH))


def test_acks_of_one_who_reads_late(usher):
    """It publishes all before it reads at all; what it is told has the promised order even where it has gaps."""
    with connect(usher, "room.late", JSON, receive_buffer=4096) as socket:
        hello(socket)
        count, load = 2000, "x" * 1000
        sender = threading.Thread(
            target=lambda: [socket.json({"data": load, "id": number}) for number in range(count)], daemon=True
        )
        sender.start()
        position, acked = 0, []
        while len(acked) < count:
            message = socket.json_message()
            if "ack" in message:
                assert message["ack"]["offset"] <= position, "an ack before its publication"
                acked.append(message["ack"]["id"])
            elif "gap" in message:
                assert message["gap"]["offset"] == position + message["gap"]["missed"]
                position = message["gap"]["offset"]
            else:
                assert message["offset"] == position + 1
                position += 1
        sender.join()
        assert acked == list(range(count))


def test_publishing_over_one_http_connection(usher):
    with connect(usher, "room.row", JSON) as socket, Peer(usher.url) as peer:
        hello(socket)
        one = [("X-API-Key", usher.api_key)]
        peer.send(b"".join(request_bytes(usher.url, "POST", "/channels/room.row", one, b"%d" % n) for n in range(200)))
        assert [read_response(peer).json()["offset"] for _ in range(200)] == list(range(1, 201))
        assert [socket.json_message()["data"] for _ in range(200)] == list(range(200))


def test_a_message_to_many(usher):
    sockets = [connect(usher, "room.many", RAW, user=f"u{number}") for number in range(300)]
    for number in range(20):
        result(usher, "publish", {"channel": "room.many", "data": number})
    for socket in sockets:
        assert [socket.message() for _ in range(20)] == [str(number) for number in range(20)]
        socket.close()


def test_too_many_channels(start_usher):
    usher = start_usher(CONFIG.replace("[limits]", "[limits]\nchannels = 5"), args=["--workers", "1"])
    held = [connect(usher, f"room.{number}", RAW) for number in range(5)]
    with pytest.raises(Refused) as refused:
        connect(usher, "room.6", RAW)
    assert refused.value.response.status == 503
    held[0].round_trip()
    answer = api(usher, "publish", {"channel": "room.7", "data": 1})
    assert answer.status in (200, 503)


def test_sessions_that_end_while_they_wait_for_room(usher):
    """They publish into full mailboxes when their time is over: they end, one by one, and usher goes on."""
    flood = frames.text("x") * 4000
    sockets = [connect(usher, f"room.full{n}", RAW, record={"session_ttl": 1}) for n in range(100)]

    def publish_to_the_end(socket):
        try:
            while True:
                socket.send(flood)
        except OSError:
            return

    def read_to_the_end(socket):
        while (received := socket.receive()).opcode != CLOSE:
            pass
        ends.append(received.code)
        socket.ended()

    ends = []
    threads = [threading.Thread(target=act, args=(s,)) for s in sockets for act in (publish_to_the_end, read_to_the_end)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ends) == 100 and set(ends) <= {4401, 4409}
    with connect(usher, "room.after", RAW) as socket:
        socket.round_trip()


ROUNDS = 1500


def storm(usher, chance):
    """One thing after the other that clients do, most of them rude."""
    sockets = []

    def opened():
        protocol, query = chance.choice([RAW, JSON]), chance.choice(["", "?history=5", "?since=1:x"])
        how = {"user": f"u{chance.randrange(5)}", "receive_buffer": chance.choice([None, 4096])}
        if chance.random() < 0.5:
            bits = chance.randrange(9, 16)
            how["headers"] = [("Sec-WebSocket-Extensions", f"permessage-deflate; server_max_window_bits={bits}")]
        sockets.append(connect(usher, f"room.storm{chance.randrange(3)}", protocol, query, **how))

    def said(*choices):
        return lambda: sockets and chance.choice(sockets).send(chance.choice(choices)())

    def left(how):
        return lambda: sockets and how(sockets.pop(chance.randrange(len(sockets))))

    acts = [
        opened,
        opened,
        said(lambda: frames.text('{"data":1,"id":2}'), lambda: frames.text('{"data":"%s"}' % ("x" * 5000))),
        said(lambda: frame(BINARY, chance.randbytes(chance.randrange(2000)))),
        said(lambda: frame(TEXT, b"\xaaV\x4aI,ITR2\xac\x05\x00", rsv=4), lambda: frame(TEXT, chance.randbytes(9), rsv=4)),
        said(lambda: frames.ping(b"x"), lambda: frames.pong(), lambda: frame(TEXT, b"part", fin=False)),
        said(lambda: chance.randbytes(20), lambda: frame(TEXT, b"\xff"), lambda: frames.close(1000)),
        left(lambda socket: socket.reset()),
        left(lambda socket: socket.close()),
        left(lambda socket: (socket.send(frames.close(4000)), socket.close())),
        lambda: api(usher, "publish", {"channel": f"room.storm{chance.randrange(3)}", "data": "y" * 3000}),
        lambda: api(usher, "broadcast", {"channels": [f"room.storm{n}" for n in range(3)], "data": 1}),
        lambda: api(usher, "channels"),
        lambda: mint(usher),
        lambda: request(usher.url, "GET", "/metrics"),
    ]
    for _ in range(ROUNDS):
        try:
            chance.choice(acts)()
        except (BrokenPipeError, ConnectionResetError):
            continue


@pytest.mark.parametrize("seed", [1, 2, random.randrange(1 << 32)])
def test_storm(usher, seed):
    print(f"seed {seed}")
    before = metrics(usher)['usher_publications_total{channel="wide.{room}"}']
    with connect(usher, "wide.calm", JSON) as calm:
        hello(calm)
        storm(usher, random.Random(seed))
        for number in range(100):
            calm.json({"data": number})
            assert calm.json_message()["data"] == number
        eventually(lambda: metrics(usher)['usher_publications_total{channel="wide.{room}"}'], before + 100)
        calm.send(frames.close(1000))
        assert calm.receive().opcode == CLOSE
