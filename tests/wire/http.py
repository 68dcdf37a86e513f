"""Requests as bytes, and answers read by RFC 9112."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from wire.peer import Peer


@dataclass
class Response:
    status: int
    reason: str
    headers: list
    body: bytes
    head: bytes

    def all(self, name):
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def header(self, name):
        """The value of a header that may come once; None when it is not there."""
        values = self.all(name)
        assert len(values) <= 1, f"{name} came {len(values)} times"
        return values[0] if values else None

    def json(self):
        import json

        return json.loads(self.body)

    @property
    def code(self):
        """The stable code of a problem+json."""
        assert self.header("Content-Type") == "application/problem+json", self
        problem = self.json()
        assert problem["status"] == self.status and problem["type"] == "about:blank", problem
        return problem["code"]

    def without(self, *names):
        """All of it but these headers, to compare."""
        dropped = {name.lower() for name in names}
        return self.status, self.reason, [h for h in self.headers if h[0].lower() not in dropped], self.body


def host_of(url):
    return "localhost" if url.startswith("unix:") else urlsplit(url).netloc


def lines(start, headers):
    """A head. `headers` are (name, value) pairs; a value of None leaves the header out."""
    return "".join([start, "\r\n", *(f"{k}: {v}\r\n" for k, v in headers if v is not None), "\r\n"]).encode("latin-1")


def request_bytes(url, method, target, headers=(), body=None):
    headers = [*headers]
    names = {name.lower() for name, _ in headers}
    if "host" not in names:
        headers.insert(0, ("Host", host_of(url)))
    if body is not None and "content-length" not in names and "transfer-encoding" not in names:
        headers.append(("Content-Length", len(body)))
    return lines(f"{method} {target} HTTP/1.1", headers) + (body or b"")


def read_response(peer, method="GET"):
    head = peer.read_through(b"\r\n\r\n")
    start, *rest = head[:-4].decode("latin-1").split("\r\n")
    version, status, *reason = start.split(" ", 2)
    assert version == "HTTP/1.1", start
    headers = [tuple(line.split(": ", 1)) if ": " in line else (line.rstrip(":"), "") for line in rest]
    response = Response(int(status), reason[0] if reason else "", headers, b"", head)
    if response.status in (101, 204, 304) or method == "HEAD":
        return response
    size = response.header("Content-Length")
    assert size is not None, head
    response.body = peer.read(int(size))
    return response


def request(url, method, target, headers=(), body=None):
    """One request on a connection of its own."""
    with Peer(url) as peer:
        peer.send(request_bytes(url, method, target, headers, body))
        return read_response(peer, method)
