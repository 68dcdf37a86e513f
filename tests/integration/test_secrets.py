"""No secret is shown anywhere but to whom it belongs: one in each place where there can be one, and none is found again."""

import base64
import json

import pytest
from ticket_shows import in_cookie, in_header, in_host_cookie, in_protocol, in_query, joined, knock
from wire.gateway import JSON, api, connect, hello, mint
from wire.http import request
from wire.peer import Peer

PASSWORD = "MARK-password"
CONFIG = """
[log]
format = "{format}"
level = "debug"
[origins]
allow = ["https://app.example.com"]
[auth]
connect_with = ["ticket", "basic"]
[[channel]]
name = "room.{{room}}"
allow_subscribe = "user"
allow_publish = "user"
"""
ORIGIN = ("Origin", "https://app.example.com")
ROOM = "/channels/room.1"


def basic(user, password):
    return ("Authorization", "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode())


def marked(number):
    """A well-formed ticket that can be recognised."""
    return "ust_MARK" + f"{number:02}".ljust(38, "x") + "A"


def knocks(usher):
    """Handshakes that are refused, with a mark in every place of a credential."""
    for number, place in enumerate((in_header, in_cookie, in_host_cookie, in_query, in_protocol)):
        yield knock(usher, place(marked(number)))
        yield knock(usher, place(marked(number)[:-1]))
        yield knock(usher, place(marked(number)), "/channels/nowhere.1")
        yield knock(usher, place(marked(number)), version=99)
    # The usual slips of who builds addresses by hand.
    for slip in ("&ticket=", "/ticket=", "%3Fticket=", "/"):
        yield knock(usher, {}, f"/channels/room.1{slip}{marked(20)}")
        yield knock(usher, {}, f"/nowhere{slip}{marked(21)}")
    yield knock(usher, joined(in_header(marked(10)), in_query(marked(11))))
    yield knock(usher, {"headers": [basic("alice", PASSWORD), ORIGIN]})
    yield knock(usher, {"headers": [("Authorization", "Bearer MARK-bearer")]})
    yield knock(usher, {"headers": [("Authorization", "MARK-scheme MARK-rest")]})
    yield knock(usher, {"headers": [("X-API-Key", "MARK-key")]})
    yield knock(usher, {"query": "access_token=MARK-query&since=MARK-since"})


def requests(usher):
    for headers in (
        [("X-API-Key", "MARK-key")],
        [("Authorization", "apikey MARK-key")],
        [basic("alice", PASSWORD), ORIGIN],
        [("Cookie", "session=MARK-session; usher_ticket=" + marked(12))],
        [("Authorization", "Ticket " + marked(13))],
    ):
        yield request(usher.url, "POST", ROOM, headers, b"MARK-payload")
        yield request(usher.url, "POST", "/tickets?key=MARK-key", headers, b'{"MARK-member":1}')
        yield request(usher.url, "POST", "/api/publish?key=MARK-key", headers, b'{"MARK-member":1}')
        yield request(usher.url, "GET", "/nowhere?ticket=" + marked(14), headers)
    yield api(usher, "tickets", {"user": "a", "MARK-member": "MARK-value"})


@pytest.mark.parametrize("kind", ["text", "json"])
def test_marks_are_nowhere(start_usher, kind):
    usher = start_usher(CONFIG.format(format=kind))
    answers = [*knocks(usher), *requests(usher)]
    assert all(answer.status >= 400 for answer in answers)
    ticket = mint(usher, meta={"m": "MARK-meta"})
    with connect(usher, "room.1", JSON, ticket=ticket) as socket:
        hello(socket)
        socket.json({"data": "MARK-message"})
        assert socket.json_message()["data"] == "MARK-message"
        socket.text('{"MARK-name":"MARK-broken"}')
        socket.expect_close(4400)
    with Peer(usher.url) as peer:
        peer.send(b"GET /x?ticket=" + marked(15).encode() + b" HTTP/9.9\r\nCookie: MARK\r\n\r\n")
        peer.ended()
    metrics_text = request(usher.url, "GET", "/metrics").body.decode()
    documents = request(usher.url, "GET", "/asyncapi.json").body.decode() + request(usher.url, "GET", "/docs").body.decode()
    last = request(usher.url, "GET", "/the-last-one")
    usher.wait_for_log(last.header("Usher-Request-Id"))
    log = usher.log()
    for name, text in (("log", log), ("metrics", metrics_text), ("documents", documents)):
        for secret in ("MARK", ticket, usher.api_key, base64.b64encode(f"alice:{PASSWORD}".encode()).decode()):
            assert secret not in text, f"{secret} in the {name}: {text[max(0, text.find(secret) - 300):][:600]}"
    if kind == "json":
        lines = log.split("listening on ")[1].splitlines()[1:]
        assert lines and all(isinstance(json.loads(line), dict) for line in lines)


CONTROL = ["\x1b[31mred", "a\x07b", "line%0d%0aforged=1", "%1b[31m", "%00", "\x9b1m"]


@pytest.mark.parametrize("kind", ["text", "json"])
def test_no_control_character_reaches_the_log(start_usher, kind):
    usher = start_usher(CONFIG.format(format=kind))
    for text in CONTROL:
        for target, headers in ((f"/nowhere/{text}", []), ("/nowhere", [("User-Agent", text), ("Origin", text)])):
            with Peer(usher.url) as peer:
                lines = [f"GET {target} HTTP/1.1", "Host: x", *(f"{k}: {v}" for k, v in headers), "", ""]
                peer.send("\r\n".join(lines).encode("latin-1"))
                peer.read_through(b"\r\n\r\n")
    last = request(usher.url, "GET", "/the-last-one")
    usher.wait_for_log(last.header("Usher-Request-Id"))
    log = usher.log()
    assert not any(ord(c) < 0x20 and c != "\n" or 0x7F <= ord(c) < 0xA0 for c in log)
    assert "\nforged" not in log
