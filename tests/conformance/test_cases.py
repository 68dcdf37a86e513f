"""The cases of the public Autobahn list by their numbers, each with its strict outcome."""

import closing
import framing
import pytest
import text_encoding
from case import run
from wire.websocket import WebSocket

CASES = [*framing.CASES, *text_encoding.CASES, *closing.CASES]
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
