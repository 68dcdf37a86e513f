#!/usr/bin/env python3
"""Compares usher with the floor: run.py BUILD_FOLDER [--rounds N] [--seconds S] [--only NAME,…] [--json FILE]

The server is pinned to one core, the load to another. usher and the floor take turns, each round with processes of its
own. What is compared is the processor time of the server for each message, which other programs on the machine disturb
less than rates and latencies. Look at the ratio of the medians; the spread says how far to trust it.
"""

import argparse
import json
import os
import re
import socket
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
READY = re.compile(r"listening on http://127\.0\.0\.1:(\d+)")
FLOOR_PORT = 19411
IDLE_SOCKETS = 9000
IDLE_BYTES_MAX = 600


@dataclass
class Scenario:
    """One row of the table. `floor` is the floor's mode and the bytes of a client's frame."""

    name: str
    target: float
    load: list
    floor: tuple


SCENARIOS = [
    Scenario("echo of 64 bytes, 200 sockets", 1.15, ["echo", "--connections", "200", "--size", "64"], ("echo", 70)),
    Scenario("the same, 16 deep", 1.6, ["echo", "--connections", "200", "--size", "64", "--depth", "16"], ("echo", 70)),
    Scenario("broadcast of 128 bytes to 1000, raw", 1.15, ["fanout", "--subscribers", "1000", "--size", "128"], ("fanout", 136)),
    Scenario(
        "the same, json",
        1.15,
        ["fanout", "--subscribers", "1000", "--size", "128", "--dialect", "json"],
        ("fanout", 145),
    ),
]


class Server:
    """A server process on a core of its own; known by the line that says where it listens."""

    def __init__(self, command, core):
        self.process = subprocess.Popen(
            ["taskset", "-c", str(core), *command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True,
        )
        said = []
        for line in self.process.stderr:
            if found := READY.search(line):
                self.port = int(found.group(1))
                return
            said.append(line)
        sys.exit(f"{command[0]} did not start:\n{''.join(said)}")

    @property
    def pid(self):
        return self.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stderr.close()


class Bench:
    def __init__(self, options):
        self.options = options
        self.usher = options.usher or str(Path(options.build) / "usher")
        self.floor = str(Path(options.build) / "bench" / "usher_floor")
        cores = sorted(os.sched_getaffinity(0))
        if len(cores) < 2:
            sys.exit("this needs two cores: one for the server, one for the load")
        self.server_core, self.load_core = cores[0], cores[1]

    def start_usher(self):
        command = [self.usher, "serve", "--config", str(HERE / "usher.toml"), "--listen", "127.0.0.1:0", "--workers", "1"]
        return Server(command, self.server_core)

    def start_floor(self, scenario, sent_bytes):
        mode, received_bytes = scenario.floor
        hello = ["hello"] if "json" in scenario.load else []
        return Server([self.floor, str(FLOOR_PORT), mode, str(received_bytes), str(sent_bytes), *hello], self.server_core)

    def put_load(self, server, scenario):
        command = ["taskset", "-c", str(self.load_core), self.options.load or self.usher, "bench", *scenario.load]
        command += ["--url", f"http://127.0.0.1:{server.port}", "--pid", str(server.pid), "--json"]
        command += ["--seconds", str(self.options.seconds), "--warm-up", "0.5"]
        return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)

    def compare(self, scenario):
        """Rounds of both; usher first, for the floor has to send as many bytes."""
        rows = {"usher": [], "floor": []}
        for _ in range(self.options.rounds):
            with self.start_usher() as server:
                rows["usher"].append(self.put_load(server, scenario))
            sent_bytes = round(rows["usher"][0]["bytes_each"])
            with self.start_floor(scenario, sent_bytes) as server:
                rows["floor"].append(self.put_load(server, scenario))
        return rows


