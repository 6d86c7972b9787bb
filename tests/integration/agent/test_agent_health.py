"""mmm-agent healthcheck: tells an agent that is well from one that starts, one that is sick and none at all."""

import fcntl
import os
import signal
import unittest

from agent_site import AGENT, AgentTest
from processes import wait_until


class AgentHealthTest(AgentTest):
    def health(self, config, *arguments):
        """(exit status, the line)"""
        code, out, err = self.run_agent("healthcheck", "--config", config, *arguments)
        self.assertEqual(err, "")
        self.assertEqual(len(out.splitlines()), 1, out)
        return code, out.strip()

    def buffer(self):
        return self.directory / "data" / "test-agent_agent_buffer.db"

    def test_with_a_radio_it_is_healthy_and_without_one_alive(self):
        sim = self.sim("--listen", "127.0.0.1:0", "--rate", "1")
        port = sim.wait_for_output(r"^radio 1 tcp 127\.0\.0\.1:(\d+)")[1]
        config = self.write_config(f"connection_type = tcp\ntcp_host = 127.0.0.1:{port}")
        agent = self.program("agent", [AGENT, "--config", config]).start()
        wait_until(lambda: self.health(config) == (0, "healthy"), "the agent is healthy", alive=(agent, sim))
        self.assertEqual(self.health(config, "--ready"), (0, "healthy"))

        sim.stop()
        wait_until(lambda: self.health(config)[1] != "healthy", "the loss is noticed", alive=(agent,))
        code, line = self.health(config)
        self.assertEqual(code, 0)
        self.assertRegex(line, rf"^alive, not ready: \[meshtastic\] tcp 127\.0\.0\.1:{port} is (down|connecting)")
        self.assertEqual(self.health(config, "--ready")[0], 1)

    def test_one_that_answers_nobody_is_sick(self):
        config = self.write_config("connection_type = tcp\ntcp_host = 127.0.0.1:1")
        agent = self.program("agent", [AGENT, "--config", config]).start()
        wait_until(lambda: self.health(config)[0] == 0, "the agent is alive", alive=(agent,))
        agent.process.send_signal(signal.SIGSTOP)
        try:
            code, line = self.health(config)
        finally:
            agent.process.send_signal(signal.SIGCONT)
        self.assertEqual(code, 1)
        self.assertRegex(line, r"^sick: .*the agent does not answer")
        wait_until(lambda: self.health(config)[0] == 0, "the agent goes on", alive=(agent,))

    def test_one_that_has_its_buffer_and_does_not_answer_yet_is_starting(self):
        config = self.write_config("connection_type = tcp\ntcp_host = 127.0.0.1:1")
        code, line = self.health(config)
        self.assertEqual(code, 1)
        self.assertRegex(line, r"^no agent runs with this configuration")
        self.buffer().parent.mkdir()
        # As SQLite holds it while a long log is read back in.
        with open(self.buffer(), "w") as file:
            fcntl.lockf(file, fcntl.LOCK_EX)
            code, line = self.health(config)
        self.assertEqual(code, 1)
        self.assertRegex(line, rf"^starting or ending: process {os.getpid()} has the buffer ")


if __name__ == "__main__":
    unittest.main()
