"""The four places of a ticket in an opening handshake, and a gateway that takes them all."""

from wire.gateway import JSON, ORIGIN
from wire.websocket import handshake

CONFIG = """
[origins]
allow = ["https://app.example.com", "https://other.example.com"]
[[channel]]
name = "room.{room}"
allow_subscribe = "user"
allow_publish = "user"
allow_history = "granted"
history = { size = 10, ttl = "1m", position_ttl = "1h" }
[[channel]]
name = "open.{id}"
allow_subscribe = "anyone"
"""
ROOM = "/channels/room.1"
UNKNOWN_TICKET = "ust_" + "A" * 43


def in_protocol(ticket, beside=JSON):
    return {"protocols": [*([beside] if beside else []), f"usher.ticket.{ticket}"]}


def in_header(ticket):
    return {"headers": [("Authorization", f"Ticket {ticket}")]}


def in_cookie(ticket, name="usher_ticket"):
    return {"headers": [("Cookie", f"theme=dark; {name}={ticket}; lang=en")]}


def in_host_cookie(ticket):
    return in_cookie(ticket, "__Host-usher_ticket")


def in_query(ticket):
    return {"query": f"ticket={ticket}"}


PLACES = {
    "protocol": in_protocol,
    "header": in_header,
    "cookie": in_cookie,
    "host_cookie": in_host_cookie,
    "query": in_query,
}


def joined(*shows):
    """Several of them in one request."""
    whole = {"protocols": [], "headers": [], "query": ""}
    for show in shows:
        whole["protocols"] += show.get("protocols", [])
        whole["headers"] += show.get("headers", [])
        whole["query"] = "&".join(filter(None, [whole["query"], show.get("query", "")]))
    return whole


def knock(usher, show, target=ROOM, headers=(), **how):
    """The answer to a handshake that shows this."""
    query = show.get("query")
    target = target + ("&" if "?" in target else "?") + query if query else target
    return handshake(
        usher.url, target, protocols=show.get("protocols", ()), headers=[*show.get("headers", ()), *headers], **how
    )


def is_unspent(usher, ticket, headers=()):
    """Whether it still lets in; it is spent now."""
    return knock(usher, in_header(ticket), headers=headers).status == 101


WITH_ORIGIN = [("Origin", ORIGIN)]
