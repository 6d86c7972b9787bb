"""A clean Debian 12 with a systemd of its own in a folder, for tests that install packages. Needs root.

mmdebstrap fills the folder, systemd-nspawn boots it without a network but its own loopback; commands enter it by nsenter.
"""

import os
import pty
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

from packages import dependencies_of

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# Generous, because a loaded machine is slow: a bound ends a hung test, it never decides a passing one.
WAIT_SECONDS = 180.0
FETCH = "import sys, urllib.request; sys.stdout.write(urllib.request.urlopen(sys.argv[1], timeout=20).read().decode())"


def wait_until(condition, what, seconds=WAIT_SECONDS):
    """Calls condition() until it returns something true, and returns that."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:.0f} s in vain: {what() if callable(what) else what}")
        time.sleep(0.2)


def make_system(folder, packages, *others):
    """Fills the folder with a Debian that has what the packages depend on, and others, and none of the packages."""
    if os.geteuid() != 0:
        raise AssertionError("this test makes and boots a system of its own: run it as root")
    include = ["systemd", "systemd-sysv", "dbus", "adduser", *dependencies_of(packages), *others]
    subprocess.run(
        ["mmdebstrap", "--quiet", "--variant=apt", f"--include={','.join(include)}", "bookworm", folder],
        check=True, stdin=subprocess.DEVNULL, timeout=1800,
    )
    # Debian's installer writes these two.
    (Path(folder) / "etc/hosts").write_text("127.0.0.1 localhost\n::1 localhost\n")
    (Path(folder) / "etc/hostname").write_text("clean\n")


class System:
    """A booted copy of a made system; `packages` is the folder that it sees as /packages."""

    def __init__(self, made, folder, packages):
        self.folder = Path(folder)
        subprocess.run(["cp", "-a", made, folder], check=True)
        self.console = b""
        controller, terminal = pty.openpty()
        self.controller = controller
        self.nspawn = subprocess.Popen(
            # Registering and units of its own would need a systemd around it, which is not there in a container.
            ["systemd-nspawn", "--quiet", f"--directory={folder}", "--boot", "--register=no", "--keep-unit", "--private-network",
             "--link-journal=no", f"--machine=mmm-{os.getpid()}", f"--bind-ro={packages}:/packages"],
            stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True,
        )
        os.close(terminal)
        self.reader = threading.Thread(target=self._read_console, daemon=True)
        self.reader.start()
        self.leader = wait_until(self._find_leader, lambda: f"the system boots:\n{self._console_end()}")
        # "degraded" too: what this kernel does not let a guest do is not what the test is about.
        wait_until(lambda: self.run("systemctl", "is-system-running").stdout.strip() in ("running", "degraded"),
                   lambda: f"the system is up:\n{self._console_end()}")

    def _read_console(self):
        while True:
            try:
                data = os.read(self.controller, 65536)
            except OSError:
                return
            if not data:
                return
            self.console = (self.console + data)[-100_000:]

    def _console_end(self):
        return self.console.decode(errors="replace")[-3000:]

    def _find_leader(self):
        """The host's number of the system's process 1, once that is systemd."""
        if self.nspawn.poll() is not None:
            raise AssertionError(f"systemd-nspawn ended with {self.nspawn.returncode}:\n{self._console_end()}")
        for line in Path(f"/proc/{self.nspawn.pid}/task/{self.nspawn.pid}/children").read_text().split():
            if Path(f"/proc/{line}/comm").read_text().strip() == "systemd":
                return line
        return None

    def run(self, *command, check=False, text=None, seconds=600):
        """Runs a command in the system; `text` goes to its standard input."""
        result = subprocess.run(
            ["nsenter", "--target", self.leader, "--mount", "--uts", "--ipc", "--net", "--pid", "--root", "--wd", "--",
             "env", "-i", f"PATH={PATH}", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8", *map(str, command)],
            capture_output=True, input=text, text=True, timeout=seconds, check=False,
        )
        if check and result.returncode != 0:
            raise AssertionError(f"{' '.join(map(str, command))}: {result.returncode}\n{result.stdout}{result.stderr}")
        return result

    def output(self, *command, **options):
        return self.run(*command, check=True, **options).stdout.strip()

    def fetch(self, url):
        """The body at an address of the system's own loopback, or None."""
        result = subprocess.run(["nsenter", "--target", self.leader, "--net", "--", sys.executable, "-c", FETCH, url],
                                capture_output=True, text=True, timeout=60, check=False)
        return result.stdout if result.returncode == 0 else None

    def journal(self, unit):
        return self.output("journalctl", "--unit", unit, "--output=cat", "--no-pager")

    def property(self, unit, name):
        return self.output("systemctl", "show", "--property", name, "--value", unit)

    def path(self, inside):
        """Where a file of the system is for the test."""
        return self.folder / inside.lstrip("/")

    def close(self):
        """Shuts the system down; what does not end in time is killed with its process 1."""
        if self.nspawn.poll() is None:
            self.run("systemctl", "poweroff", "--force")
            try:
                self.nspawn.wait(60)
            except subprocess.TimeoutExpired:
                subprocess.run(["kill", "-KILL", self.leader], check=False)
                self.nspawn.wait(60)
        os.close(self.controller)
        shutil.rmtree(self.folder, ignore_errors=True)
