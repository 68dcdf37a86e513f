"""The promised order of checks: the first thing that is wrong answers, and only from the redemption on a ticket is spent."""

import itertools

import pytest
from ticket_shows import CONFIG, ROOM, UNKNOWN_TICKET, is_unspent
from wire.gateway import mint
from wire.http import lines, read_response
from wire.peer import Peer
from wire.websocket import WebSocket, upgrade_headers

# In the promised order. (name, what is wrong, status, code). What is wrong: changed headers, "target", "query", "ticket".
BEFORE = [
    ("form-of-request", {"Connection": "close"}, 400, None),
    ("route", {"target": "/channels/nowhere.1"}, 404, "unknown_channel"),
    ("version", {"Sec-WebSocket-Version": "99"}, 426, "websocket_version"),
    ("key", {"Sec-WebSocket-Key": "short"}, 400, "websocket_key"),
    ("origin", {"Origin": "https://evil.example"}, 403, "origin"),
    ("several", {"query": f"ticket={UNKNOWN_TICKET}"}, 400, "several_credentials"),
    ("form-of-ticket", {"ticket": "ust_short"}, 401, "ticket_refused"),
]
ROUTE_STEP = [
    ("both", {"query": "since=1:a&history=1"}, 400, "bad_query"),
    ("wrong-form", {"query": "history=x"}, 400, "bad_query"),
]
METHOD = ("method", {"method": "POST"}, 405, "method_not_allowed")
# (name, how the ticket was minted, what is wrong besides, status)
AFTER = [
    ("address", {"ip": "203.0.113.7"}, {}, 401),
    ("origin-of-ticket", {"origin": "https://other.example.com"}, {"Origin": "https://app.example.com"}, 401),
    ("path", {"path": "/channels/room.2"}, {}, 401),
    ("right", {"channels": {"room.2": ["subscribe"]}}, {}, 403),
    ("right-to-history", {"channels": {"room.1": ["subscribe"]}}, {"query": "history=1"}, 403),
    ("position", {"channels": {"room.1": ["subscribe", "history"]}}, {"query": "since=7:elsewhere"}, 101),
]


@pytest.fixture(scope="module")
def usher(share_usher):
    return share_usher(CONFIG)


def request_with(usher, ticket, *faults):
    whole = {key: value for fault in faults for key, value in fault.items()}
    target = whole.pop("target", ROOM)
    query = "&".join(fault["query"] for fault in faults if "query" in fault)
    whole.pop("query", None)
    method = whole.pop("method", "GET")
    headers = dict(upgrade_headers(usher.url))
    headers["Authorization"] = f"Ticket {whole.pop('ticket', ticket)}"
    headers.update(whole)
    with Peer(usher.url) as peer:
        peer.send(lines(f"{method} {target}{'?' + query if query else ''} HTTP/1.1", headers.items()))
        return read_response(peer)


def named(rows):
    return [pytest.param(*row[1:], id=row[0]) for row in rows]


@pytest.mark.parametrize("fault, status, code", named([*BEFORE[:-1], *ROUTE_STEP, METHOD]))
def test_what_comes_before_leaves_the_ticket(usher, fault, status, code):
    ticket = mint(usher)
    response = request_with(usher, ticket, fault)
    assert response.status == status
    assert code in (None, response.code)
    assert is_unspent(usher, ticket)


@pytest.mark.parametrize("record, fault, status", named(AFTER))
def test_what_comes_after_has_spent_it(usher, record, fault, status):
    ticket = mint(usher, **record)
    assert request_with(usher, ticket, fault).status == status
    assert not is_unspent(usher, ticket, [("Origin", record["origin"])] if "origin" in record else [])


PAIRS = [pytest.param(a, b, id=f"{a[0]}-before-{b[0]}") for a, b in itertools.combinations(BEFORE, 2)]


@pytest.mark.parametrize("first, second", PAIRS)
def test_the_first_fault_answers(usher, first, second):
    response = request_with(usher, mint(usher), second[1], first[1])
    assert response.status == first[2]
    assert first[3] in (None, response.code)


@pytest.mark.parametrize("record, fault", [(row[1], row[2]) for row in AFTER], ids=[row[0] for row in AFTER])
@pytest.mark.parametrize("earlier", BEFORE, ids=[row[0] for row in BEFORE])
def test_the_ticket_is_looked_at_last(usher, earlier, record, fault):
    response = request_with(usher, mint(usher, **record), fault, earlier[1])
    assert response.status == earlier[2]


def test_a_position_that_is_gone_is_told_behind_the_101(usher):
    ticket = mint(usher, channels={"room.1": ["subscribe", "history"]})
    headers = [("Authorization", f"Ticket {ticket}")]
    with WebSocket(usher.url, f"{ROOM}?since=7:elsewhere", protocols=["usher.json.v1"], headers=headers) as socket:
        socket.expect_close(4404)
        socket.answer_close()
