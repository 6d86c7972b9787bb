#!/usr/bin/env python3
"""What mmm-agent costs beside a radio: CPU time and memory at a steady rate of packets, uploads included.

    perf/agent/bench_agent.py [--mesh-rate 12] [--seconds 60] [--bin build/release/bin]

A simulated radio, the agent and a server run on this machine; only the agent is measured. perf/README.md says what it
must show.
"""

import argparse
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request

START_SECONDS_MAX = 30


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(condition, what):
    end = time.monotonic() + START_SECONDS_MAX
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise SystemExit(f"waited {START_SECONDS_MAX} s in vain: {what}")
        time.sleep(0.05)


def get(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return response.read().decode()
    except OSError:
        return None


def captured_records(port):
    """What the agent has committed to its buffer; 0 while it does not answer."""
    text = get(f"http://127.0.0.1:{port}/metrics") or ""
    found = re.search(r'^mmm_agent_ledger_records{[^}]*"captured"[^}]*} (\S+)$', text, re.MULTILINE)
    return float(found[1]) if found else 0


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_kib(pid, name):
    """VmRSS, RssAnon or VmHWM of a process, in KiB."""
    return int(re.search(rf"^{name}:\s+(\d+) kB", pathlib.Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)[1])


def write_configs(directory, server_port, radio_port, metrics_port):
    (directory / "server.ini").write_text(
        f"[server]\nhost = 127.0.0.1\nport = {server_port}\ndata_dir = {directory}/server\n[metrics]\nport = 0\n"
        "[api_keys]\nbench = bench-key\n"
    )
    (directory / "agent.ini").write_text(
        f"[agent]\nid = bench\nlocation_name = Bench\ndatabase_dir = {directory}/agent\n"
        f"[meshtastic]\nconnection_type = tcp\ntcp_host = 127.0.0.1:{radio_port}\n"
        f"[server_main]\nurl = http://127.0.0.1:{server_port}\napi_key = bench-key\n[metrics]\nport = {metrics_port}\n"
    )
    (directory / "agent").mkdir()


def measure(args, directory, start):
    radio_port, server_port, metrics_port = free_port(), free_port(), free_port()
    write_configs(directory, server_port, radio_port, metrics_port)
    start(args.bin / "mmm-server", "--config", directory / "server.ini")
    start(args.bin / "mmm-sim", "radio", "--listen", f"127.0.0.1:{radio_port}", "--seed", 7, "--rate", args.mesh_rate)
    wait_for(lambda: get(f"http://127.0.0.1:{server_port}/readyz"), "the server is ready")
    agent = start(args.bin / "mmm-agent", "--config", directory / "agent.ini").pid
    wait_for(lambda: captured_records(metrics_port) > 0, "the agent records")
    time.sleep(5)  # the configuration, the replay and the first uploads are not its steady work

    packets = captured_records(metrics_port)
    cpu = cpu_seconds(agent)
    begin = time.monotonic()
    time.sleep(args.seconds)
    seconds = time.monotonic() - begin
    cpu = cpu_seconds(agent) - cpu
    packets = captured_records(metrics_port) - packets
    print(f"{packets / seconds:.1f} records/s for {seconds:.0f} s")
    print(f"CPU       {100 * cpu / seconds:.2f} % of a core, {1e6 * cpu / max(packets, 1):.0f} us a record")
    print(f"RSS       {memory_kib(agent, 'VmRSS') / 1024:.1f} MiB, at most {memory_kib(agent, 'VmHWM') / 1024:.1f} MiB")
    print(f"of which  {memory_kib(agent, 'RssAnon') / 1024:.1f} MiB its own, the rest is files that are mapped (code)")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mesh-rate", type=float, default=12, help="packets a second that the mesh sends")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--bin", type=pathlib.Path, default=pathlib.Path(__file__).parents[2] / "build/release/bin")
    args = parser.parse_args()

    processes = []

    def start(*command):
        log = open(directory / f"{len(processes)}.log", "w")
        processes.append(subprocess.Popen([str(part) for part in command], stdout=log, stderr=log))
        return processes[-1]

    with tempfile.TemporaryDirectory(prefix="bench-agent-") as name:
        directory = pathlib.Path(name)
        try:
            measure(args, directory, start)
        finally:
            for process in reversed(processes):
                process.send_signal(signal.SIGTERM)
            for process in processes:
                process.wait(15)


if __name__ == "__main__":
    main()
