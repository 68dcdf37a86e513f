"""Every trace in docs/protocol.md, made anew against a running usher and compared.

USHER_REWRITE_TRACES=1 writes what comes into the document, with usher on port 8080 as its readers have it.
"""

import base64
import hashlib
import re
from pathlib import Path

import documented
import pytest
from terminal import Terminal, frames, from_first_close, heads
from wire.http import read_response, request_bytes
from wire.peer import Peer

DEMO = Path(__file__).resolve().parents[2] / "demo"
PAGE = "https://app.example.com"
EXAMPLE = "http://example.com"
KEY_OF_THE_STANDARD = "dGhlIHNhbXBsZSBub25jZQ=="
MASK_KEY = bytes.fromhex("37fa213d")
GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def listen():
    return ("127.0.0.1:8080",) if documented.rewriting() else ("127.0.0.1:0",)


@pytest.fixture
def seed(start_usher):
    return start_usher((DEMO / "seed.toml").read_text(), listen=listen())


@pytest.fixture
def demo(start_usher):
    """The demo's configuration, for a page elsewhere."""
    config = (DEMO / "demo.toml").read_text().replace("allow = []", f'allow = ["{PAGE}"]')
    for file in ("users.htpasswd", "schemas/message.json"):
        config = config.replace(f'"{file}"', f'"{DEMO / file}"')
    return start_usher(config, listen=listen())


def shown(direction, data):
    """Bytes through a socket, as the document shows them."""
    return f"{direction} {data.hex(' ')}\n"


def head_lines(data):
    return data.decode().replace("\r\n", "\n")


def upgrade(version, origin_header, protocols="chat"):
    return (
        f"GET /chat HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {KEY_OF_THE_STANDARD}\r\n{origin_header}: {EXAMPLE}\r\n"
        f"Sec-WebSocket-Protocol: {protocols}\r\nSec-WebSocket-Version: {version}\r\n\r\n"
    ).encode()


class Frames:
    """A socket of version 13 on /chat that notes every byte behind the handshake."""

    def __init__(self, usher):
        self.peer = Peer(usher.url)
        self.peer.send(upgrade(13, "Origin"))
        self.peer.read_through(b"\r\n\r\n")
        self.text = ""

    def send(self, first_byte, payload):
        masked = bytes(byte ^ MASK_KEY[i % 4] for i, byte in enumerate(payload))
        frame = bytes([first_byte, 0x80 | len(payload)]) + MASK_KEY + masked
        self.peer.send(frame)
        self.text += shown("→", frame)

    def receive(self, frame):
        got = self.peer.read(len(frame))
        assert got == frame, got
        self.text += shown("←", got)


def test_opening_of_version_7_byte_by_byte(seed):
    with Peer(seed.url) as peer:
        peer.send(upgrade(7, "Sec-WebSocket-Origin", "chat, superchat"))
        answer = peer.read_through(b"\r\n\r\n")
    assert answer == (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: chat\r\n\r\n"
    )
    request = upgrade(7, "Sec-WebSocket-Origin", "chat, superchat")
    documented.compare({"version-7-request": head_lines(request), "version-7-answer": head_lines(answer)})


def test_version_that_is_not_spoken(seed):
    with Peer(seed.url) as peer:
        peer.send(upgrade(9, "Origin"))
        answer = read_response(peer)
    assert answer.status == 426 and answer.header("Sec-WebSocket-Version") == "13, 8, 7", answer
    documented.compare({"version-9-answer": head_lines(answer.head)})


def test_opening_frames_and_closing_of_version_13(seed):
    with Terminal(seed, "/chat", "--origin", EXAMPLE, "--protocol", "chat") as terminal:
        for line in ("Hello", "a longer line " * 12):
            terminal.type(line)
            terminal.wait_for("← .*0x1 text")
        trace, _ = terminal.finish()
    documented.compare({"version-13-opening": heads(trace), "frames": frames_before_close(trace)})
    documented.compare({"closing": from_first_close(trace)})


def frames_before_close(trace):
    rows = frames(trace).split("\n")
    first = next(i for i, row in enumerate(rows) if " close " in row)
    return "\n".join(rows[:first]) + "\n"


def test_closing_by_the_server(seed):
    with Terminal(seed, "/chat", "--origin", EXAMPLE, "--protocol", "usher.json.v1") as terminal:
        terminal.wait_for("hello")
        terminal.type("this is not JSON")
        trace, _ = terminal.finish()
    documented.compare({"closing-by-usher": from_first_close(trace)})


def test_ping_and_pong(start_usher):
    usher = start_usher((DEMO / "seed.toml").read_text(), args=["--set", "websocket.ping=1s"], listen=listen())
    with Terminal(usher, "/chat", "--origin", EXAMPLE) as terminal:
        terminal.wait_for("→ .*0xa pong")
        trace, _ = terminal.finish()
    documented.compare({"ping": frames_before_close(trace)})


def test_masking_and_fragments_byte_by_byte(seed):
    masking = Frames(seed)
    masking.send(0x81, b"Hello")
    masking.receive(b"\x81\x05Hello")

    ping = Frames(seed)
    ping.send(0x89, b"42")
    ping.receive(b"\x8a\x0242")

    fragments = Frames(seed)
    fragments.send(0x01, b"Hel")
    fragments.send(0x89, b"")
    fragments.receive(b"\x8a\x00")
    fragments.send(0x80, b"lo")
    fragments.receive(b"\x81\x05Hello")
    documented.compare({"masking": masking.text, "ping-bytes": ping.text, "fragments": fragments.text})


def test_the_story_of_a_ticket(demo):
    basic = base64.b64encode(b"ada:analytical").decode()
    headers = [("Authorization", f"Basic {basic}"), ("Origin", PAGE)]
    with Peer(demo.url) as peer:
        request = request_bytes(demo.url, "POST", "/tickets", headers, b"")
        peer.send(request)
        minted = read_response(peer)
    ticket = minted.json()["ticket"]

    show = ("/channels/room.lobby", "--origin", PAGE, "--protocol", "usher.json.v1", "--protocol", f"usher.ticket.{ticket}")
    with Terminal(demo, *show) as terminal:
        terminal.wait_for("hello")
        first, _ = terminal.finish()
    with Terminal(demo, *show) as terminal:
        second, said = terminal.until_it_ends()
    assert "401 ticket_refused" in said, said
    line = demo.wait_for_log("(.*handshake refused.*)\n").group(1)
    assert "reason=replayed" in line, line
    documented.compare(
        {
            "ticket-request": head_lines(request),
            "ticket-answer": head_lines(minted.head) + minted.body.decode() + "\n",
            "ticket-spent": heads(first) + frames_before_close(first),
            "ticket-again": heads(second),
            "ticket-log": line + "\n",
        }
    )


def test_document_is_whole():
    """Every trace in the document is made by a test above, and its keys and accepts belong together (RFC 6455, 4.2.2)."""
    made = set(re.findall(r'"([a-z0-9-]+)": ', Path(__file__).read_text()))
    written = documented.blocks()
    assert set(written) <= made, set(written) - made
    for text in written.values():
        key = re.search(r"Sec-WebSocket-Key: ([A-Za-z0-9+/=]+)", text)
        accept = re.search(r"Sec-WebSocket-Accept: ([A-Za-z0-9+/=]+)", text)
        if key and accept:
            digest = hashlib.sha1((key.group(1) + GUID).encode()).digest()
            assert accept.group(1) == base64.b64encode(digest).decode()
