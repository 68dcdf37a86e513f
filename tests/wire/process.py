"""A running usher on free ports of the loopback address."""

import hashlib
import os
import queue
import re
import secrets
import subprocess
import threading
from pathlib import Path

import pytest

READY_SECONDS = 60
STOP_SECONDS = 60
LISTENING = re.compile(r"listening on (\S+)")


def usher_binary():
    """The program under test: USHER_BINARY, or the one that `make build` makes."""
    path = Path(os.environ.get("USHER_BINARY") or Path(__file__).parent.parent.parent / "build" / "usher")
    assert path.is_file(), f"{path} is not there; run `make build` or set USHER_BINARY"
    return str(path.resolve())


def surroundings():
    """This process's environment without USHER_BINARY and its like, which usher would read as keys of its configuration."""
    return {name: value for name, value in os.environ.items() if not name.startswith("USHER_")}


class Usher:
    """A running `usher serve` on free ports of the loopback address.

    urls     what its log says that it listens on, in the configured order
    url      the first of them, without a path
    port     the port of that one, None for a unix socket
    api_key  a key with every right, unless the configuration names its own keys
    """

    def __init__(self, process, api_key):
        self.process = process
        self.api_key = api_key
        self.urls = []
        self._lines = []
        self._arrived = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def url(self):
        return self.urls[0]

    @property
    def port(self):
        found = re.search(r":(\d+)$", self.url)
        return int(found.group(1)) if found else None

    def log(self):
        """All that it wrote to standard error so far."""
        return "".join(self._lines)

    def wait_for_log(self, pattern, timeout=READY_SECONDS):
        """The match of `pattern` in a line that was not asked for yet; fails when none arrives in time."""
        while True:
            try:
                line = self._arrived.get(timeout=timeout)
            except queue.Empty:
                pytest.fail(f"usher did not write {pattern!r} in {timeout} s")
            if line is None:
                pytest.fail(f"usher ended with {self.process.wait()} before it wrote {pattern!r}:\n{self.log()}")
            found = re.search(pattern, line)
            if found:
                return found

    def wait_until_ready(self, listeners):
        for _ in range(listeners):
            self.urls.append(self.wait_for_log(LISTENING).group(1).rstrip("/"))

    def stop(self):
        """Ends it as an operator does, and expects that it ends well. Does nothing when it has ended."""
        if self.process.poll() is None:
            self.process.terminate()
        self.end()
        assert self.process.returncode == 0, f"usher ended with {self.process.returncode}:\n{self.log()}"

    def kill(self):
        """Ends it as a crash does."""
        self.process.kill()
        self.end()

    def end(self):
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._reader.join()

    def _read(self):
        for line in self.process.stderr:
            self._lines.append(line)
            self._arrived.put(line)
        self._arrived.put(None)


def starter(folder):
    """(start, started): what the fixtures below give to tests, and the list of what was started."""
    started = []

    def start(config="", args=(), listen=("127.0.0.1:0",), env=None, before=()):
        api_key = secrets.token_urlsafe(32)
        if "auth.api_key" not in config:
            digest = hashlib.sha256(api_key.encode()).hexdigest()
            rights = '["publish", "tickets", "read", "disconnect"]'
            config += f'\n[[auth.api_key]]\nname = "tests"\nsha256 = "{digest}"\nrights = {rights}\n'
        file = folder / f"usher-{len(started)}.toml"
        file.write_text(config)
        command = [*before, usher_binary(), "serve", "--config", str(file), *args]
        for address in listen:
            command += ["--listen", address]
        if "drain" not in config:
            command += ["--set", "server.drain=0s", "--set", "server.drain_delay=0s"]
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**surroundings(), **(env or {})},
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        )
        usher = Usher(process, api_key)
        started.append(usher)
        usher.wait_until_ready(len(listen))
        return usher

    return start, started


def end_all(started, failed):
    for usher in started:
        if failed:
            print(f"--- log of usher, process {usher.process.pid}\n{usher.log()}")
        if usher.process.poll() is None:
            usher.stop()
        else:
            usher.end()
        usher.process.stderr.close()
