"""A ticket lets in once, from each of its places, and every refusal looks like every other."""

import json

import pytest
from ticket_shows import (
    CONFIG,
    PLACES,
    ROOM,
    UNKNOWN_TICKET,
    WITH_ORIGIN,
    in_cookie,
    in_header,
    in_host_cookie,
    in_protocol,
    in_query,
    is_unspent,
    joined,
    knock,
)
from wire.gateway import JSON, ORIGIN, RAW, connect, hello, metrics, mint, refused_tickets
from wire.http import read_response, request
from wire.peer import Peer
from wire.websocket import WebSocket, upgrade_bytes

REFUSED = {
    "type": "about:blank",
    "title": "Unauthorized",
    "status": 401,
    "code": "ticket_refused",
    "detail": "The ticket was not accepted.",
}


@pytest.fixture(scope="module")
def usher(share_usher):
    return share_usher(CONFIG, args=["--workers", "2"])


places = pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)


@places
def test_each_place_lets_in_once(usher, place):
    ticket = mint(usher)
    response = knock(usher, place(ticket))
    assert response.status == 101, response
    assert ticket.encode() not in response.head
    assert knock(usher, place(ticket)).code == "ticket_refused"


@places
def test_whom_the_ticket_names(usher, place):
    show = place(mint(usher, user="Zoë"))
    protocols = show.get("protocols") or [JSON]
    target = ROOM + (f"?{show['query']}" if "query" in show else "")
    with WebSocket(usher.url, target, protocols=protocols, headers=show.get("headers", ())) as socket:
        assert socket.protocol == JSON
        assert hello(socket)["user"] == "Zoë"


def test_a_ticket_is_as_long_as_it_says(usher):
    ticket = mint(usher)
    assert ticket.startswith("ust_") and len(ticket) == 47
    assert mint(usher) != ticket


def expired(usher):
    """A ticket that has run out: a session that is allowed to live longer than the ticket ended since."""
    ticket = mint(usher, ttl=1)
    with connect(usher, "room.clock", record={"session_ttl": 2}) as clock:
        clock.expect_close(4401)
    return ticket


def replayed(usher):
    ticket = mint(usher)
    assert is_unspent(usher, ticket)
    return ticket


REASONS = {
    "unknown": lambda usher: UNKNOWN_TICKET,
    "expired": expired,
    "replayed": replayed,
    "address": lambda usher: mint(usher, ip="203.0.113.7"),
    "origin": lambda usher: mint(usher, origin="https://other.example.com"),
    "path": lambda usher: mint(usher, path="/channels/room.2"),
    "malformed": lambda usher: "ust_short",
}


def test_refusals_look_alike_and_are_told_apart_inside(usher):
    answers = []
    for reason, make in REASONS.items():
        ticket = make(usher)
        before = refused_tickets(usher)
        response = knock(usher, in_header(ticket), headers=WITH_ORIGIN)
        assert response.status == 401
        assert json.loads(response.body) == REFUSED and list(response.json()) == list(REFUSED)
        assert response.header("WWW-Authenticate") == "Ticket"
        answers.append(response.without("Date", "Usher-Request-Id"))
        after = refused_tickets(usher)
        assert {k: v - before.get(k, 0) for k, v in after.items() if v != before.get(k, 0)} == {reason: 1}
        line = usher.wait_for_log(f".*{response.header('Usher-Request-Id')}.*").group()
        assert reason in line and ticket not in line
    assert all(answer == answers[0] for answer in answers)


MALFORMED = [
    "x",
    "ust_",
    "ust_" + "A" * 42,
    "ust_" + "A" * 44,
    "UST_" + "A" * 43,
    "ust_" + "A" * 42 + "+",
    "ust_" + "A" * 42 + "%20",
    "ust_" + "B" * 43,
]


@pytest.mark.parametrize("text", MALFORMED)
def test_what_is_no_ticket(usher, text):
    assert knock(usher, in_query(text)).code == "ticket_refused"


