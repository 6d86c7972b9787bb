"""Starts the real programs for a test and stops them: each in its own directory, with its output kept in a file.

Every wait is on a condition and has a bound; a program that ends unexpectedly fails the test with its last lines.
"""

import os
import re
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

BIN = Path(os.environ.get("MMM_BIN", "build/dev/bin")).resolve()

# Generous, because a loaded machine is slow: a bound ends a hung test, it never decides a passing one.
WAIT_SECONDS = 180.0


class Failed(AssertionError):
    """A program did not do what the test waits for."""


def wait_until(condition, what, seconds=WAIT_SECONDS, alive=()):
    """Calls condition() until it returns something true, and returns that. `alive`: programs that must not end meanwhile."""
    deadline = time.monotonic() + seconds
    pause = 0.01
    while True:
        value = condition()
        if value:
            return value
        for program in alive:
            program.check_alive()
        if time.monotonic() > deadline:
            raise Failed(f"waited {seconds:.0f} s in vain: {what}")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.25)


class Program:
    """One running program. Its standard output and error go to files that the failure message quotes."""

    def __init__(self, name, arguments, directory, environment=None):
        self.name = name
        self.directory = Path(directory)
        self.arguments = [str(a) for a in arguments]
        self.environment = dict(os.environ, **(environment or {}))
        # The programs' own settings must come from the test alone.
        proxies = [name for kind in ("http", "https", "all", "no") for name in (f"{kind}_proxy", f"{kind.upper()}_PROXY")]
        for variable in ("AGENT_ID", "SERVER_URL", "API_KEY", "API_KEY_FILE", "DB_PATH", "LOG_LEVEL", *proxies):
            if variable not in (environment or {}):
                self.environment.pop(variable, None)
        self.process = None
        self.starts = 0

    @property
    def stdout_path(self):
        return self.directory / f"{self.name}.out"

    @property
    def stderr_path(self):
        return self.directory / f"{self.name}.err"

    def start(self):
        assert self.process is None, f"{self.name} runs already"
        with open(self.stdout_path, "ab") as out, open(self.stderr_path, "ab") as err:
            self.process = subprocess.Popen(
                self.arguments, stdout=out, stderr=err, stdin=subprocess.DEVNULL, cwd=self.directory, env=self.environment
            )
        self.starts += 1
        return self

    def running(self):
        return self.process is not None and self.process.poll() is None

    def check_alive(self):
        if self.process is not None and self.process.poll() is not None:
            raise Failed(f"{self.name} ended with {self.process.returncode}:\n{self.tail()}")

    def tail(self, lines=15):
        text = ""
        for path in (self.stdout_path, self.stderr_path):
            if path.exists():
                text += f"--- {path}\n" + "\n".join(path.read_text(errors="replace").splitlines()[-lines:]) + "\n"
        return text

    def memory(self, name):
        """Bytes of VmRSS, or VmHWM, its peak."""
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"^{name}:\s+(\d+) kB", text, re.MULTILINE)[1]) << 10

    def log_lines(self):
        """How many lines stand on its standard error."""
        return self.stderr_path.read_bytes().count(b"\n")

    def kill(self):
        """kill -9: no handler of the program runs."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def stop(self, seconds=15.0):
        """SIGTERM; returns the exit code. Fails when the program takes longer than it promises."""
        if self.process is None:
            return None
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            self.process = None
            raise Failed(f"{self.name} did not stop within {seconds:.0f} s of SIGTERM:\n{self.tail()}") from None
        self.process = None
        return code

    def wait(self, seconds=WAIT_SECONDS):
        """Waits for the program to end by itself and returns its exit code."""
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Failed(f"{self.name} did not end within {seconds:.0f} s:\n{self.tail()}") from None
        self.process = None
        return code

    def wait_for_output(self, pattern, path=None):
        """Waits for a line that matches and returns the match."""
        path = path or self.stdout_path
        expression = re.compile(pattern, re.MULTILINE)

        def look():
            return path.exists() and expression.search(path.read_text(errors="replace"))

        return wait_until(look, f"{self.name} prints {pattern!r}", alive=(self,))


class ProgramTest(unittest.TestCase):
    """A test with a directory of its own and programs that are gone when it ends. A failed test keeps its directory."""

    def setUp(self):
        self.directory = Path(tempfile.mkdtemp(prefix="mmm-e2e-"))
        self.programs = []

    def tearDown(self):
        for program in reversed(self.programs):
            program.kill()
        outcome = self._outcome
        failed = any(error for _, error in getattr(outcome, "errors", [])) or (
            outcome.result is not None and any(test is self for test, _ in outcome.result.failures + outcome.result.errors)
        )
        if failed:
            print(f"kept for inspection: {self.directory}")
        else:
            subprocess.run(["rm", "-rf", str(self.directory)], check=True)

    def program(self, name, arguments, environment=None):
        program = Program(name, arguments, self.directory, environment)
        self.programs.append(program)
        return program

    def run_to_end(self, arguments, environment=None, seconds=120):
        """Runs a program that ends by itself; returns (exit code, stdout, stderr)."""
        result = subprocess.run(
            [str(a) for a in arguments],
            capture_output=True,
            timeout=seconds,
            cwd=self.directory,
            env=dict(os.environ, **(environment or {})),
            check=False,
        )
        return result.returncode, result.stdout.decode(errors="replace"), result.stderr.decode(errors="replace")
