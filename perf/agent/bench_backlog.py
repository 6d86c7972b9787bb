#!/usr/bin/env python3
"""What an agent does with a week of outage behind it: how fast its buffer opens, and how fast it drains into a server.

    perf/agent/bench_backlog.py --directory DIR [--records 6000000] [--rate 10] [--opens 5] [--bin build/release/bin]

Makes a buffer of so many records in DIR (some 140 bytes each), opens it by starting the agent, in turns with an empty
one, and lets it drain into a server on loopback while a simulated radio goes on at --rate. Then one client of mmm-sim
load sends as many records as it can from memory, one upload at a time, for comparison. perf/README.md says what it must
show.
"""

import argparse
import json
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import time
import urllib.request

from site_programs import Site, cpu_seconds, memory_mib, wait_for

LOAD_RECORDS = 1_000_000
# Of the backlog, what is left out at both ends of the measurement.
MARGIN = 0.05


def seconds_to_open(binaries, directory):
    """From the start of the program to its metrics endpoint, which it opens after its buffer; no server, no radio."""
    with Site(binaries, directory) as site:
        begin = time.monotonic()
        site.start_agent()
        url = f"http://127.0.0.1:{site.metrics_port}/metrics"
        while True:
            try:
                urllib.request.urlopen(url, timeout=5).close()
                return time.monotonic() - begin
            except OSError:
                if time.monotonic() - begin > 60:
                    raise SystemExit("the agent does not open its buffer within 60 s") from None
                time.sleep(0.002)


def measure_opening(args, full):
    opened = {"full": [], "empty": []}
    for _ in range(args.opens):
        opened["full"].append(seconds_to_open(args.bin, full))
        with tempfile.TemporaryDirectory(prefix="empty-", dir=args.directory) as empty:
            opened["empty"].append(seconds_to_open(args.bin, empty))
    full_s, empty_s = (statistics.median(opened[which]) for which in ("full", "empty"))
    print(f"opens in  {full_s:.3f} s, at most {max(opened['full']):.3f} s; an empty one in {empty_s:.3f} s")


def measure_drain(args, directory):
    with Site(args.bin, directory) as site:
        site.start_server()
        site.start_radio(args.rate)
        agent = site.start_agent().pid
        first, last = args.records * MARGIN, args.records * (1 - MARGIN)
        wait_for(lambda: site.ledger("delivered") > first, "the drain begins", 600)
        begin, cpu, sent = time.monotonic(), cpu_seconds(agent), site.ledger("delivered")
        captured = site.ledger("captured")
        rss = []

        def beyond():
            rss.append(memory_mib(agent, "VmRSS"))
            return site.ledger("delivered") > last

        wait_for(beyond, "the drain ends", 3600)
        seconds, cpu, sent = time.monotonic() - begin, cpu_seconds(agent) - cpu, site.ledger("delivered") - sent
        captured = site.ledger("captured") - captured
        wait_for(lambda: site.ledger("waiting") < 100 * args.rate, "all is delivered", 600)
        dropped = site.ledger("dropped")
        print(f"drains    {sent / seconds:,.0f} records/s while {captured / seconds:.1f} records/s arrive; {dropped:.0f} dropped")
        print(f"CPU       {1e6 * cpu / sent:.1f} us a record, {100 * cpu / seconds:.0f} % of a core")
        print(f"RSS       {statistics.median(rss):.1f} MiB, at most {memory_mib(agent, 'VmHWM'):.1f} MiB")
        return sent / seconds


def measure_load(args, directory):
    """One client that has its uploads ready in memory and waits for each answer, as an agent does."""
    with Site(args.bin, directory) as site:
        site.start_server()
        command = [
            args.bin / "mmm-sim", "load", "--server", f"http://127.0.0.1:{site.server_port}", "--key", "bench-key", "--agents", "1",
            "--connections", "1", "--batch", "500", "--compress", "zstd", "--records", LOAD_RECORDS, "--json",
        ]
        out = subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout
        return json.loads(out)["records_per_second"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--directory", type=pathlib.Path, required=True, help="needs 400 bytes a record")
    parser.add_argument("--records", type=int, default=6_000_000)
    parser.add_argument("--rate", type=float, default=10, help="packets a second that the mesh sends meanwhile")
    parser.add_argument("--opens", type=int, default=5)
    parser.add_argument("--bin", type=pathlib.Path, default=pathlib.Path(__file__).parents[2] / "build/release/bin")
    args = parser.parse_args()
    args.directory.mkdir(parents=True, exist_ok=True)
    full = pathlib.Path(tempfile.mkdtemp(prefix="backlog-", dir=args.directory))
    try:
        path = Site(args.bin, full).buffer_path()
        subprocess.run([args.bin / "make_buffer", "--path", path, "--records", str(args.records)], check=True)
        measure_opening(args, full)
        drained = measure_drain(args, full)
        with tempfile.TemporaryDirectory(prefix="load-", dir=args.directory) as directory:
            loaded = measure_load(args, directory)
        print(f"load      {loaded:,.0f} records/s by one client from memory: the agent has {drained / loaded:.2f} of it")
    finally:
        shutil.rmtree(full)


if __name__ == "__main__":
    main()
