"""SIGHUP: servers, filters and log level are taken up while the radio's link goes on."""

import re
import signal
import unittest

from agent_site import AGENT, AgentTest, Server
from processes import wait_until


class ReloadTest(AgentTest):
    def reload(self, agent, said):
        before = agent.stderr_path.read_text().count(said)
        agent.process.send_signal(signal.SIGHUP)
        wait_until(lambda: agent.stderr_path.read_text().count(said) > before, f"the log says {said}", alive=(agent,))

    def test_servers_come_and_go_and_the_link_stays(self):
        other = Server()
        self.addCleanup(other.close)
        sim = self.sim("--listen", "127.0.0.1:0", "--rate", "100", "--packets", "600", "--start-when", "connected")
        port = sim.wait_for_output(r"^radio 1 tcp 127\.0\.0\.1:(\d+)")[1]
        radio = f"tcp_host = 127.0.0.1:{port}"
        config = self.write_config(radio)
        agent = self.program("agent", [AGENT, "--config", config]).start()
        wait_until(lambda: len(self.delivered_packets()) > 50, "packets arrive", alive=(agent,))

        # Another server beside the first, and more in the log.
        self.write_config(radio, f"[server_other]\nurl = http://127.0.0.1:{other.port}\napi_key = k\n[log]\nlevel = debug\n")
        self.reload(agent, "reloaded: 2 server(s)")
        wait_until(lambda: len(other.payloads(1)) > 50, "packets arrive at the other, too", alive=(agent,))

        # With a mistake everything goes on as it was.
        config.write_text(config.read_text() + "[server_bad]\nurl = nothing\n")
        self.reload(agent, "nothing was reloaded")
        self.assertIn("url", agent.stderr_path.read_text())

        # The other is taken away again, the first gets everything once.
        self.write_config(radio)
        self.reload(agent, "reloaded: 1 server(s)")
        taken = len(other.records)
        sim.wait_for_output(r"^done ")
        wanted = self.truth_packets()
        wait_until(lambda: len(self.delivered_packets()) >= len(wanted), "everything is delivered", alive=(agent,))
        self.assertEqual(agent.stop(), 0)
        self.assertEqual(sorted(packet.hex() for packet in self.delivered_packets()), sorted(wanted))
        self.assertEqual(len(other.records), taken)
        # The radio was connected to once.
        self.assertEqual(len(re.findall(r": ready, node", agent.stderr_path.read_text())), 1)


if __name__ == "__main__":
    unittest.main()
