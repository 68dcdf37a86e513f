"""Groups 1 to 5 and 10: sizes, pings, reserved bits, opcodes, fragments."""

from case import Case, echo, pongs, texts
from wire.frames import BINARY, TEXT, binary, close, cut, fragments, frame, more, ping, pong, text

SIZES = [0, 125, 126, 127, 128, 65535, 65536, 65536]


def sizes():
    for group, opcode, fill in ((1, TEXT, b"*"), (2, BINARY, b"\xfe")):
        for number, size in enumerate(SIZES, 1):
            payload = fill * size
            chop = 997 if number == 8 else None
            yield Case(f"1.{group}.{number}", [frame(opcode, payload)], [echo(opcode, payload)], chop=chop)


HELLO = b"Hello, world!"
LONGEST = b"\xfe" * 125
PAYLOADS = [b"payload-%d" % number for number in range(10)]

PINGS = [
    Case("2.1", [ping()], pongs(b"")),
    Case("2.2", [ping(HELLO)], pongs(HELLO)),
    Case("2.3", [ping(b"\x00\xff\xfe\xfd\xfc\xfb\x00\xff")], pongs(b"\x00\xff\xfe\xfd\xfc\xfb\x00\xff")),
    Case("2.4", [ping(LONGEST)], pongs(LONGEST)),
    Case("2.5", [ping(b"\xfe" * 126)], [], fails=1002),
    Case("2.6", [ping(LONGEST)], pongs(LONGEST), chop=1),
    Case("2.7", [pong()], []),
    Case("2.8", [pong(b"unsolicited")], []),
    Case("2.9", [pong(b"unsolicited"), ping(b"ping payload")], pongs(b"ping payload")),
    Case("2.10", [ping(payload) for payload in PAYLOADS], pongs(*PAYLOADS)),
    Case("2.11", [ping(payload) for payload in PAYLOADS], pongs(*PAYLOADS), chop=1),
]

BEFORE = [text(HELLO)]
AFTER = [ping()]
RESERVED_BITS = [
    Case("3.1", [text(HELLO, rsv=1)], [], fails=1002),
    Case("3.2", [*BEFORE, text(HELLO, rsv=2), *AFTER], texts(HELLO), fails=1002),
    Case("3.3", [*BEFORE, text(HELLO, rsv=3), *AFTER], texts(HELLO), fails=1002, chop="frame"),
    Case("3.4", [*BEFORE, text(HELLO, rsv=4), *AFTER], texts(HELLO), fails=1002, chop=1),
    Case("3.5", [binary(b"\x00\xff\xfe\xfd\xfc\xfb\x00\xff", rsv=5)], [], fails=1002),
    Case("3.6", [ping(HELLO, rsv=6)], [], fails=1002),
    Case("3.7", [close(1000, rsv=7)], [], fails=1002),
]


def reserved_opcodes():
    for group, first in ((1, 3), (2, 11)):
        yield Case(f"4.{group}.1", [frame(first)], [], fails=1002)
        yield Case(f"4.{group}.2", [frame(first + 1, b"reserved")], [], fails=1002)
        yield Case(f"4.{group}.3", [*BEFORE, frame(first + 2), *AFTER], texts(HELLO), fails=1002)
        yield Case(f"4.{group}.4", [*BEFORE, frame(first + 3, HELLO), *AFTER], texts(HELLO), fails=1002)
        yield Case(f"4.{group}.5", [*BEFORE, frame(first + 4, HELLO), *AFTER], texts(HELLO), fails=1002, chop=1)


PARTS = [b"fragment1", b"fragment2"]
WHOLE = b"".join(PARTS)
FIRST, SECOND = fragments(TEXT, PARTS)
FIVE = [b"fragment%d" % number for number in range(1, 6)]
F1, F2, F3, F4, F5 = fragments(TEXT, FIVE)
PING = ping(b"ping payload")
PONG = pongs(b"ping payload")
LOOSE_LAST = more(b"non-continuation payload")
LOOSE_FIRST = more(b"non-continuation payload", fin=False)
HELLO_TEXT = text(HELLO)
CHOPS = (None, "frame", 1)


def fragmentation():
    yield Case("5.1", fragments(0x9, PARTS), [], fails=1002)
    yield Case("5.2", fragments(0xA, PARTS), [], fails=1002)
    for number, chop in enumerate(CHOPS):
        yield Case(f"5.{3 + number}", [FIRST, SECOND], texts(WHOLE), chop=chop)
        yield Case(f"5.{6 + number}", [FIRST, PING, SECOND], [*PONG, *texts(WHOLE)], chop=chop)
        yield Case(f"5.{9 + number}", [LOOSE_LAST, HELLO_TEXT], [], fails=1002, chop=chop)
        yield Case(f"5.{12 + number}", [LOOSE_FIRST, HELLO_TEXT], [], fails=1002, chop=chop)
    yield Case("5.15", [FIRST, SECOND, LOOSE_FIRST, HELLO_TEXT], texts(WHOLE), fails=1002)
    yield Case("5.16", [LOOSE_FIRST, FIRST, SECOND] * 2, [], fails=1002)
    yield Case("5.17", [LOOSE_LAST, FIRST, SECOND] * 2, [], fails=1002)
    yield Case("5.18", [FIRST, text(PARTS[1])], [], fails=1002)
    # The second half is sent only when the first ping was answered, so that the pong cannot wait for the message.
    spread = [F1, F2, PING, *PONG, F3, F4, PING, *PONG, F5]
    yield Case("5.19", spread, texts(b"".join(FIVE)))
    yield Case("5.20", spread, texts(b"".join(FIVE)), chop="frame")


LONG = b"*" * 65536
AUTOMATIC = [Case("10.1.1", fragments(TEXT, cut(LONG, 1300)), texts(LONG), chop="frame")]

CASES = [
    *sizes(),
    *PINGS,
    *RESERVED_BITS,
    *reserved_opcodes(),
    *sorted(fragmentation(), key=lambda case: int(case.id.split(".")[1])),
    *AUTOMATIC,
]
