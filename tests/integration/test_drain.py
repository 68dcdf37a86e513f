"""The end of a node: SIGTERM under load, a second one, and what a ticket is worth meanwhile."""

import json
import re
import signal
import threading

from wire.frames import CLOSE
from wire.gateway import JSON, RAW, connect, eventually, hello, mint
from wire.http import read_response, request, request_bytes
from wire.peer import Ended, Peer
from wire.websocket import Refused

CONFIG = """
[server]
drain = "3s"
drain_delay = "0s"
[[channel]]
name = "room.{room}"
allow_subscribe = "user"
allow_publish = "user"
history = { size = 100000, ttl = "10m", position_ttl = "1h" }
[[channel]]
name = "live.{room}"
allow_subscribe = "user"
"""


class Reader(threading.Thread):
    """Reads a json socket to its Close; keeps what it saw."""

    def __init__(self, socket):
        super().__init__()
        self.socket = socket
        self.offsets = []
        self.acked = []
        self.close = None
        self.clean = False

    def run(self):
        while (received := self.socket.receive()).opcode != CLOSE:
            message = json.loads(received.payload)
            if "ack" in message:
                self.acked.append(message["ack"]["offset"])
            elif "offset" in message:
                self.offsets.append(message["offset"])
        self.close = received
        self.socket.answer_close(1001)
        self.clean = True


def writing(socket, stop):
    """Publishes until the socket is closed."""
    number = 0
    try:
        while not stop.is_set():
            number += 1
            socket.json({"data": number, "id": number})
    except OSError:
        return


def test_no_acknowledged_publication_is_lost(start_usher):
    usher = start_usher(CONFIG, args=["--workers", "2"])
    sockets = [connect(usher, "room.1", JSON, user=f"u{number}") for number in range(6)]
    for socket in sockets:
        hello(socket)
    readers = [Reader(socket) for socket in sockets]
    stop = threading.Event()
    writers = [threading.Thread(target=writing, args=(socket, stop)) for socket in sockets[:2]]
    for thread in readers + writers:
        thread.start()
    usher.process.send_signal(signal.SIGTERM)
    for reader in readers:
        reader.join()
    stop.set()
    for writer in writers:
        writer.join()
    assert usher.process.wait(60) == 0
    assert all(reader.clean for reader in readers)
    for reader in readers:
        assert reader.close.code == 1001
        assert 0 <= int(re.fullmatch(r"retry=(\d+)", reader.close.reason).group(1)) <= 3000
        assert reader.offsets == list(range(1, len(reader.offsets) + 1))
    longest = max(len(reader.offsets) for reader in readers)
    for reader in readers[:2]:
        assert reader.acked and max(reader.acked) <= len(reader.offsets) <= longest


def test_raw_is_told_where_it_stands(start_usher):
    usher = start_usher(CONFIG)
    with connect(usher, "room.1", RAW) as lasting, connect(usher, "live.1", RAW) as passing:
        lasting.text("one")
        assert lasting.message() == "one"
        usher.process.send_signal(signal.SIGTERM)
        assert re.fullmatch(r"retry=\d+ since=1:[\w-]{1,32}", lasting.expect_close(1001))
        assert re.fullmatch(r"retry=\d+", passing.expect_close(1001))
        lasting.answer_close(1001)
        passing.answer_close(1001)
    assert usher.process.wait(60) == 0


def test_ready_says_so_and_a_ticket_stays_whole(start_usher):
    """While it still accepts, it answers 503 to what is new. Three kept connections see it from inside."""
    usher = start_usher(CONFIG.replace('drain_delay = "0s"', 'drain_delay = "2s"'))
    assert request(usher.url, "GET", "/health/ready").status == 200
    with Peer(usher.url) as kept, connect(usher, "room.1", JSON) as socket:
        hello(socket)
        kept.send(request_bytes(usher.url, "GET", "/health/live"))
        assert read_response(kept).status == 200
        usher.process.send_signal(signal.SIGTERM)
        usher.wait_for_log("(?i)drain")
        eventually(lambda: request(usher.url, "GET", "/health/ready").status, 503)
        assert request(usher.url, "GET", "/health/live").status == 200
        ticket = mint(usher)
        for _ in range(2):
            try:
                with connect(usher, "room.1", ticket=ticket):
                    raise AssertionError("it was let in")
            except Refused as refused:
                assert refused.response.status == 503
                assert refused.response.code == "draining" and refused.response.header("Retry-After")
        kept.send(request_bytes(usher.url, "GET", "/health/live"))
        answer = read_response(kept)
        assert answer.status == 200 and answer.header("Connection") == "close"
        kept.expect_end()
        socket.expect_close(1001)
        socket.answer_close(1001)
    assert usher.process.wait(60) == 0


def test_a_second_signal_ends_at_once(start_usher):
    usher = start_usher(CONFIG.replace('"3s"', '"1h"').replace('drain_delay = "0s"', 'drain_delay = "1h"'))
    with connect(usher, "room.1", RAW) as socket:
        usher.process.send_signal(signal.SIGTERM)
        usher.wait_for_log("(?i)drain")
        usher.process.send_signal(signal.SIGTERM)
        assert usher.process.wait(60) is not None
        try:
            assert socket.receive().opcode == CLOSE
        except (Ended, ConnectionResetError):
            pass


def test_who_does_not_answer_is_reset(start_usher):
    """A client that ignores the Close does not hold the node."""
    usher = start_usher(CONFIG.replace('"3s"', '"1s"'))
    with connect(usher, "room.1", RAW) as socket, Peer(usher.url) as silent:
        usher.process.send_signal(signal.SIGTERM)
        socket.expect_close(1001)
        assert usher.process.wait(60) == 0
        assert silent.ended()


def test_other_signals(start_usher):
    """SIGHUP leaves everyone where they are; SIGINT is what an operator's terminal sends, and drains."""
    usher = start_usher(CONFIG)
    with connect(usher, "room.1", RAW) as socket:
        usher.process.send_signal(signal.SIGHUP)
        usher.process.send_signal(signal.SIGPIPE)
        socket.round_trip()
        usher.process.send_signal(signal.SIGINT)
        socket.expect_close(1001)
        socket.answer_close(1001)
    assert usher.process.wait(60) == 0
