"""CORS for exactly the allowed origins, and no cross-origin access at all to what is for back ends."""

import pytest
from wire.gateway import ORIGIN, metrics, mint
from wire.http import request

CONFIG = """
[origins]
allow = ["https://app.example.com"]
[tickets]
issue_to = ["anonymous"]
[[channel]]
name = "room.{room}"
allow_subscribe = "anyone"
allow_publish = "anyone"
[[channel]]
name = "secret.{id}"
"""
EVIL = "https://evil.example"
SHARED = ["/tickets", "/channels/room.1"]
PREFLIGHT = [("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization")]


@pytest.fixture(scope="module")
def usher(share_usher):
    return share_usher(CONFIG)


def cors(response):
    return {k.lower(): v for k, v in response.headers if k.lower().startswith("access-control")}


@pytest.mark.parametrize("target", SHARED)
def test_preflight(usher, target):
    response = request(usher.url, "OPTIONS", target, [("Origin", ORIGIN), *PREFLIGHT])
    assert response.status == 204
    allowed = cors(response)
    assert allowed["access-control-allow-origin"] == ORIGIN
    assert allowed["access-control-allow-credentials"] == "true"
    assert "POST" in allowed["access-control-allow-methods"]
    assert "authorization" in allowed["access-control-allow-headers"].lower()
    assert "Origin" in response.header("Vary")


@pytest.mark.parametrize("origin", [EVIL, "null", "https://app.example.com.evil.example", ""])
@pytest.mark.parametrize("target", SHARED)
def test_preflight_from_elsewhere(usher, target, origin):
    response = request(usher.url, "OPTIONS", target, [("Origin", origin), *PREFLIGHT])
    assert response.status == 403
    assert not cors(response)


def test_answers_may_be_read_by_allowed_pages_only(usher):
    good = request(usher.url, "POST", "/tickets", [("Origin", ORIGIN)], b"")
    assert good.status == 201
    assert cors(good)["access-control-allow-origin"] == ORIGIN and good.header("Vary") == "Origin"
    plain = request(usher.url, "POST", "/tickets", [], b"")
    assert plain.status == 201
    assert not cors(plain) and plain.header("Vary") == "Origin"
    refused = request(usher.url, "POST", "/channels/room.1", [("Origin", ORIGIN), ("X-API-Key", "no")], b"x")
    assert refused.status == 401
    assert cors(refused)["access-control-allow-origin"] == ORIGIN
    evil = request(usher.url, "POST", "/tickets", [("Origin", EVIL)], b"")
    assert (evil.status, evil.code) == (403, "origin")
    assert not cors(evil)


BACK_END = ["/api/publish", "/api/broadcast", "/api/history", "/api/channels", "/api/info", "/api/tickets"]


@pytest.mark.parametrize("origin", [ORIGIN, EVIL, "null"])
@pytest.mark.parametrize("target", BACK_END)
def test_no_page_reaches_the_api(usher, target, origin):
    for method, headers in (("POST", [("X-API-Key", usher.api_key)]), ("OPTIONS", PREFLIGHT)):
        response = request(usher.url, method, target, [("Origin", origin), *headers], b"{}" if method == "POST" else None)
        assert response.status in ((403,) if method == "POST" else (403, 405))
        assert not cors(response)


def test_no_page_reaches_the_metrics(usher):
    response = request(usher.url, "GET", "/metrics", [("Origin", ORIGIN)])
    assert (response.status, response.code) == (403, "origin")
    assert metrics(usher)


# Metrics without a key: only to the machine itself, with no proxy before it.
STRANGERS = [
    ("Host", "usher.example.com"),
    ("Host", "127.0.0.1.evil.example"),
    ("X-Forwarded-For", "203.0.113.7"),
    ("X-Forwarded-Proto", "https"),
    ("Forwarded", "for=203.0.113.7"),
    ("Via", "1.1 proxy"),
]


@pytest.mark.parametrize("header", STRANGERS)
def test_metrics_for_strangers(usher, header):
    assert request(usher.url, "GET", "/metrics", [header]).status == 401
    assert request(usher.url, "GET", "/metrics", [header, ("X-API-Key", usher.api_key)]).status == 200
    health = request(usher.url, "GET", "/health/ready", [header])
    assert health.status == 200 and b"{" not in health.body
    for target in ("/asyncapi.json", "/docs"):
        told = request(usher.url, "GET", target, [header]).body
        assert b"room." in told and b"secret" not in told, "only what anyone may follow"


def test_metrics_for_the_machine_itself(usher):
    for host in ("localhost", "127.0.0.1:8080", "[::1]:8080"):
        assert request(usher.url, "GET", "/metrics", [("Host", host)]).status == 200
    assert mint(usher)


METHODS = [
    ("GET", "/tickets", 405),
    ("PUT", "/tickets", 405),
    ("GET", "/api/publish", 405),
    ("POST", "/metrics", 405),
    ("POST", "/health/live", 405),
    ("DELETE", "/channels/room.1", 405),
    ("GET", "/api/nothing", 404),
    ("POST", "/api", 404),
    ("GET", "/admin/secret", 404),
]


@pytest.mark.parametrize("method, target, status", METHODS)
def test_methods_and_routes(usher, method, target, status):
    response = request(usher.url, method, target, [("X-API-Key", usher.api_key)])
    assert response.status == status
    assert response.header("Usher-Request-Id")
    assert (response.header("Allow") is not None) == (status == 405)


def test_head_is_get_without_a_body(usher):
    for target in ("/metrics", "/health/live"):
        response = request(usher.url, "HEAD", target)
        assert response.status == 200 and int(response.header("Content-Length")) > 0
