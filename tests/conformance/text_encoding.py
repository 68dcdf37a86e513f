"""Group 6: text that is UTF-8, and text that is not, which must be noticed at the first wrong byte."""

from case import Case, texts
from wire.frames import MASK_KEY, TEXT, fragments, header, masked, octets, text

KOSME = bytes.fromhex("cebae1bdb9cf83cebcceb5")
MIXED = "Hello-µ@ßöäüàá-UTF-8!!".encode()
SURROGATE = KOSME + bytes.fromhex("eda080") + b"edited"
BEYOND = KOSME + bytes.fromhex("f4908080") + b"edited"


def fails_before_the_end(number, parts):
    """Only what is needed to see the error is sent: the rest of the message never comes."""
    frame_by_frame = fragments(TEXT, [*parts, b"never sent"])[: len(parts)]
    yield Case(f"6.4.{number}", frame_by_frame, [], fails=1007, chop="frame")
    sent = b"".join(parts)
    announced = header(TEXT, len(sent) + 10)
    first = len(announced) + len(parts[0])
    whole = announced + masked(sent, MASK_KEY)
    yield Case(f"6.4.{number + 2}", [whole[:first], whole[first:]], [], fails=1007, chop="frame")


FIRST_CASES = [
    Case("6.1.1", [text(b"")], texts(b"")),
    Case("6.1.2", fragments(TEXT, [b"", b"", b""]), texts(b"")),
    Case("6.1.3", fragments(TEXT, [b"", b"middle frame payload", b""]), texts(b"middle frame payload")),
    Case("6.2.1", [text(MIXED)], texts(MIXED)),
    Case("6.2.2", fragments(TEXT, [MIXED[:12], MIXED[12:]]), texts(MIXED)),
    Case("6.2.3", fragments(TEXT, octets(MIXED)), texts(MIXED)),
    Case("6.2.4", fragments(TEXT, octets(KOSME)), texts(KOSME)),
    Case("6.3.1", [text(SURROGATE)], [], fails=1007),
    Case("6.3.2", fragments(TEXT, octets(SURROGATE)), [], fails=1007),
    *fails_before_the_end(1, [KOSME, bytes.fromhex("f4908080")]),
    *fails_before_the_end(2, [KOSME + b"\xf4", b"\x90"]),
]


def lonely_starts(first, last):
    return b"".join(bytes([byte, 0x20]) for byte in range(first, last))


def cut_short():
    """Sequences whose last byte is missing: the least and the greatest of each length."""
    return [bytes.fromhex(h) for h in "c0 e080 f08080 f8808080 fc80808080 df efbf f7bfbf fbbfbfbf fdbfbfbfbf".split()]


def not_characters():
    """U+nFFFE and U+nFFFF of every plane: no characters, and yet valid."""
    yield from (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
    for plane in range(1, 17):
        yield from (chr(plane << 16 | last).encode() for last in (0xFFFE, 0xFFFF))


def hexed(words):
    return [bytes.fromhex(word) for word in words.split()]


def around(*middles):
    return [b"hello" + middle.encode() + b"world" for middle in middles]


# Number of the group, whether its texts are valid, the texts. Where it differs within a group, there are several rows.
SEQUENCES = [
    (5, True, [*around("$", "\u00a2", "\u20ac", "\U00024b62"), KOSME]),
    (6, None, [KOSME[:size] for size in range(1, len(KOSME) + 1)]),
    (7, True, hexed("00 c280 e0a080 f0908080")),
    (8, False, hexed("f888808080 fc8480808080")),
    (9, True, hexed("7f dfbf efbfbf f48fbfbf")),
    (10, False, hexed("f7bfbfbf fbbfbfbfbf fdbfbfbfbfbf")),
    (11, True, hexed("ed9fbf ee8080 efbfbd f48fbfbf")),
    (11, False, hexed("f4908080")),
    (12, False, hexed("80 bf 80bf 80bf80 80bf80bf 80bf80bf80 80bf80bf80bf")),
    (12, False, [bytes(range(0x80, 0xC0))]),
    (13, False, [lonely_starts(*r) for r in ((0xC0, 0xDF), (0xE0, 0xEF), (0xF0, 0xF7), (0xF8, 0xFB), (0xFC, 0xFD))]),
    (14, False, cut_short()),
    (15, False, [b"".join(cut_short())]),
    (16, False, hexed("fe ff fefeffff")),
    (17, False, hexed("c0af e080af f08080af f8808080af fc80808080af")),
    (18, False, hexed("c1bf e09fbf f08fbfbf f887bfbfbf fc83bfbfbfbf")),
    (19, False, hexed("c080 e08080 f0808080 f880808080 fc8080808080")),
    (20, False, hexed("eda080 edadbf edae80 edafbf edb080 edbe80 edbfbf")),
    (21, False, hexed("eda080edb080 eda080edbfbf edadbfedb080 edadbfedbfbf")),
    (21, False, hexed("edae80edb080 edae80edbfbf edafbfedb080 edafbfedbfbf")),
    (22, True, list(not_characters())),
    (23, True, [chr(code).encode() for code in range(0xFFF9, 0x10000)]),
]


def is_utf8(payload):
    try:
        payload.decode()
    except UnicodeDecodeError:
        return False
    return True


def sequences():
    numbers = {}
    for group, valid, payloads in SEQUENCES:
        for payload in payloads:
            good = is_utf8(payload) if valid is None else valid
            numbers[group] = numbers.get(group, 0) + 1
            end = {"answers": texts(payload)} if good else {"answers": [], "fails": 1007}
            yield Case(f"6.{group}.{numbers[group]}", [text(payload)], **end)


CASES = [*sorted(FIRST_CASES, key=lambda case: case.id), *sequences()]
