#!/usr/bin/env python3
"""How many instructions mmm-agent executes for each packet: the same each time, whatever else the machine does.

    perf/agent/bench_instructions.py [--mesh-rate 12] [--seconds 60] [--bin build/release/bin]

The agent runs under callgrind (package valgrind) beside a simulated radio and a server, as in bench_agent.py. Counted is
everything it does in user space, what it does every second included, divided by the packets that came meanwhile.
"""

import argparse
import pathlib
import re
import subprocess
import tempfile
import time

from site_programs import Site, wait_for


def control(pid, what):
    subprocess.run(["callgrind_control", what, str(pid)], check=True, stdout=subprocess.DEVNULL)


def instructions(path):
    return int(re.search(r"^(?:summary|totals): (\d+)", path.read_text(), re.MULTILINE)[1])


def measure(args, site):
    site.start_server()
    site.start_radio(args.mesh_rate)
    out = site.directory / "callgrind.out"
    # Debian 12's valgrind cannot read clang 19's debug information.
    program = site.directory / "mmm-agent"
    subprocess.run(["strip", "--strip-debug", "-o", program, site.bin / "mmm-agent"], check=True)
    agent = site.start_agent(program, under=["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}"])
    wait_for(lambda: site.ledger("captured") > 0, "the agent records", 300)
    time.sleep(20)  # the configuration, the replay and the first uploads are not its steady work
    control(agent.pid, "--zero")
    packets, begin = site.ledger("captured"), time.monotonic()
    time.sleep(args.seconds)
    packets, seconds = site.ledger("captured") - packets, time.monotonic() - begin
    control(agent.pid, "--dump")
    dump = wait_for(lambda: next(iter(site.directory.glob("callgrind.out.*")), None), "callgrind writes its figures")
    count = instructions(dump)
    print(f"{packets / seconds:.1f} records/s for {seconds:.0f} s")
    print(f"{count / packets:,.0f} instructions a record, {count / seconds / 1e6:.1f} million a second")
    # Where they go: with all that the function calls.
    annotated = subprocess.run(["callgrind_annotate", "--inclusive=yes", dump], check=True, capture_output=True, text=True)
    pathlib.Path(args.annotated).write_text(annotated.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mesh-rate", type=float, default=12, help="packets a second that the mesh sends")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--annotated", default="/dev/null", help="where the instructions went, function by function")
    parser.add_argument("--bin", type=pathlib.Path, default=pathlib.Path(__file__).parents[2] / "build/release/bin")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-agent-") as directory, Site(args.bin, directory) as site:
        measure(args, site)


if __name__ == "__main__":
    main()
