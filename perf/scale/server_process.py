"""The server that is measured: a real one, on loopback, with a data directory of its own."""

import os
import pathlib
import re
import signal
import socket
import subprocess
import time
import urllib.request

KEY = "bench-key"
START_SECONDS_MAX = 120
STOP_SECONDS_MAX = 30


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Server:
    def __init__(self, program, directory):
        self.program = program
        self.directory = directory
        self.data = directory / "data"
        self.port, self.metrics_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = None
        self.peak_rss = 0  # bytes, over all starts
        self.config = directory / "server.ini"
        self.config.write_text(
            f"[server]\nhost = 127.0.0.1\nport = {self.port}\ndata_dir = {self.data}\n"
            f"[metrics]\nport = {self.metrics_port}\n[api_keys]\nbench = {KEY}\n"
        )

    def start(self):
        """Seconds from the process' start until it listens, and until it is ready."""
        log = open(self.directory / "server.log", "a")
        begin = time.perf_counter()
        command = [str(self.program), "--config", str(self.config)]
        self.process = subprocess.Popen(command, stdout=log, stderr=log)
        listening = None
        while time.perf_counter() - begin < START_SECONDS_MAX:
            status = self.status()
            if status is not None and listening is None:
                listening = time.perf_counter() - begin
            if status == 200:
                return listening, time.perf_counter() - begin
            if self.process.poll() is not None:
                raise SystemExit(f"the server ended: see {self.directory / 'server.log'}")
            time.sleep(0.002)
        raise SystemExit(f"the server is not ready after {START_SECONDS_MAX} s: see {self.directory / 'server.log'}")

    def status(self):
        """Of /readyz; None when nobody listens."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
                connection.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                return int(connection.recv(64)[9:12])
        except (OSError, ValueError):
            return None

    def stop(self):
        if self.process is None:
            return
        self.note_rss()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(STOP_SECONDS_MAX)
        self.process = None

    def drop_from_page_cache(self):
        """What is read at the next start comes from the disk: the data and the program, not its libraries."""
        os.sync()
        for path in [self.program, *self.data.rglob("*")]:
            if not path.is_file():
                continue
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            finally:
                os.close(descriptor)

    def memory(self, name):
        """Bytes of VmRSS, RssAnon or VmHWM."""
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"^{name}:\s+(\d+) kB", text, re.MULTILINE)[1]) * 1024

    def note_rss(self):
        self.peak_rss = max(self.peak_rss, self.memory("VmHWM"))

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def metric(self, name):
        """The sum over all labels."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics_port}/metrics", timeout=30) as response:
                text = response.read().decode()
        except OSError as error:
            raise SystemExit(f"the server's metrics cannot be read: {error}; see {self.directory / 'server.log'}") from None
        return sum(float(value) for value in re.findall(rf"^{name}(?:{{[^}}]*}})? (\S+)$", text, re.MULTILINE))

    def wait_until_projected(self):
        """Until the index has all that the log has; gives the seconds."""
        begin = time.perf_counter()
        while self.metric("mmm_server_projection_lag_records") > 0:
            time.sleep(0.1)
        return time.perf_counter() - begin
