"""The Python client `websockets` as a user of usher: a ticket in each place, both dialects, compressed and not, to the close."""

import json
from contextlib import ExitStack

import pytest
from wire.gateway import JSON, RAW, mint, publish
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

CONFIG = """
[websocket]
compression = true
[[channel]]
name = "room.{room}"
allow_subscribe = "user"
allow_publish = "user"
history = { size = 100, ttl = "10m", position_ttl = "1h" }
"""
LONG = "usher " * 5000
DEADLINE_SECONDS = 60


@pytest.fixture(scope="module")
def usher(share_usher):
    return share_usher(CONFIG, args=["--workers", "2"])


def in_protocol(ticket, dialect):
    return {"subprotocols": [dialect, f"usher.ticket.{ticket}"]}


def in_header(ticket, dialect):
    return {"subprotocols": [dialect], "additional_headers": {"Authorization": f"Ticket {ticket}"}}


def in_cookie(ticket, dialect):
    return {"subprotocols": [dialect], "additional_headers": {"Cookie": f"usher_ticket={ticket}"}}


def in_query(ticket, dialect):
    return {"subprotocols": [dialect], "query": f"?ticket={ticket}"}


PLACES = [in_protocol, in_header, in_cookie, in_query]


def open_socket(usher, room, dialect, place=in_header, compression="deflate"):
    how = place(mint(usher, user="ann"), dialect)
    url = usher.url.replace("http", "ws", 1) + f"/channels/room.{room}" + how.pop("query", "")
    return connect(url, compression=compression, open_timeout=DEADLINE_SECONDS, proxy=None, **how)


def receive(socket):
    return socket.recv(timeout=DEADLINE_SECONDS)


@pytest.mark.parametrize("compression", ["deflate", None])
@pytest.mark.parametrize("dialect", [JSON, RAW])
@pytest.mark.parametrize("place", PLACES)
def test_from_ticket_to_close(usher, place, dialect, compression):
    room = f"{place.__name__}-{dialect}-{compression}".replace(".", "-")
    with open_socket(usher, room, dialect, place, compression) as socket:
        assert socket.subprotocol == dialect
        assert [type(one).__name__ for one in socket.protocol.extensions] == (["PerMessageDeflate"] if compression else [])
        if dialect == RAW:
            for message in ("hi", LONG, b"\x00\xff", ""):
                socket.send(message)
                assert receive(socket) == message
        else:
            assert json.loads(receive(socket))["hello"]["user"] == "ann"
            socket.send(json.dumps({"data": {"text": LONG}, "id": 1}))
            told = json.loads(receive(socket))
            assert (told["data"]["text"], told["user"], told["offset"]) == (LONG, "ann", 1)
            assert json.loads(receive(socket)) == {"ack": {"id": 1, "offset": 1}}
        socket.close(4000, "enough")
        assert socket.protocol.close_rcvd.code == 4000


def test_compressed_and_plain_readers_see_the_same(usher):
    with ExitStack() as stack:
        how = ("deflate", None, "deflate", None)
        sockets = [stack.enter_context(open_socket(usher, "mixed", RAW, compression=one)) for one in how]
        for number in range(50):
            publish(usher, "room.mixed", json.dumps([number, LONG]))
        for socket in sockets:
            assert [json.loads(receive(socket))[0] for _ in range(50)] == list(range(50))


def test_fragments_and_pings(usher):
    with open_socket(usher, "fragments", RAW) as socket:
        socket.send(LONG[i : i + 1000] for i in range(0, len(LONG), 1000))
        assert receive(socket) == LONG
        assert socket.ping("are you there").wait(DEADLINE_SECONDS)


def test_a_ticket_lets_in_once(usher):
    how = in_header(mint(usher), RAW)
    url = usher.url.replace("http", "ws", 1) + "/channels/room.once"
    with connect(url, proxy=None, **how):
        pass
    with pytest.raises(InvalidStatus) as refused, connect(url, proxy=None, **how):
        pass
    assert refused.value.response.status_code == 401
    assert json.loads(refused.value.response.body)["code"] == "ticket_refused"


def test_what_is_wrong_is_told_with_its_code(usher):
    with open_socket(usher, "wrong", JSON) as socket:
        receive(socket)
        socket.send("no JSON")
        with pytest.raises(ConnectionClosed) as closed:
            receive(socket)
        assert closed.value.rcvd.code == 4400 and closed.value.rcvd.reason
