"""The frames of drafts 7 and 8 are those of the RFC; what differs is which close codes they know."""

import closing
import framing
import pytest
import text_encoding
from case import run
from wire.frames import BINARY, TEXT, Frame, close, frame
from wire.websocket import WebSocket

# Section 7.4 of the drafts: 7 did not know 1007, neither knew what came after it.
TRANSLATED = {7: {1007: 1002, 1009: 1004}, 8: {1009: 1004}}
KNOWN = {7: (1000, 1001, 1002, 1003, 1004), 8: (1000, 1001, 1002, 1003, 1004, 1007)}
UNKNOWN = {7: (1005, 1006, 1007, 1008, 1009, 1011), 8: (1005, 1006, 1008, 1009, 1011)}
CLOSING = [case for case in closing.CASES if case.id.startswith(("7.1", "7.3", "7.5"))]
CASES = [*framing.CASES, *text_encoding.FIRST_CASES, *CLOSING]

versions = pytest.mark.parametrize("version", [7, 8])


def open_echo(usher, version, name):
    return WebSocket(usher.url, f"/channels/echo.{name}", version=version)


@versions
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case(one_worker, version, case):
    with open_echo(one_worker, version, case.id.replace(".", "-")) as socket:
        run(socket, case, lambda code: TRANSLATED[version].get(code, code))


@versions
def test_known_codes_are_echoed(one_worker, version):
    for code in (*KNOWN[version], 3000, 4999):
        with open_echo(one_worker, version, "known") as socket:
            socket.finish(code)


@versions
def test_unknown_codes_are_an_error(one_worker, version):
    for code in UNKNOWN[version]:
        with open_echo(one_worker, version, "unknown") as socket:
            socket.send(close(code))
            socket.expect_close(1002)
            socket.expect_end()


@versions
def test_too_big_is_1004(one_worker, version):
    with open_echo(one_worker, version, "big") as socket:
        socket.send(frame(TEXT, b"x" * (1 << 20)) + frame(BINARY, b"x" * ((1 << 20) + 1))[:14])
        socket.expect(Frame(TEXT, b"x" * (1 << 20)))
        socket.expect_close(1004)
        socket.expect_end()


@versions
@pytest.mark.parametrize("form", [16, 64])
def test_a_length_in_a_longer_form_is_tolerated(one_worker, version, form):
    with open_echo(one_worker, version, "long-form") as socket:
        socket.send(frame(TEXT, b"hi", form=form))
        socket.expect(Frame(TEXT, b"hi"))
        socket.finish()
