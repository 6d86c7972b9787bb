"""A server, a simulated radio and an agent on this machine, for the benchmarks of the agent."""

import os
import pathlib
import re
import signal
import socket
import subprocess
import time
import urllib.request

START_SECONDS_MAX = 120


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(condition, what, seconds=START_SECONDS_MAX):
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise SystemExit(f"waited {seconds} s in vain: {what}")
        time.sleep(0.05)


def get(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return response.read().decode()
    except OSError:
        return None


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mib(pid, name):
    """VmRSS, RssAnon or VmHWM of a process."""
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(rf"^{name}:\s+(\d+) kB", text, re.MULTILINE)[1]) / 1024


class Site:
    """Programs in a directory of their own, stopped at the end: `with Site(…) as site`."""

    def __init__(self, binaries, directory):
        self.bin = pathlib.Path(binaries)
        self.directory = pathlib.Path(directory)
        self.server_port, self.metrics_port, self.radio_port = free_port(), free_port(), free_port()
        self.processes = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            process.wait(60)

    def start(self, program, *arguments, under=()):
        with open(self.directory / f"{len(self.processes)}-{pathlib.Path(program).name}.log", "w") as log:
            command = [*under, self.bin / program, *arguments]
            self.processes.append(subprocess.Popen([str(part) for part in command], stdout=log, stderr=log))
        return self.processes[-1]

    def start_server(self):
        config = self.directory / "server.ini"
        config.write_text(
            f"[server]\nhost = 127.0.0.1\nport = {self.server_port}\ndata_dir = {self.directory}/server\n"
            "[metrics]\nport = 0\n[api_keys]\nbench = bench-key\n"
        )
        process = self.start("mmm-server", "--config", config)
        wait_for(lambda: get(f"http://127.0.0.1:{self.server_port}/readyz"), "the server is ready")
        return process

    def start_radio(self, rate):
        return self.start("mmm-sim", "radio", "--listen", f"127.0.0.1:{self.radio_port}", "--seed", 7, "--rate", rate)

    def buffer_path(self):
        (self.directory / "agent").mkdir(exist_ok=True)
        return self.directory / "agent" / "bench_agent_buffer.db"

    def start_agent(self, program="mmm-agent", under=()):
        """`under`: another program with its arguments, which runs it."""
        self.buffer_path()
        config = self.directory / "agent.ini"
        config.write_text(
            f"[agent]\nid = bench\nlocation_name = Bench\ndatabase_dir = {self.directory}/agent\n"
            f"[meshtastic]\nconnection_type = tcp\ntcp_host = 127.0.0.1:{self.radio_port}\n"
            f"[server_main]\nurl = http://127.0.0.1:{self.server_port}\napi_key = bench-key\n"
            f"[buffer]\nmax_size = 8G\n[metrics]\nport = {self.metrics_port}\n"
        )
        return self.start(program, "--config", config, under=under)

    def ledger(self, what):
        """Records of the agent that are captured, delivered, waiting …; 0 while it does not answer."""
        text = get(f"http://127.0.0.1:{self.metrics_port}/metrics") or ""
        found = re.search(rf'^mmm_agent_ledger_records{{[^}}]*"{what}"[^}}]*}} (\S+)$', text, re.MULTILINE)
        return float(found[1]) if found else 0
