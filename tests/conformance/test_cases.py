"""The cases of the public Autobahn list by their numbers, each with its strict outcome."""

from dataclasses import replace

import closing
import framing
import pytest
import text_encoding
from case import run
from wire.websocket import WebSocket

CASES = [*framing.CASES, *text_encoding.CASES, *closing.CASES]
SMALL = [replace(case, chop=1) for case in CASES if sum(len(item) for item in case.sent if isinstance(item, bytes)) < 2000]
COUNTS = {"1": 16, "2": 11, "3": 7, "4": 10, "5": 20, "6": 145, "7": 37, "10": 1}


def test_the_list_is_complete():
    counts = {group: sum(case.id.split(".")[0] == group for case in CASES) for group in COUNTS}
    assert counts == COUNTS
    assert len({case.id for case in CASES}) == 247


def each(cases):
    return pytest.mark.parametrize("case", cases, ids=lambda case: case.id)


@each(CASES)
def test_one_worker(one_worker, case):
    with WebSocket(one_worker.url, f"/channels/echo.{case.id.replace('.', '-')}") as socket:
        run(socket, case)


@each(CASES)
def test_two_workers(two_workers, case):
    with WebSocket(two_workers.url, f"/channels/echo.{case.id.replace('.', '-')}") as socket:
        run(socket, case)


@each(SMALL)
def test_octet_by_octet(one_worker, case):
    with WebSocket(one_worker.url, f"/channels/echo.{case.id.replace('.', '-')}") as socket:
        run(socket, case)


@each(SMALL)
def test_behind_the_handshake(one_worker, case):
    """All of it in one segment with the request, as far as nothing is awaited in between."""
    first = b""
    for item in case.sent:
        if not isinstance(item, bytes):
            break
        first += item
    rest = replace(case, sent=case.sent[case.sent.index(item) :] if not isinstance(item, bytes) else [])
    with WebSocket(one_worker.url, f"/channels/echo.{case.id.replace('.', '-')}", behind=first) as socket:
        run(socket, replace(rest, chop=None))
