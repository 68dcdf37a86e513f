"""What usher offers to a back end: tickets, publications, the API, the metrics."""

import json
import re
import time

from wire.http import request
from wire.peer import DEADLINE_SECONDS
from wire.websocket import WebSocket

JSON = "usher.json.v1"
RAW = "usher.raw.v1"
ORIGIN = "https://app.example.com"


def api(usher, method, body=None, key=None, headers=()):
    """The answer to POST /api/<method>."""
    head = [("X-API-Key", key or usher.api_key), *headers]
    return request(usher.url, "POST", f"/api/{method}", head, json.dumps(body or {}).encode())


def result(usher, method, body=None, key=None):
    response = api(usher, method, body, key)
    assert response.status == 200, response
    answer = response.json()
    assert set(answer) == {"result"}, answer
    return answer["result"]


def api_error(usher, method, body=None, key=None):
    """The code of an error that is answered with 200, as Centrifugo does."""
    response = api(usher, method, body, key)
    assert response.status == 200, response
    return response.json()["error"]["code"]


def mint(usher, user="alice", **record):
    """A ticket from POST /api/tickets."""
    response = api(usher, "tickets", {"user": user, **record})
    assert response.status == 201, response
    return response.json()["ticket"]


def publish(usher, channel, body, headers=()):
    """POST /channels/{channel} with the API key; the JSON of the answer."""
    body = body.encode() if isinstance(body, str) else body
    response = request(usher.url, "POST", f"/channels/{channel}", [("X-API-Key", usher.api_key), *headers], body)
    assert response.status == 200, response
    return response.json()


def connect(usher, channel, protocol=None, query="", user="alice", ticket=None, record=None, **how):
    """A WebSocket on the channel, with a fresh ticket in its header."""
    shown = ticket or mint(usher, user, **(record or {}))
    headers = [("Authorization", f"Ticket {shown}"), *how.pop("headers", ())]
    protocols = [protocol] if protocol else []
    return WebSocket(usher.url, f"/channels/{channel}{query}", protocols=protocols, headers=headers, **how)


def hello(socket):
    """The hello of a json socket that was just opened."""
    message = socket.json_message()
    assert set(message) == {"hello"}, message
    return message["hello"]


def metrics(usher):
    """Every sample as {name{labels}: number}."""
    response = request(usher.url, "GET", "/metrics", [("X-API-Key", usher.api_key)])
    assert response.status == 200, response
    samples = re.findall(r"^(\w+(?:\{.*\})?) (\S+)$", response.body.decode(), re.MULTILINE)
    return {name: float(value) for name, value in samples}


def refused_tickets(usher):
    """How often each reason was counted: {reason: count}, the zeros left out."""
    found = re.compile(r'usher_tickets_refused_total\{reason="(\w+)"\}')
    return {m.group(1): int(v) for k, v in metrics(usher).items() if (m := found.fullmatch(k)) and v}


def eventually(measure, wanted):
    """Asks again until the answer is this one: what one worker did is known to the others a moment later."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while (found := measure()) != wanted and time.monotonic() < deadline:
        pass
    assert found == wanted
