"""mmm-server healthcheck: tells a server that is well from one that starts, one that is sick and none at all."""

import fcntl
import os
import signal
import unittest

from one_server import OneServerTest
from processes import BIN, wait_until


class HealthcheckTest(OneServerTest):
    def health(self, *arguments):
        """(exit status, the line)"""
        code, out, err = self.run_to_end([BIN / "mmm-server", "healthcheck", "--config", self.config, *arguments])
        self.assertEqual(err, "")
        self.assertEqual(len(out.splitlines()), 1, out)
        return code, out.strip()

    def start_where_it_is_looked_for(self):
        self.start_server()
        self.config.write_text(self.config.read_text().replace("port = 0", f"port = {self.port}", 1))

    def test_a_server_that_answers_is_healthy(self):
        self.start_where_it_is_looked_for()
        wait_until(lambda: self.health("--ready") == (0, "healthy"), "the server is ready", alive=(self.server,))
        self.assertEqual(self.health(), (0, "healthy"))

    def test_one_that_answers_nobody_is_sick(self):
        self.start_where_it_is_looked_for()
        self.server.process.send_signal(signal.SIGSTOP)
        try:
            code, line = self.health()
        finally:
            self.server.process.send_signal(signal.SIGCONT)
        self.assertEqual(code, 1)
        self.assertRegex(line, rf"^sick: no answer from 127\.0\.0\.1:{self.port} within \d+ s$")
        wait_until(lambda: self.health()[0] == 0, "the server goes on", alive=(self.server,))

    def test_one_that_has_its_log_and_does_not_serve_yet_is_starting(self):
        self.start_where_it_is_looked_for()
        self.assertEqual(self.server.stop(), 0)
        code, line = self.health()
        self.assertEqual(code, 1)
        self.assertRegex(line, rf"^no server runs with this configuration: 127\.0\.0\.1:{self.port}: ")
        # As RocksDB holds it while it reads what a crash has left.
        with open(self.directory / "data" / "log" / "LOCK", "w") as file:
            fcntl.lockf(file, fcntl.LOCK_EX)
            code, line = self.health()
        self.assertEqual(code, 1)
        self.assertRegex(line, rf"^starting or ending: process {os.getpid()} has the packet log ")


if __name__ == "__main__":
    unittest.main()