def summary(rows):
    times = [row["server_us_each"] for row in rows]
    rate = [value for row in rows for key, value in row.items() if key.endswith("_per_second")]
    middle = statistics.median(times)
    return {
        "median_us": middle,
        "spread": (max(times) - min(times)) / middle,
        "rate": statistics.median(rate),
        "p50_us": statistics.median(row["latency_us"]["p50"] for row in rows),
        "p99_us": statistics.median(row["latency_us"]["p99"] for row in rows),
    }


def print_scenario(scenario, usher, floor, rows):
    ratio = usher["median_us"] / floor["median_us"]
    pairs = sorted(a["server_us_each"] / b["server_us_each"] for a, b in zip(rows["usher"], rows["floor"]))
    verdict = "met" if ratio <= scenario.target else f"missed by {ratio - scenario.target:.2f}"
    print(f"{scenario.name}: {ratio:.2f} × floor, target {scenario.target:.2f}: {verdict}")
    for name, row in (("usher", usher), ("floor", floor)):
        print(
            f"  {name}  {row['median_us']:7.3f} µs each (± {50 * row['spread']:.0f} %)  {row['rate']:9.0f} a second"
            f"  p50 {row['p50_us']:6.0f} µs  p99 {row['p99_us']:6.0f} µs"
        )
    print(f"  rounds: {pairs[0]:.2f} to {pairs[-1]:.2f}", flush=True)
    return ratio


def anonymous_bytes(pid):
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"RssAnon:\s+(\d+) kB", status).group(1)) * 1024


def open_socket(port, path):
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall(
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    answer = connection.recv(4096)
    if not answer.startswith(b"HTTP/1.1 101 "):
        sys.exit(f"refused: {answer.decode()}")
    return connection


def idle_memory(bench, path):
    """Bytes of user space for each idle WebSocket: how much the server's own memory grows with them."""
    with bench.start_usher() as server:
        open_socket(server.port, path.format(n=0)).close()
        before = anonymous_bytes(server.pid)
        sockets = [open_socket(server.port, path.format(n=n)) for n in range(IDLE_SOCKETS)]
        after = anonymous_bytes(server.pid)
        for each in sockets:
            each.close()
    return (after - before) / IDLE_SOCKETS


def print_memory(bench):
    shared = statistics.median(idle_memory(bench, "/channels/room.idle") for _ in range(3))
    own = statistics.median(idle_memory(bench, "/channels/echo.{n}") for _ in range(3))
    verdict = "met" if shared <= IDLE_BYTES_MAX else f"missed by {shared - IDLE_BYTES_MAX:.0f}"
    print(f"memory: {shared:.0f} bytes for each of {IDLE_SOCKETS} idle WebSockets on one channel, target {IDLE_BYTES_MAX}: {verdict}")
    print(f"  with a channel of its own for each: {own:.0f} bytes", flush=True)
    return {"shared": shared, "own": own}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", help="the folder of a release build")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--only", default="", help="numbers of rows, as in 1,3; 0 is the memory")
    parser.add_argument("--json", default="", help="a file for all that was measured")
    parser.add_argument("--usher", default="", help="another program to serve, BUILD_FOLDER/usher otherwise")
    parser.add_argument("--load", default="", help="another program to make the load, the server's own otherwise")
    options = parser.parse_args()
    bench = Bench(options)
    wanted = {int(number) for number in options.only.split(",") if number} or set(range(len(SCENARIOS) + 1))
    print(f"server on core {bench.server_core}, load on core {bench.load_core}, {options.rounds} rounds of {options.seconds:g} s")
    results = {}
    for number, scenario in enumerate(SCENARIOS, 1):
        if number not in wanted:
            continue
        rows = bench.compare(scenario)
        usher, floor = summary(rows["usher"]), summary(rows["floor"])
        ratio = print_scenario(scenario, usher, floor, rows)
        results[scenario.name] = {"ratio": ratio, "target": scenario.target, "usher": usher, "floor": floor, "rounds": rows}
    if 0 in wanted:
        results["memory"] = print_memory(bench)
    if options.json:
        Path(options.json).write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
