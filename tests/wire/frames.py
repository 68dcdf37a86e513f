"""Frames of RFC 6455, section 5: made byte by byte, and read strictly."""

import struct
from dataclasses import dataclass

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
MASK_KEY = b"\x37\xfa\x21\x3d"


@dataclass(frozen=True)
class Frame:
    opcode: int
    payload: bytes
    fin: bool = True
    rsv: int = 0

    @property
    def code(self):
        """The code of a Close; None when its body is empty."""
        return struct.unpack(">H", self.payload[:2])[0] if self.payload else None

    @property
    def reason(self):
        return self.payload[2:].decode()

    def __repr__(self):
        shown = self.payload if len(self.payload) <= 60 else self.payload[:40] + b"... %d bytes" % len(self.payload)
        return f"Frame(opcode={self.opcode:#x}, fin={self.fin}, rsv={self.rsv}, {shown!r})"


def masked(payload, key):
    size = len(payload)
    pad = (key * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(pad, "big")).to_bytes(size, "big")


def header(opcode, size, fin=True, rsv=0, key=MASK_KEY, form=None):
    """The header that announces `size` bytes. `form` 7, 16 or 64 forces how the length is written."""
    form = form or (7 if size < 126 else 16 if size < 65536 else 64)
    mask = 0x80 if key is not None else 0
    first = bytes([(0x80 if fin else 0) | rsv << 4 | opcode])
    length = {
        7: lambda: bytes([mask | size]),
        16: lambda: bytes([mask | 126]) + struct.pack(">H", size),
        64: lambda: bytes([mask | 127]) + struct.pack(">Q", size),
    }[form]()
    return first + length + (key or b"")


def frame(opcode, payload=b"", fin=True, rsv=0, key=MASK_KEY, form=None):
    body = payload if key is None else masked(payload, key)
    return header(opcode, len(payload), fin, rsv, key, form) + body


def text(payload=b"", **how):
    return frame(TEXT, payload.encode() if isinstance(payload, str) else payload, **how)


def binary(payload=b"", **how):
    return frame(BINARY, payload, **how)


def more(payload=b"", **how):
    """A continuation."""
    return frame(CONTINUATION, payload, **how)


def ping(payload=b"", **how):
    return frame(PING, payload, **how)


def pong(payload=b"", **how):
    return frame(PONG, payload, **how)


def close_body(code=None, reason=b""):
    return b"" if code is None else struct.pack(">H", code) + reason


def close(code=None, reason=b"", **how):
    return frame(CLOSE, close_body(code, reason), **how)


def fragments(opcode, parts, **how):
    """One message in as many frames as there are parts."""
    last = len(parts) - 1
    return [frame(CONTINUATION if i else opcode, part, fin=i == last, **how) for i, part in enumerate(parts)]


def octets(payload):
    return [payload[i : i + 1] for i in range(len(payload))]


def cut(payload, size):
    return [payload[i : i + size] for i in range(0, len(payload), size)]
