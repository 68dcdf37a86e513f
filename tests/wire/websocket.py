"""A WebSocket client that does what a test tells it, right or wrong."""

import base64
import hashlib
import json
import struct
from dataclasses import dataclass

from wire import frames
from wire.frames import CLOSE, PONG, TEXT, Frame
from wire.http import host_of, lines, read_response
from wire.peer import Peer

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def accept_value(key=KEY):
    return base64.b64encode(hashlib.sha1((key + GUID).encode()).digest()).decode()


def upgrade_headers(url, version=13, protocols=(), extra=()):
    return [
        ("Host", host_of(url)),
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Key", KEY),
        ("Sec-WebSocket-Version", version),
        *([("Sec-WebSocket-Protocol", ", ".join(protocols))] if protocols else []),
        *extra,
    ]


def upgrade_bytes(url, target, version=13, protocols=(), headers=()):
    return lines(f"GET {target} HTTP/1.1", upgrade_headers(url, version, protocols, headers))


def handshake(url, target, version=13, protocols=(), headers=()):
    """The answer to an opening handshake; the connection is gone afterwards."""
    with Peer(url) as peer:
        peer.send(upgrade_bytes(url, target, version, protocols, headers))
        return read_response(peer)


@dataclass
class Refused(Exception):
    response: object


class WebSocket(Peer):
    """Open when made; `response` is the 101. Raises Refused with the answer when it is not let in."""

    def __init__(self, url, target, version=13, protocols=(), headers=(), receive_buffer=None, behind=b""):
        super().__init__(url, receive_buffer)
        self.send(upgrade_bytes(url, target, version, protocols, headers) + behind)
        self.response = read_response(self)
        if self.response.status != 101:
            self.close()
            raise Refused(self.response)
        assert self.response.header("Sec-WebSocket-Accept") == accept_value()
        self.protocol = self.response.header("Sec-WebSocket-Protocol")

    def text(self, payload):
        self.send(frames.text(payload))

    def json(self, message):
        self.text(json.dumps(message))

    def receive(self):
        """The next frame, whatever it is; usher's own must not be masked and need the shortest form of length."""
        first, second = self.read(2)
        assert not second & 0x80, "usher's frames are not masked"
        size = second & 0x7F
        if size == 126:
            size = struct.unpack(">H", self.read(2))[0]
            assert size > 125
        elif size == 127:
            size = struct.unpack(">Q", self.read(8))[0]
            assert size > 65535
        return Frame(first & 0xF, self.read(size), bool(first & 0x80), first >> 4 & 7)

    def message(self):
        """The payload of the next message: a str of a text, bytes of a binary one."""
        received = self.receive()
        assert received.opcode in (TEXT, frames.BINARY) and received.fin and not received.rsv, received
        return received.payload.decode() if received.opcode == TEXT else received.payload

    def json_message(self):
        received = self.message()
        assert isinstance(received, str)
        return json.loads(received)

    def expect(self, *expected):
        for one in expected:
            received = self.receive()
            assert received == one

    def expect_close(self, code, reason=None):
        """usher's Close, and then the end of the stream when it failed the connection; returns the reason."""
        received = self.receive()
        assert received.opcode == CLOSE, received
        assert received.code == code, received
        if reason is not None:
            assert received.reason == reason
        return received.reason

    def answer_close(self, code=1000):
        """Answers usher's Close; usher closes the stream first."""
        self.send(frames.close(code))
        self.expect_end()

    def finish(self, code=1000):
        """The closing handshake from this side: usher echoes the code and closes the stream first."""
        self.send(frames.close(code))
        self.expect(Frame(CLOSE, frames.close_body(code)))
        self.expect_end()

    def round_trip(self, mark=b"here?"):
        """Returns when usher has read all that was sent. Nothing else may arrive before."""
        self.send(frames.ping(mark))
        self.expect(Frame(PONG, mark))
