"""POST /tickets and POST /api/tickets: who gets a ticket, for what, and from which pages."""

import base64
import hashlib
import json

import pytest
from ticket_shows import ROOM, in_header, knock
from wire.gateway import JSON, ORIGIN, api, connect, hello, mint, refused_tickets
from wire.http import read_response, request, request_bytes
from wire.peer import Peer
from wire.websocket import upgrade_bytes

EVIL = "https://evil.example"
PASSWORDS = """alice:$6$usherusher$WryQ.aTYZpc7SuDuWZphuRWb2EJwK8RqSnK7but8Ukx43oGhMmZyU0pdLOIb/bdejBu1NErPcwMoRF996HTwA.
bob:$6$usherusher2$dzm6SfpRVpMv/qe/FBvQVSldZRukD1OgruTnoIrfnCEZewXxydsBJUHYUUY0iKOeT4HQFr6PuYxWyKxktz36a/
"""
CONFIG = """
[origins]
allow = ["https://app.example.com"]
[tickets]
issue_to = ["basic"]
[auth]
connect_with = ["ticket", "basic"]
[auth.basic]
file = "users.htpasswd"
[[auth.grant]]
kind = "basic"
user = "alice"
channels = { "room.*" = ["subscribe", "publish"] }
[[channel]]
name = "room.{room}"
allow_subscribe = "user"
allow_publish = "granted"
[[channel]]
name = "lobby"
allow_subscribe = "anyone"
"""


@pytest.fixture(scope="module")
def usher(share_usher, tmp_path_factory):
    folder = tmp_path_factory.mktemp("passwords")
    (folder / "users.htpasswd").write_text(PASSWORDS)
    return share_usher(CONFIG.replace("users.htpasswd", str(folder / "users.htpasswd")))


