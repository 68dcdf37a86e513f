"""What every Python suite shares: a running usher, `start_usher` for one test and `share_usher` for a module."""

import pytest
from wire.peer import Peer
from wire.process import end_all, starter, surroundings, usher_binary

__all__ = ["surroundings", "usher_binary"]


@pytest.fixture
def start_usher(tmp_path, request):
    """start_usher(config, args=(), listen=("127.0.0.1:0",), env={}, before=()) -> Usher, ready. It is stopped after the test.

    `config` is TOML. Unless it names API keys itself, one with every right is added; unless it speaks of drain, a stop
    does not wait. Relative paths in it are looked for in the test's tmp_path. `before` is a command that runs usher.
    """
    start, started = starter(tmp_path)
    yield start
    end_all(started, getattr(request.node, "failed_call", False))


@pytest.fixture(scope="module")
def share_usher(tmp_path_factory, request):
    """The same for fixtures of a whole module: its tests share what was started, and it is stopped after the last."""
    start, started = starter(tmp_path_factory.mktemp("shared"))
    failed_before = request.session.testsfailed
    yield start
    end_all(started, request.session.testsfailed > failed_before)


@pytest.fixture(autouse=True)
def close_peers():
    """What a test leaves open is closed behind it."""
    yield
    for peer in list(Peer.open):
        peer.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call":
        item.failed_call = report.failed
    return report