def test_a_cookie_counts_only_without_another_ticket(usher):
    ticket = mint(usher)
    assert knock(usher, joined(in_cookie(UNKNOWN_TICKET), in_header(ticket))).status == 101
    kept = mint(usher)
    assert knock(usher, joined(in_cookie(kept), in_header(UNKNOWN_TICKET))).status == 401
    assert is_unspent(usher, kept)


def test_the_host_cookie_is_read_first(usher):
    good, other = mint(usher), mint(usher)
    cookie = {"headers": [("Cookie", f"usher_ticket={other}; __Host-usher_ticket={good}")]}
    assert knock(usher, cookie).status == 101
    assert knock(usher, in_host_cookie(good)).status == 401
    assert is_unspent(usher, other)


SEVERAL = {
    "header-and-query": lambda t: joined(in_header(t), in_query(UNKNOWN_TICKET)),
    "protocol-and-header": lambda t: joined(in_protocol(t), in_header(t)),
    "query-twice": lambda t: joined(in_query(t), in_query(t)),
    "header-twice": lambda t: joined(in_header(t), in_header(t)),
    "protocol-twice": lambda t: joined(in_protocol(t), in_protocol(UNKNOWN_TICKET, beside=None)),
    "query-and-bearer": lambda t: joined(in_query(t), {"headers": [("Authorization", "Bearer abc")]}),
    "query-and-key": lambda t: joined(in_query(t), {"headers": [("X-API-Key", "abc")]}),
    "header-and-key": lambda t: joined(in_header(t), {"headers": [("X-API-Key", "abc")]}),
    "query-and-authorization-key": lambda t: joined(in_query(t), {"headers": [("Authorization", "apikey abc")]}),
}


@pytest.mark.parametrize("show", SEVERAL.values(), ids=SEVERAL)
def test_several_credentials(usher, show):
    ticket = mint(usher)
    response = knock(usher, show(ticket))
    assert (response.status, response.code) == (400, "several_credentials")
    assert is_unspent(usher, ticket)


def test_a_ticket_alone_as_subprotocol(usher):
    for beside in (None, "not.spoken.here"):
        ticket = mint(usher)
        response = knock(usher, in_protocol(ticket, beside))
        assert (response.status, response.code) == (400, "subprotocol_needed")
        assert is_unspent(usher, ticket)
    assert knock(usher, in_protocol(mint(usher), RAW)).header("Sec-WebSocket-Protocol") == RAW


def test_a_ticket_that_fails_is_not_anonymous(usher):
    """The channel takes anyone who has the right to connect; a credential that is shown and fails does not."""
    assert knock(usher, in_header(UNKNOWN_TICKET), "/channels/open.1").status == 401
    assert knock(usher, {}, "/channels/open.1").code == "credential_needed"
    assert knock(usher, in_header(mint(usher, user=None)), "/channels/open.1").status == 101


def test_a_guest_is_no_user(usher):
    response = knock(usher, in_header(mint(usher, user=None)))
    assert (response.status, response.code) == (403, "forbidden")


def test_a_ticket_for_one_publication(usher):
    with connect(usher, "room.1") as reader:
        ticket = mint(usher, user="bob")
        headers = [("Authorization", f"Ticket {ticket}")]
        assert request(usher.url, "POST", ROOM, headers, b"hi").status == 200
        assert reader.message() == "hi"
        assert request(usher.url, "POST", ROOM, headers, b"again").code == "ticket_refused"
        kept = mint(usher)
        assert request(usher.url, "POST", f"{ROOM}?ticket={kept}", [], b"hi").status in (400, 401)
        assert is_unspent(usher, kept)
        reader.round_trip()


