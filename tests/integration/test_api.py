"""/api: the answers that Centrifugo's clients expect."""

import base64
import hashlib
import json

import pytest
from channel_rooms import CONFIG
from wire.gateway import JSON, RAW, api, api_error, connect, eventually, hello, publish, result
from wire.http import request


@pytest.fixture(scope="module")
def usher(share_usher):
    return share_usher(CONFIG, args=["--workers", "2"])


def test_publish(usher):
    with connect(usher, "room.publish", JSON) as socket:
        epoch = hello(socket)["epoch"]
        assert result(usher, "publish", {"channel": "room.publish", "data": {"a": 1}}) == {"offset": 1, "epoch": epoch}
        told = socket.json_message()
        assert (told["data"], told["user"], told["info"]) == ({"a": 1}, None, None)
        body = b'{"channel":"room.publish","data":{"n":123456789012345678901234567890,"n":1.10}}'
        request(usher.url, "POST", "/api/publish", [("X-API-Key", usher.api_key)], body)
        assert socket.message().endswith('"data":{"n":123456789012345678901234567890,"n":1.10}}')
        binary = base64.b64encode(b"\x00\x01").decode()
        result(usher, "publish", {"channel": "room.publish", "b64data": binary})
        assert socket.json_message()["base64"] == binary
        result(usher, "publish", {"channel": "room.publish", "data": 1, "tags": {"kind": "x"}})
        assert socket.json_message()["tags"] == {"kind": "x"}
    assert result(usher, "publish", {"channel": "live.publish", "data": 1}) == {}


def test_broadcast(usher):
    with connect(usher, "room.a", JSON) as a, connect(usher, "live.b", RAW) as b:
        epoch = hello(a)["epoch"]
        channels = ["room.a", "live.b", "nowhere.c"]
        answer = result(usher, "broadcast", {"channels": channels, "data": "all"})
        first, second, third = answer["responses"]
        assert first == {"result": {"offset": 1, "epoch": epoch}} and second == {"result": {}}
        assert third["error"]["code"] == 102
        assert a.json_message()["data"] == "all" and b.message() == '"all"'


def test_channels_and_info(usher):
    sockets = [connect(usher, f"room.count{number % 2}", RAW) for number in range(3)]
    for socket in sockets:
        socket.round_trip()
    channels = result(usher, "channels", {"pattern": "room.count*"})["channels"]
    assert channels == {"room.count0": {"num_clients": 2}, "room.count1": {"num_clients": 1}}
    node = result(usher, "info")["nodes"][0]
    assert node["num_clients"] >= 3 and node["num_channels"] >= 2
    assert {"uid", "name", "version", "uptime"} <= set(node)
    for socket in sockets:
        socket.finish()
        socket.close()
    eventually(lambda: result(usher, "channels", {"pattern": "room.count*"})["channels"], {})


ERRORS = [
    ("publish", {"channel": "nowhere.1", "data": 1}, 102),
    ("history", {"channel": "nowhere.1"}, 102),
    ("history", {"channel": "live.1"}, 108),
    ("history", {"channel": "room.x", "limit": 1, "since": {"offset": 5, "epoch": "strange"}}, 112),
]


@pytest.mark.parametrize("method, body, code", ERRORS)
def test_errors_are_answered_with_200(usher, method, body, code):
    assert api_error(usher, method, body) == code


BAD = [
    ("publish", b""),
    ("publish", b"{"),
    ("publish", b"[]"),
    ("publish", b"{}"),
    ("publish", b'{"channel":"room.1"}'),
    ("publish", b'{"channel":5,"data":1}'),
    ("publish", b'{"channel":"room.1","b64data":"*"}'),
    ("publish", b'{"channel":"room.1","data":1,"tags":[]}'),
    ("publish", b'{"channel":"room.1","data":1,"tags":{"a":1}}'),
    ("publish", b'{"channel":"room.1","data":1,"tags":{"a":[{"b":1e999}]}}'),
    ("broadcast", b'{"channels":[],"data":1}'),
    ("broadcast", b'{"channels":"room.1","data":1}'),
    ("history", b'{"channel":"room.1","limit":-1}'),
    ("history", b'{"channel":"room.1","since":"x"}'),
    ("publish", b'{"channel":"room.1","data":1} x'),
    ("publish", b"\xff"),
]


@pytest.mark.parametrize("method, body", BAD)
def test_bodies_that_are_refused(usher, method, body):
    response = request(usher.url, "POST", f"/api/{method}", [("X-API-Key", usher.api_key)], body)
    if response.status == 200:
        assert response.json()["error"]["code"] == 107
    else:
        assert response.status == 400


def test_keys(usher):
    for headers in ([], [("X-API-Key", "wrong")], [("X-API-Key", "")], [("Authorization", "Bearer x")]):
        response = request(usher.url, "POST", "/api/info", headers, b"{}")
        assert response.status == 401, headers
    shown = [("Authorization", f"apikey {usher.api_key}")]
    assert request(usher.url, "POST", "/api/info", shown, b"{}").status == 200
    twice = [("X-API-Key", usher.api_key), *shown]
    assert request(usher.url, "POST", "/api/info", twice, b"{}").status == 400


def test_rights_and_channels_of_a_key(start_usher):
    config = CONFIG
    for name, rights, channels in (("writer", ["publish"], ["room.*"]), ("reader", ["read"], ["room.*"])):
        digest = hashlib.sha256(name.encode()).hexdigest()
        config += f'\n[[auth.api_key]]\nname = "{name}"\nsha256 = "{digest}"\n'
        config += f"rights = {json.dumps(rights)}\nchannels = {json.dumps(channels)}\n"
    usher = start_usher(config)
    data = {"channel": "room.1", "data": 1}
    assert api(usher, "publish", data, key="reader").status == 403
    assert api(usher, "history", {"channel": "room.1"}, key="writer").status == 403
    assert api(usher, "channels", key="writer").status == 403
    assert result(usher, "publish", data, key="writer")["offset"] == 1
    assert api_error(usher, "publish", {"channel": "live.1", "data": 1}, key="writer") in (102, 103)
    usher.api_key = "writer"
    assert publish(usher, "room.1", "x")["offset"] == 2
    outside = request(usher.url, "POST", "/channels/live.1", [("X-API-Key", "writer")], b"x")
    assert outside.status == 403


def test_publish_over_http(usher):
    with connect(usher, "room.http", JSON) as socket:
        epoch = hello(socket)["epoch"]
        tagged = [("Usher-Tag-Kind", "note"), ("Content-Type", "application/json")]
        assert publish(usher, "room.http", '{"a":1}', tagged) == {"offset": 1, "epoch": epoch}
        told = socket.json_message()
        assert (told["data"], told["tags"]) == ({"a": 1}, {"kind": "note"})
        for headers in ([], [("X-API-Key", "wrong")]):
            assert request(usher.url, "POST", "/channels/room.http", headers, b"x").status == 401
        assert request(usher.url, "POST", "/channels/nowhere", [("X-API-Key", usher.api_key)], b"x").status == 404
        socket.round_trip()
