"""One byte stream to usher. Everything that waits has a deadline, and what ends says how."""

import os
import socket
from urllib.parse import urlsplit

DEADLINE_SECONDS = 60
CHUNK = 65536

# A sanitized usher keeps what it freed for a while; with this it does not, so that its size can be held against a bound.
MEMORY_IS_RETURNED = {"ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1:malloc_context_size=1"}


class Ended(Exception):
    """The stream ended where more was expected."""


class Peer:
    """A connection to `url` (http://host:port or unix:/path) or (host, port). Closed when its test ends, at the latest."""

    open = set()

    def __init__(self, url, receive_buffer=None, source=None):
        address, family = address_of(url)
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.open.add(self)
        self.socket.settimeout(DEADLINE_SECONDS)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        if source:
            self.socket.bind((source, 0))
        self.socket.connect(address)
        if family != socket.AF_UNIX:
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.unread = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.open.discard(self)
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def send_in_pieces(self, data, size):
        """Each piece by a call of its own. What usher refuses in the middle may break the stream for the rest."""
        try:
            for i in range(0, len(data), size):
                self.socket.sendall(data[i : i + size])
        except (BrokenPipeError, ConnectionResetError):
            return

    def send_end(self):
        self.socket.shutdown(socket.SHUT_WR)

    def _more(self, expected):
        data = self.socket.recv(CHUNK)
        if not data:
            raise Ended(f"the stream ended before {expected}; there was {self.unread[:200]!r}")
        self.unread += data

    def read(self, size):
        while len(self.unread) < size:
            self._more(f"{size} bytes were there")
        taken, self.unread = self.unread[:size], self.unread[size:]
        return taken

    def read_through(self, mark):
        while mark not in self.unread:
            self._more(f"{mark!r}")
        size = self.unread.index(mark) + len(mark)
        return self.read(size)

    def read_to_end(self):
        """All that comes until usher closes; this side is closed, too, then. A reset is an error."""
        while data := self.socket.recv(CHUNK):
            self.unread += data
        self.close()
        taken, self.unread = self.unread, b""
        return taken

    def expect_end(self):
        """usher has closed, cleanly, and said nothing more."""
        rest = self.read_to_end()
        assert rest == b"", f"more than was expected: {rest[:200]!r}"

    def ended(self):
        """Reads and drops until usher ends the stream in whatever way."""
        try:
            self.read_to_end()
        except ConnectionResetError:
            self.close()
        return True

    def reset(self):
        """Ends it as a machine that lost its power: no end of stream, a reset."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        self.close()


def address_of(url):
    if isinstance(url, tuple):
        return url, socket.AF_INET
    if url.startswith("unix:"):
        return url.removeprefix("unix:"), socket.AF_UNIX
    parts = urlsplit(url)
    family = socket.AF_INET6 if ":" in parts.hostname else socket.AF_INET
    return (parts.hostname, parts.port), family


def resident_bytes(process_id):
    with open(f"/proc/{process_id}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")
