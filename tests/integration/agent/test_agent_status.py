"""mmm-agent status: what the running agent tells of its link, radio, buffer and servers."""

import json
import os
import stat
import unittest

from agent_site import AGENT, AgentTest
from processes import wait_until


class StatusTest(AgentTest):
    def status(self, config, *arguments):
        code, out, err = self.run_agent("status", "--config", config, *arguments)
        self.assertEqual(code, 0, err)
        return out

    def report(self, config):
        return json.loads(self.status(config, "--json"))

    def test_a_running_agent_tells_how_it_is(self):
        sim = self.sim("--listen", "127.0.0.1:0", "--rate", "200", "--packets", "60", "--start-when", "connected")
        port = sim.wait_for_output(r"^radio 1 tcp 127\.0\.0\.1:(\d+)")[1]
        config = self.write_config(f"connection_type = tcp\ntcp_host = 127.0.0.1:{port}")
        agent = self.program("agent", [AGENT, "--config", config]).start()
        sim.wait_for_output(r"^done ")
        wanted = len(self.truth_packets())
        wait_until(lambda: len(self.delivered_packets()) >= wanted, "everything is delivered", alive=(agent,))
        wait_until(lambda: self.report(config)["radios"][0]["destinations"][0]["ledger"]["waiting"] == 0, "nothing waits", alive=(agent,))

        agent_report = self.report(config)
        self.assertEqual(agent_report["agent"], "test-agent")
        (report,) = agent_report["radios"]
        self.assertEqual((report["name"], report["link"]["state"]), ("meshtastic", "ready"))
        self.assertRegex(report["radio"]["id"], r"^![0-9a-f]{8}$")
        self.assertTrue(report["radio"]["channels"])
        self.assertLessEqual(agent_report["now_us"] - report["link"]["last_packet_us"], 60_000_000)
        (destination,) = report["destinations"]
        ledger = destination["ledger"]
        self.assertEqual(ledger["captured"], ledger["delivered"])
        self.assertGreaterEqual(ledger["delivered"], wanted)
        (server,) = destination["servers"]
        self.assertEqual((server["name"], server["healthy"], server["serving"], server["failure"]), ("main", True, True, ""))

        text = self.status(config)
        self.assertIn("test-agent", text)
        self.assertIn("· ready\n", text)
        self.assertIn(f"captured {ledger['captured']} = delivered {ledger['delivered']} + set aside 0 + filtered 0 + dropped 0 + waiting 0\n", text)
        self.assertIn("server main: healthy, in use, took records ", text)

        # Only for who owns the agent's data.
        (socket,) = [path for path in (self.directory / "data").iterdir() if path.name.endswith(".socket")]
        self.assertEqual(stat.S_IMODE(os.stat(socket).st_mode), 0o600)
        self.assertEqual(agent.stop(), 0)
        self.assertFalse(socket.exists())

    def test_a_server_that_is_away_is_told_with_its_reason(self):
        self.server.close()
        config = self.write_config("connection_type = tcp\ntcp_host = 127.0.0.1:1")
        agent = self.program("agent", [AGENT, "--config", config]).start()
        wait_until(lambda: (self.directory / "data" / "test-agent_agent_buffer.db.socket").exists(), "the socket", alive=(agent,))
        wait_until(lambda: self.report(config)["radios"][0]["destinations"][0]["servers"][0]["failed_us"], "an upload fails", alive=(agent,))
        text = self.status(config)
        self.assertIn("last packet never\n", text)
        self.assertRegex(text, r"server main: (not )?healthy, in use, took records never; last failure \d+ s ago: .*refused")
        # Its own status records wait.
        self.assertRegex(text, r"waiting [1-9]")

    def test_without_an_agent_it_says_so(self):
        config = self.write_config("connection_type = tcp\ntcp_host = 127.0.0.1:1")
        code, out, err = self.run_agent("status", "--config", config)
        self.assertEqual((code, out), (1, ""))
        self.assertRegex(err, r"^mmm-agent: no agent runs with this configuration: nobody listens at .*\n$")


if __name__ == "__main__":
    unittest.main()
