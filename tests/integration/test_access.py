"""Every route with every credential, over every transport: who gets in is a table, and what is not in it does not."""

import base64
import hashlib
import json
import re

import pytest
from wire.gateway import ORIGIN, mint
from wire.http import request
from wire.websocket import handshake

PASSWORDS = "alice:$6$usherusher$WryQ.aTYZpc7SuDuWZphuRWb2EJwK8RqSnK7but8Ukx43oGhMmZyU0pdLOIb/bdejBu1NErPcwMoRF996HTwA.\n"
KEYS = {"all": ["publish", "tickets", "read"], "publish": ["publish"], "tickets": ["tickets"], "read": ["read"]}
CONFIG = """
[origins]
allow = ["https://app.example.com"]
[tickets]
issue_to = ["basic"]
[auth]
connect_with = ["ticket"]
[auth.basic]
file = "FOLDER/users.htpasswd"
[[channel]]
name = "room.{room}"
allow_subscribe = "user"
allow_publish = "user"
history = { size = 5, ttl = "1m", position_ttl = "1h" }
[docs]
access = "api_key"
"""
BASIC = ("Authorization", "Basic " + base64.b64encode(b"alice:correct-horse").decode())
PAGE = ("Origin", ORIGIN)


def key(name):
    return [("X-API-Key", f"key-{name}")]


CREDENTIALS = {
    "nothing": lambda usher: [],
    "page": lambda usher: [PAGE],
    "ticket": lambda usher: [("Authorization", f"Ticket {mint(usher)}")],
    "cookie": lambda usher: [("Cookie", f"usher_ticket={mint(usher)}")],
    "basic": lambda usher: [BASIC],
    "basic+page": lambda usher: [BASIC, PAGE],
    "bearer": lambda usher: [("Authorization", "Bearer abc")],
    "key-all": lambda usher: key("all"),
    "key-publish": lambda usher: key("publish"),
    "key-tickets": lambda usher: key("tickets"),
    "key-read": lambda usher: key("read"),
    "key-wrong": lambda usher: key("wrong"),
}
PUBLISH = json.dumps({"channel": "room.1", "data": 1}).encode()
BROADCAST = json.dumps({"channels": ["room.1"], "data": 1}).encode()
CHANNEL = json.dumps({"channel": "room.1"}).encode()
OUTSIDE = [("Host", "usher.example.com")]
# method, target, body, headers, status of success, who gets in; the others get 401 or 403
ROUTES = {
    "socket": ("UPGRADE", "/channels/room.1", None, [], 101, {"ticket", "cookie"}),
    "publish": ("POST", "/channels/room.1", b"x", [], 200, {"ticket", "basic+page", "key-all", "key-publish"}),
    "tickets": ("POST", "/tickets", b"", [], 201, {"basic+page"}),
    "api-tickets": ("POST", "/api/tickets", b'{"user":"a"}', [], 201, {"key-all", "key-tickets"}),
    "api-publish": ("POST", "/api/publish", PUBLISH, [], 200, {"key-all", "key-publish"}),
    "api-broadcast": ("POST", "/api/broadcast", BROADCAST, [], 200, {"key-all", "key-publish"}),
    "api-history": ("POST", "/api/history", CHANNEL, [], 200, {"key-all", "key-read"}),
    "api-channels": ("POST", "/api/channels", b"{}", [], 200, {"key-all", "key-read"}),
    "api-info": ("POST", "/api/info", b"{}", [], 200, {"key-all", "key-read"}),
    "metrics": ("GET", "/metrics", None, OUTSIDE, 200, {"key-all", "key-read"}),
    "metrics-head": ("HEAD", "/metrics", None, OUTSIDE, 200, {"key-all", "key-read"}),
}


@pytest.fixture(scope="module")
def usher(share_usher, tmp_path_factory):
    folder = tmp_path_factory.mktemp("passwords")
    (folder / "users.htpasswd").write_text(PASSWORDS)
    config = CONFIG.replace("FOLDER", str(folder))
    for name, rights in KEYS.items():
        digest = hashlib.sha256(f"key-{name}".encode()).hexdigest()
        config += f'[[auth.api_key]]\nname = "{name}"\nsha256 = "{digest}"\nrights = {json.dumps(rights)}\n'
    started = share_usher(config)
    started.api_key = "key-all"
    return started


def ask(usher, route, credential):
    method, target, body, headers, _, _ = ROUTES[route]
    headers = [*headers, *CREDENTIALS[credential](usher)]
    if method == "UPGRADE":
        return handshake(usher.url, target, headers=headers)
    return request(usher.url, method, target, headers, body)


@pytest.mark.parametrize("credential", CREDENTIALS)
@pytest.mark.parametrize("route", ROUTES)
def test_who_gets_in(usher, route, credential):
    response = ask(usher, route, credential)
    *_, success, admitted = ROUTES[route]
    if credential in admitted:
        assert response.status == success, response
    else:
        assert response.status in (401, 403), response
        known = credential.startswith("key-") and credential != "key-wrong" and route not in ("socket", "tickets")
        assert not known or response.status == 403


OPEN = ["/health/live", "/health/ready"]


@pytest.mark.parametrize("credential", CREDENTIALS)
@pytest.mark.parametrize("target", OPEN)
def test_what_is_open_to_all(usher, target, credential):
    assert request(usher.url, "GET", target, [*OUTSIDE, *CREDENTIALS[credential](usher)]).status == 200


def test_documents_tell_nothing_to_strangers(usher):
    """Without a credential only what anyone may follow is in them, which is nothing here."""
    for headers in ([], [BASIC], key("wrong")):
        response = request(usher.url, "GET", "/asyncapi.json", headers)
        assert response.status in (200, 401, 403)
        assert b"room." not in response.body
    known = request(usher.url, "GET", "/asyncapi.json", key("read"))
    assert known.status == 200 and re.search(rb"room\.", known.body)
