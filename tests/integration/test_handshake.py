"""The opening handshake: a table of good and bad ones, and the literal answer to the literal request of version 7."""

from pathlib import Path

import pytest
from handshake_rows import GROUPS, KEY, VERSION
from wire.http import host_of, lines, read_response
from wire.peer import Peer
from wire.websocket import accept_value

CONFIG = """
[origins]
allow = ["https://app.example.com", "https://*.example.org"]
[auth]
connect_with = ["anonymous"]
[[channel]]
name = "open.{id}"
allow_subscribe = "anyone"
allow_publish = "anyone"
protocols = ["chat", "v2.chat"]
[[channel]]
name = "open.{id}.staff"
allow_subscribe = "anyone"
[[channel]]
name = "past.{id}"
allow_subscribe = "anyone"
allow_history = "anyone"
history = { size = 10, ttl = "1m", position_ttl = "1h" }
[[route]]
path = "/ws/chat/{room}/"
channel = "open.{room}"
"""
SEED = Path(__file__).parent.parent.parent / "demo" / "seed.toml"
ROWS = [(f"{group}-{name}", changes, outcome) for group, rows in GROUPS.items() for name, changes, outcome in rows]


@pytest.fixture(scope="module")
def usher(share_usher):
    return share_usher(CONFIG)


def head_of(url, changes):
    changes = dict(changes)
    where = {"target": changes.pop("target", "/channels/open.1"), "host": host_of(url)}
    start = changes.pop("start", "GET {target} HTTP/1.1").format(**where)
    headers = {"Host": host_of(url), "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": KEY, VERSION: 13}
    headers.update(changes)
    spread = [(name, one) for name, value in headers.items() for one in (value if isinstance(value, list) else [value])]
    return lines(start, spread)


def expected(outcome):
    """(statuses, code or protocol or None)"""
    if isinstance(outcome, int):
        return (outcome,), None
    if all(isinstance(one, int) for one in outcome):
        return outcome, None
    return (outcome[0],), outcome[1]


@pytest.mark.parametrize("changes, outcome", [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_row(usher, changes, outcome):
    statuses, detail = expected(outcome)
    with Peer(usher.url) as peer:
        peer.send(head_of(usher.url, changes))
        response = read_response(peer, "HEAD" if "HEAD" in changes.get("start", "") else "GET")
        assert response.status in statuses, response
        if response.status == 101:
            accepted(response, detail)
        else:
            refused(response, peer, detail)


def accepted(response, protocol):
    wanted = [("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Accept", accept_value())]
    if protocol:
        wanted.append(("Sec-WebSocket-Protocol", protocol))
    assert response.headers == wanted


def refused(response, peer, code):
    """Every refusal can be found in the log, names its stable code, and ends the connection."""
    assert response.header("Usher-Request-Id")
    assert "close" in response.header("Connection").split(", ")
    if response.body:
        assert code in (None, response.code)
    if code == "websocket_version":
        assert response.header(VERSION) == "13, 8, 7"
    if response.status == 405:
        assert "GET" in response.header("Allow")
    peer.expect_end()


def test_the_table_is_large_enough():
    assert len(ROWS) >= 80


def test_refusals_are_counted_and_logged(usher):
    with Peer(usher.url) as peer:
        peer.send(head_of(usher.url, {"Origin": "https://evil.example"}))
        response = read_response(peer)
    line = usher.wait_for_log(f".*{response.header('Usher-Request-Id')}.*").group()
    assert "origin" in line


def test_a_request_in_single_bytes(usher):
    with Peer(usher.url) as peer:
        peer.send_in_pieces(head_of(usher.url, {}), 1)
        assert read_response(peer).status == 101


GOLDEN_REQUEST = (
    b"GET /chat HTTP/1.1\r\n"
    b"Host: server.example.com\r\n"
    b"Upgrade: websocket\r\n"
    b"Connection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    b"Sec-WebSocket-Origin: http://example.com\r\n"
    b"Sec-WebSocket-Protocol: chat, superchat\r\n"
    b"Sec-WebSocket-Version: 7\r\n"
    b"\r\n"
)
GOLDEN_ANSWER = (
    b"HTTP/1.1 101 Switching Protocols\r\n"
    b"Upgrade: websocket\r\n"
    b"Connection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
    b"Sec-WebSocket-Protocol: chat\r\n"
    b"\r\n"
)


def test_the_literal_request_of_version_7(start_usher):
    usher = start_usher(SEED.read_text(), args=["--set", "server.drain=0s"])
    with Peer(usher.url) as peer:
        peer.send(GOLDEN_REQUEST)
        assert peer.read(len(GOLDEN_ANSWER)) == GOLDEN_ANSWER
        # The end from this side brings nothing but the end from the other.
        peer.send_end()
        peer.expect_end()
