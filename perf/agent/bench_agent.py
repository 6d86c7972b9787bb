#!/usr/bin/env python3
"""What mmm-agent costs beside a radio: CPU time and memory at a steady rate of packets, uploads included.

    perf/agent/bench_agent.py [--mesh-rate 12] [--seconds 60] [--bin build/release/bin]

A simulated radio, the agent and a server run on this machine; only the agent is measured. perf/README.md says what it
must show.
"""

import argparse
import pathlib
import tempfile
import time

from site_programs import Site, cpu_seconds, memory_mib, wait_for


def measure(args, site):
    site.start_server()
    site.start_radio(args.mesh_rate)
    agent = site.start_agent().pid
    wait_for(lambda: site.ledger("captured") > 0, "the agent records")
    time.sleep(5)  # the configuration, the replay and the first uploads are not its steady work

    packets = site.ledger("captured")
    cpu = cpu_seconds(agent)
    begin = time.monotonic()
    time.sleep(args.seconds)
    seconds = time.monotonic() - begin
    cpu = cpu_seconds(agent) - cpu
    packets = site.ledger("captured") - packets
    print(f"{packets / seconds:.1f} records/s for {seconds:.0f} s")
    print(f"CPU       {100 * cpu / seconds:.2f} % of a core, {1e6 * cpu / max(packets, 1):.0f} us a record")
    print(f"RSS       {memory_mib(agent, 'VmRSS'):.1f} MiB, at most {memory_mib(agent, 'VmHWM'):.1f} MiB")
    print(f"of which  {memory_mib(agent, 'RssAnon'):.1f} MiB its own, the rest is files that are mapped (code)")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mesh-rate", type=float, default=12, help="packets a second that the mesh sends")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--bin", type=pathlib.Path, default=pathlib.Path(__file__).parents[2] / "build/release/bin")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-agent-") as directory, Site(args.bin, directory) as site:
        measure(args, site)


if __name__ == "__main__":
    main()