def basic(user="alice", password="correct-horse"):
    return ("Authorization", "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode())


def ask(usher, body=None, headers=(basic(), ("Origin", ORIGIN))):
    return request(usher.url, "POST", "/tickets", headers, b"" if body is None else json.dumps(body).encode())


def test_a_ticket_for_a_password(usher):
    response = ask(usher)
    assert response.status == 201
    assert response.header("Cache-Control") == "no-store"
    assert response.header("Content-Type") == "application/json"
    answer = response.json()
    assert list(answer) == ["ticket", "expires_in", "expires_at"]
    assert answer["expires_in"] == 30 and isinstance(answer["expires_at"], int)
    with connect(usher, "room.1", JSON, ticket=answer["ticket"], headers=[("Origin", ORIGIN)]) as socket:
        assert hello(socket)["user"] == "alice"


def test_such_a_ticket_is_bound_to_page_and_address(usher):
    issued = ask(usher).json()["ticket"]
    with Peer(usher.url, source="127.0.0.2") as peer:
        peer.send(upgrade_bytes(usher.url, ROOM, headers=in_header(issued)["headers"]))
        assert read_response(peer).status == 401
    assert refused_tickets(usher) == {"address": 1}


# name, headers, status, code
ASKERS = [
    ("no-origin", [basic()], 403, "origin_required"),
    ("evil-origin", [basic(), ("Origin", EVIL)], 403, "origin"),
    ("null-origin", [basic(), ("Origin", "null")], 403, "origin"),
    ("two-origins", [basic(), ("Origin", ORIGIN), ("Origin", EVIL)], 403, "origin"),
    ("wrong-password", [basic(password="wrong"), ("Origin", ORIGIN)], 401, "credential_refused"),
    ("unknown-user", [basic("mallory"), ("Origin", ORIGIN)], 401, "credential_refused"),
    ("long-password", [basic(password="x" * 73), ("Origin", ORIGIN)], 401, "credential_refused"),
    ("no-colon", [("Authorization", "Basic YWxpY2U="), ("Origin", ORIGIN)], 401, None),
    ("not-base64", [("Authorization", "Basic ***"), ("Origin", ORIGIN)], 401, None),
    ("nobody", [("Origin", ORIGIN)], 401, "credential_needed"),
    ("api-key", [("X-API-Key", "x"), ("Origin", ORIGIN)], 401, None),
    ("a-ticket", [("Authorization", "Ticket ust_" + "A" * 43), ("Origin", ORIGIN)], 401, None),
    ("bearer", [("Authorization", "Bearer x"), ("Origin", ORIGIN)], 401, None),
]


@pytest.mark.parametrize("headers, status, code", [row[1:] for row in ASKERS], ids=[row[0] for row in ASKERS])
def test_who_gets_none(usher, headers, status, code):
    response = ask(usher, headers=headers)
    assert response.status == status
    assert code in (None, response.code)
    if status == 401:
        assert response.header("WWW-Authenticate") == "Ticket"


def test_basic_is_asked_for_only_where_no_page_is(usher):
    assert ask(usher, headers=[]).header("WWW-Authenticate").startswith("Basic ")
    assert ask(usher, headers=[("Sec-Fetch-Mode", "cors")]).header("WWW-Authenticate") == "Ticket"


# what alice asks for, whether she has it
WISHES = [
    ({}, True),
    ({"channels": {"room.1": ["subscribe"]}}, True),
    ({"channels": {"room.*": ["subscribe", "publish"]}}, True),
    ({"channels": {}}, True),
    ({"path": ROOM}, True),
    ({"channels": {"room.1": ["history"]}}, False),
    ({"channels": {"*": ["subscribe"]}}, False),
    ({"channels": {"roo*": ["subscribe"]}}, False),
    ({"channels": {"lobby": ["subscribe"]}}, False),
    ({"channels": {"room.1": ["subscribe"], "lobby": ["subscribe"]}}, False),
]


@pytest.mark.parametrize("wish, granted", WISHES)
def test_less_but_never_more(usher, wish, granted):
    response = ask(usher, wish)
    assert response.status == (201 if granted else 403), response
    assert granted or response.code == "forbidden"


def test_what_was_narrowed_stays_narrow(usher):
    show = {"headers": [("Origin", ORIGIN)]}
    for target, status in ((ROOM, 101), ("/channels/room.2", 403), ("/channels/lobby", 403)):
        ticket = ask(usher, {"channels": {"room.1": ["subscribe"]}}).json()["ticket"]
        assert knock(usher, in_header(ticket), target, show["headers"]).status == status
    ticket = ask(usher, {"path": ROOM}).json()["ticket"]
    assert knock(usher, in_header(ticket), "/channels/room.2", show["headers"]).status == 401


# Who has no ceiling: name, configuration, what is shown.
UNLIMITED = {
    "anonymous": ('[tickets]\nissue_to = ["anonymous"]\n', []),
    "basic": ('[tickets]\nissue_to = ["basic"]\n[auth.basic]\nfile = "users.htpasswd"\n', [basic("bob", "tr0ub4dor")]),
}


@pytest.mark.parametrize("who", UNLIMITED)
def test_nobody_names_a_channel_for_himself(start_usher, tmp_path, who):
    """A channel that must be granted is not granted by asking for it."""
    config, shown = UNLIMITED[who]
    (tmp_path / "users.htpasswd").write_text(PASSWORDS)
    channels = '[[channel]]\nname = "secret"\n[[channel]]\nname = "open"\nallow_subscribe = "anyone"\n'
    usher = start_usher(f'[origins]\nallow = ["{ORIGIN}"]\n{config}{channels}')
    page = [("Origin", ORIGIN)]
    for wish in (None, {"channels": {"secret": ["subscribe", "publish"]}}, {"channels": {"*": ["subscribe"]}}):
        response = ask(usher, wish, [*shown, *page])
        assert response.status in (201, 403)
        if response.status == 201:
            shown_ticket = in_header(response.json()["ticket"])
            assert knock(usher, shown_ticket, "/channels/secret", page).status == 403
    ticket = ask(usher, {"channels": {"open": ["subscribe"]}}, [*shown, *page]).json()["ticket"]
    assert knock(usher, in_header(ticket), "/channels/open", page).status == 101


BAD_BODIES = [b"{", b"[]", b'"x"', b'{"channels":[]}', b'{"channels":{"room.1":"subscribe"}}', b'{"path":5}', b'{"user":"bob"}']
BAD_BODIES += [b'{"channels":{"room.1":["fly"]}}', b'{"path":"/a","path":"/b"}', b"\xff", b"null"]


@pytest.mark.parametrize("body", BAD_BODIES)
def test_bodies_that_are_refused(usher, body):
    response = request(usher.url, "POST", "/tickets", [basic(), ("Origin", ORIGIN)], body)
    assert response.status == 400, response


def test_a_body_is_read_only_for_whom_it_concerns(usher):
    """Who shows nothing is refused at the head; who shows something may send 16 KiB."""
    with Peer(usher.url) as peer:
        peer.send(b"POST /tickets HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
        assert read_response(peer).status == 401
        peer.expect_end()
    big = b'{"path":"/' + b"x" * 20000 + b'"}'
    assert request(usher.url, "POST", "/tickets", [basic(), ("Origin", ORIGIN)], big).status == 413


def test_the_socket_by_password(usher):
    """Basic on the WebSocket itself, where it is allowed, needs a page's Origin."""
    assert knock(usher, {"headers": [basic()]}).code == "origin_required"
    assert knock(usher, {"headers": [basic(), ("Origin", EVIL)]}).code == "origin"
    assert knock(usher, {"headers": [basic(password="x"), ("Origin", ORIGIN)]}).status == 401
    assert knock(usher, {"headers": [basic(), ("Origin", ORIGIN)]}).status == 101


MINT_REFUSED = [
    {},
    {"user": 5},
    {"user": ""},
    {"user": "x" * 129},
    {"user": "a", "ttl": 0},
    {"user": "a", "ttl": "30s"},
    {"user": "a", "ip": "300.1.1.1"},
    {"user": "a", "origin": "app.example.com"},
    {"user": "a", "path": 1},
    {"user": "a", "channels": {"room.1": ["fly"]}},
    {"user": "a", "channels": ["room.1"]},
    {"user": "a", "info": "x", "unknown": 1},
]


@pytest.mark.parametrize("body", MINT_REFUSED)
def test_mints_that_are_refused(usher, body):
    assert api(usher, "tickets", body).status == 400


def test_no_ticket_lives_too_long(usher):
    response = api(usher, "tickets", {"user": "a", "ttl": 86400})
    assert response.status in (201, 400)
    if response.status == 201:
        assert response.json()["expires_in"] == 60


def test_keys_and_their_rights(start_usher):
    config = ROOMS
    for name, rights, channels in (("reader", ["read"], ["*"]), ("narrow", ["tickets"], ["room.1"])):
        digest = hashlib.sha256(name.encode()).hexdigest()
        config += f'[[auth.api_key]]\nname = "{name}"\nsha256 = "{digest}"\n'
        config += f"rights = {json.dumps(rights)}\nchannels = {json.dumps(channels)}\n"
    usher = start_usher(config)
    assert api(usher, "tickets", {"user": "a"}, key="wrong").status == 401
    assert api(usher, "tickets", {"user": "a"}, key="reader").status == 403
    assert api(usher, "tickets", {"user": "a"}, key="narrow").status == 403
    within = {"user": "a", "channels": {"room.1": ["subscribe"]}}
    assert api(usher, "tickets", within, key="narrow").status == 201
    beyond = {"user": "a", "channels": {"room.*": ["subscribe"]}}
    assert api(usher, "tickets", beyond, key="narrow").status == 403


ROOMS = """
[[channel]]
name = "room.{room}"
allow_subscribe = "user"
"""


def test_a_key_with_channels_keeps_to_them(start_usher):
    """Where keys may POST /tickets, they get no more than from POST /api/tickets."""
    digest = hashlib.sha256(b"narrow").hexdigest()
    key = f'[[auth.api_key]]\nname = "n"\nsha256 = "{digest}"\nrights = ["tickets"]\nchannels = ["room.1"]\n'
    other = '[[channel]]\nname = "open"\nallow_subscribe = "anyone"\n'
    usher = start_usher(f'[tickets]\nissue_to = ["api_key"]\n{key}{ROOMS}{other}')
    for wish in (None, {"channels": {"open": ["subscribe"]}}, {"channels": {"room.*": ["subscribe"]}}):
        response = ask(usher, wish, [("X-API-Key", "narrow")])
        assert response.status in (201, 403)
        if response.status == 201:
            assert knock(usher, in_header(response.json()["ticket"]), "/channels/open").status == 403


def test_too_many_unspent(start_usher):
    """The bound is on the node, so a worker may give out its share only; what was spent makes room."""
    usher = start_usher(f"[tickets]\noutstanding = 10\n{ROOMS}", args=["--workers", "1"])
    tickets = [mint(usher) for _ in range(10)]
    refused = api(usher, "tickets", {"user": "a"})
    assert (refused.status, refused.code) == (503, "too_many_tickets") and refused.header("Retry-After")
    assert knock(usher, in_header(tickets[0])).status == 101
    mint(usher)
    assert api(usher, "tickets", {"user": "a"}).status == 503


# Password checks: two wait for an address, the others are told to come back; nobody is told a lie.
def test_waiting_password_checks_are_bounded(usher):
    head = request_bytes(usher.url, "POST", "/tickets", [basic(), ("Origin", ORIGIN)], b"")
    peers = [Peer(usher.url) for _ in range(20)]
    for peer in peers:
        peer.send(head)
    answers = [read_response(peer) for peer in peers]
    assert {answer.status for answer in answers} <= {201, 503}
    assert any(answer.status == 201 for answer in answers)
    for answer in answers:
        if answer.status == 503:
            assert answer.code == "busy" and answer.header("Retry-After")
    for peer in peers:
        peer.close()
