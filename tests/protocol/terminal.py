"""`usher connect --trace` as somebody at a terminal uses it: types a line when the trace shows that it is time to."""

import re
import subprocess
import threading

from wire.process import surroundings, usher_binary

DEADLINE_SECONDS = 60


class Terminal:
    """The command on `path` of a running usher. Its standard input stays open until `finish`."""

    def __init__(self, usher, path, *args):
        command = [usher_binary(), "connect", usher.url.replace("http", "ws") + path, "--trace", "--wait", "0ms", *args]
        self.text = ""
        self._process = subprocess.Popen(
            command, env=surroundings(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self._watchdog = threading.Timer(DEADLINE_SECONDS, self._process.kill)
        self._watchdog.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._watchdog.cancel()
        self._process.kill()
        with self._process:
            pass

    def type(self, line):
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def wait_for(self, pattern):
        """Reads on until the trace has a line with `pattern` that was not read before; with the bytes, if it is a frame."""
        for line in self._process.stdout:
            self.text += line
            if re.search(pattern, line):
                if line[0] in "→←":
                    self.text += self._process.stdout.readline()
                return
        raise AssertionError(f"{pattern!r} did not come in:\n{self.text}{self._process.stderr.read()}")

    def until_it_ends(self):
        """Waits for usher to end it; (the whole trace, what was written to standard error)."""
        self.text += self._process.stdout.read()
        return self.finish()

    def finish(self):
        """Ends the input, which closes the socket; (the whole trace, what was written to standard error)."""
        rest, errors = self._process.communicate()
        self.text += rest
        return self.text, errors


def heads(trace):
    """The request and the answer: what stands before the first frame."""
    return trace[: trace.index("    time (s)")] if "    time (s)" in trace else trace


def frames(trace):
    """The table of the frames, without the account of the closing handshake."""
    return trace[trace.index("    time (s)") : trace.index("the closing handshake")]


def from_first_close(trace):
    """The Close frames and the account of the closing handshake, under the names of the columns."""
    table = frames(trace)
    columns, rest = table.split("\n", 1)
    rows = rest.split("\n")
    first = next(i for i, row in enumerate(rows) if " close " in row)
    return columns + "\n" + "\n".join(rows[first:]) + trace[trace.index("the closing handshake") :]