def test_plain_get_spends_nothing(usher):
    for headers in ([], [("Accept", "text/event-stream")]):
        ticket = mint(usher)
        response = request(usher.url, "GET", ROOM, [*in_header(ticket)["headers"], *headers])
        assert response.code == "upgrade_required"
        assert response.header("Upgrade") == "websocket"
        assert is_unspent(usher, ticket)


def test_a_session_ends_with_its_time(usher):
    with connect(usher, "room.2", RAW, record={"session_ttl": 1}) as raw:
        raw.text("mine")
        assert raw.message() == "mine"
        reason = raw.expect_close(4401)
        assert reason.split(" since=")[1].startswith("1:")
        raw.answer_close()
    with connect(usher, "room.2", JSON, record={"session_ttl": 1}) as spoken:
        hello(spoken)
        assert "since=" not in spoken.expect_close(4401)
        spoken.answer_close()


BINDINGS = [
    # setting, what the ticket says, where it is shown from (address, origin), let in?
    ("exact", {"ip": "127.0.0.1"}, "127.0.0.1", None, True),
    ("exact", {"ip": "127.0.0.1"}, "127.0.0.2", None, False),
    ("exact", {"ip": "::ffff:127.0.0.1"}, "127.0.0.1", None, True),
    ("exact", {}, "127.0.0.2", ORIGIN, True),
    ("prefix", {"ip": "127.0.0.1"}, "127.0.0.2", None, True),
    ("prefix", {"ip": "127.0.1.1"}, "127.0.0.2", None, False),
    ("off", {"ip": "203.0.113.7"}, "127.0.0.1", None, True),
    ("exact", {"origin": ORIGIN}, "127.0.0.1", ORIGIN, True),
    ("exact", {"origin": ORIGIN}, "127.0.0.1", "https://other.example.com", False),
    ("exact", {"path": ROOM}, "127.0.0.1", None, True),
    ("exact", {"path": "/channels/room.2"}, "127.0.0.1", None, False),
]


@pytest.mark.parametrize("setting", ["exact", "prefix", "off"])
def test_bindings(start_usher, setting):
    usher = start_usher(CONFIG, args=["--set", f"tickets.bind_address={setting}"])
    for _, record, source, origin, good in [row for row in BINDINGS if row[0] == setting]:
        headers = [("Authorization", f"Ticket {mint(usher, **record)}"), *([("Origin", origin)] if origin else [])]
        assert status_from(usher, source, headers) == (101 if good else 401), (record, source, origin)


def status_from(usher, source, headers):
    with Peer(usher.url, source=source) as peer:
        peer.send(upgrade_bytes(usher.url, ROOM, headers=headers))
        return read_response(peer).status


def test_unbound_tickets_are_counted_or_refused(start_usher):
    usher = start_usher(CONFIG)
    assert knock(usher, in_header(mint(usher, ip="127.0.0.1", origin=ORIGIN)), headers=WITH_ORIGIN).status == 101
    assert metrics(usher)["usher_tickets_unbound_total"] == 0
    assert knock(usher, in_header(mint(usher, ip="127.0.0.1"))).status == 101
    assert metrics(usher)["usher_tickets_unbound_total"] == 1
    strict = start_usher(CONFIG + '[tickets]\nrequire = ["ip", "origin"]\n')
    assert knock(strict, in_header(mint(strict, ip="127.0.0.1"))).status == 401
    assert knock(strict, in_header(mint(strict, origin=ORIGIN)), headers=WITH_ORIGIN).status == 401
    assert knock(strict, in_header(mint(strict, ip="127.0.0.1", origin=ORIGIN)), headers=WITH_ORIGIN).status == 101
    assert refused_tickets(strict) == {"address": 1, "origin": 1}


def test_places_that_are_closed(start_usher):
    usher = start_usher(CONFIG + '[tickets]\naccept_in = ["header"]\n')
    for place in (in_protocol, in_cookie, in_host_cookie, in_query):
        ticket = mint(usher)
        assert knock(usher, place(ticket)).status in (400, 401)
        assert is_unspent(usher, ticket)
