"""mmm-agent as a process: its exit codes and words, and the way from a simulated radio to a server through kill -9."""

import socket
import unittest

from agent_site import AGENT, AGENT_STATUS, AgentTest
from processes import wait_until


class AgentProcess(AgentTest):
    # ---- What it says ----

    def test_a_good_configuration_is_called_good(self):
        code, out, err = self.run_agent("check-config", "--config", self.write_config("tcp_host = 127.0.0.1"))
        self.assertEqual((code, err), (0, ""))
        self.assertIn("test-agent", out)
        self.assertIn(f"server main: http://127.0.0.1:{self.server.port}, priority 1\n", out)

    def test_each_mistake_is_one_line_and_the_exit_code_is_1(self):
        path = self.write_config("connection_type = bluetooth", extra="colour = red\n[nonsense]\na = b\n")
        for command in (["check-config", "--config", path], ["--config", path]):
            code, _, err = self.run_agent(*command)
            self.assertEqual(code, 1)
            lines = err.splitlines()
            self.assertEqual(len(lines), 3, err)
            for line in lines:
                self.assertRegex(line, r"agent\.ini:\d+: ")

    def test_a_missing_file_is_one_line(self):
        code, _, err = self.run_agent("--config", "/nonexistent.ini")
        self.assertEqual((code, len(err.splitlines())), (1, 1), err)

    def test_the_python_versions_buffer_is_not_touched(self):
        import sqlite3

        path = self.directory / "old.db"
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE packet_buffer(id INTEGER PRIMARY KEY)")
        connection.close()
        config = self.write_config("tcp_host = 127.0.0.1")
        code, _, err = self.run_agent("--config", config, environment={"DB_PATH": str(path)})
        self.assertEqual(code, 1)
        self.assertIn("another program", err)

    def test_a_directory_that_cannot_be_made_is_one_line(self):
        (self.directory / "data").write_text("a file")
        code, _, err = self.run_agent("--config", self.write_config("tcp_host = 127.0.0.1"))
        self.assertEqual((code, len(err.splitlines())), (1, 1), err)
        self.assertIn("database_dir", err)

    def test_a_metrics_port_in_use_is_one_line(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            config = self.write_config("tcp_host = 127.0.0.1")
            config.write_text(config.read_text().replace("port = 0", f"port = {taken.getsockname()[1]}"))
            code, _, err = self.run_agent("--config", config)
        self.assertEqual((code, len(err.splitlines())), (1, 1), err)
        self.assertIn("another program uses that port", err)

    def test_a_missing_device_is_said_and_waited_for(self):
        config = self.write_config("connection_type = serial\ndevice_path = /dev/does-not-exist")
        agent = self.program("agent", [AGENT, "--config", config]).start()
        agent.wait_for_output(r"is the radio plugged in", path=agent.stderr_path)
        # Its own status reaches the server, with the reason.
        wait_until(lambda: self.server.payloads(AGENT_STATUS), "a status is uploaded", alive=(agent,))
        wait_until(
            lambda: any(b"does-not-exist" in payload for payload in self.server.payloads(AGENT_STATUS)),
            "the reason is uploaded",
            alive=(agent,),
        )
        self.assertEqual(agent.stop(), 0)

    def test_a_second_agent_on_the_same_buffer_ends_with_a_clear_line(self):
        config = self.write_config("connection_type = serial\ndevice_path = /dev/does-not-exist")
        first = self.program("agent", [AGENT, "--config", config]).start()
        first.wait_for_output(r"starts as", path=first.stderr_path)
        code, _, err = self.run_agent("--config", config)
        self.assertEqual(code, 1)
        self.assertIn("another mmm-agent", err)
        self.assertEqual(first.stop(), 0)

    # ---- What it does ----

    def test_everything_a_tcp_radio_delivers_arrives_once(self):
        sim = self.sim("--listen", "127.0.0.1:0", "--rate", "200", "--packets", "400", "--start-when", "connected")
        port = sim.wait_for_output(r"^radio 1 tcp 127\.0\.0\.1:(\d+)")[1]
        self.server.failures = [500, 503, 429]
        agent = self.program("agent", [AGENT, "--config", self.write_config(f"tcp_host = 127.0.0.1:{port}")]).start()
        self.check_exactly_once(sim, agent)

    def test_everything_a_serial_radio_delivers_arrives_once(self):
        link = self.directory / "tty"
        faults = ["--fault", "garbage=0.05", "--fault", "short-reads=0.3"]
        sim = self.sim("--pty", link, "--rate", "200", "--packets", "400", "--start-when", "connected", *faults)
        sim.wait_for_output(r"^radio 1 ")
        config = self.write_config(f"connection_type = serial\ndevice_path = {link}")
        agent = self.program("agent", [AGENT, "--config", config]).start()
        self.check_exactly_once(sim, agent)

    def test_what_was_committed_survives_kill(self):
        sim = self.sim("--listen", "127.0.0.1:0", "--rate", "300", "--packets", "1500", "--start-when", "connected")
        port = sim.wait_for_output(r"^radio 1 tcp 127\.0\.0\.1:(\d+)")[1]
        agent = self.program("agent", [AGENT, "--config", self.write_config(f"tcp_host = 127.0.0.1:{port}")]).start()
        for kill in range(5):
            goal = len(self.delivered_packets()) + 60
            wait_until(
                lambda wanted=goal: len(self.delivered_packets()) >= wanted or "done" in sim.stdout_path.read_text(),
                "packets arrive",
                alive=(agent,),
            )
            agent.kill()
            agent.start()
        self.check_exactly_once(sim, agent, killed=True)


if __name__ == "__main__":
    unittest.main()
