"""Group 7: the closing handshake, its codes and reasons."""

from case import Case, texts
from wire.frames import CLOSE, TEXT, close, close_body, fragments, frame, ping, text

NORMAL = close_body(1000)
HELLO = b"Hello World!"
LARGE = b"BAsd7&jh23" * 26214
FIRST, SECOND = fragments(TEXT, [b"fragment1", b"fragment2"])

VALID = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999]
INVALID = [0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999]
TOO_GREAT = [5000, 65535]

CASES = [
    Case("7.1.1", [text(HELLO), close(1000)], texts(HELLO), closes=NORMAL),
    Case("7.1.2", [close(1000), close(1000)], [], closes=NORMAL),
    Case("7.1.3", [close(1000), ping()], [], closes=NORMAL),
    Case("7.1.4", [close(1000), text(HELLO)], [], closes=NORMAL),
    Case("7.1.5", [FIRST, close(1000), SECOND], [], closes=NORMAL),
    Case("7.1.6", [text(LARGE), close(1000), ping()], texts(LARGE), closes=NORMAL),
    Case("7.3.1", [close()], [], closes=b""),
    Case("7.3.2", [frame(CLOSE, b"a")], [], fails=1002),
    Case("7.3.3", [close(1000)], [], closes=NORMAL),
    Case("7.3.4", [close(1000, HELLO)], [], closes=NORMAL),
    Case("7.3.5", [close(1000, b"*" * 123)], [], closes=NORMAL),
    Case("7.3.6", [close(1000, b"*" * 124)], [], fails=1002),
    Case("7.5.1", [close(1000, bytes.fromhex("cebae1bdb9cf83cebcceb5eda080") + b"edited")], [], fails=1007),
    *(Case(f"7.7.{i}", [close(code)], [], closes=close_body(code)) for i, code in enumerate(VALID, 1)),
    *(Case(f"7.9.{i}", [close(code)], [], fails=1002) for i, code in enumerate(INVALID, 1)),
    *(Case(f"7.13.{i}", [close(code)], [], fails=1002) for i, code in enumerate(TOO_GREAT, 1)),
]
