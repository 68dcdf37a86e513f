"""An echo that anyone may use: what a socket sends comes back to it as the channel's publication."""

import pytest

ECHO = """
[auth]
connect_with = ["anonymous"]
[limits]
message_bytes = 1048576
[[channel]]
name = "echo.{id}"
allow_subscribe = "anyone"
allow_publish = "anyone"
"""


@pytest.fixture(scope="module")
def one_worker(share_usher):
    return share_usher(ECHO, args=["--workers", "1"])


@pytest.fixture(scope="module")
def two_workers(share_usher):
    return share_usher(ECHO, args=["--workers", "2"])
