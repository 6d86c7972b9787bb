"""One agent beside two radios: each has a buffer and a stream of its own, and none holds up the other."""

import json
import re
import unittest

import wire
from agent_site import AGENT, AGENT_STATUS, AgentTest
from processes import BIN, wait_until


class SeveralRadiosTest(AgentTest):
    def two_radios(self):
        """Simulated radios that hear one mesh, and an agent with both: (simulator, agent, its configuration)."""
        arguments = ["radio", "--radios", "2", "--listen", "127.0.0.1:0", "--seed", "5", "--packets", "300", "--rate", "100"]
        sim = self.program("sim", [BIN / "mmm-sim", *arguments, "--start-when", "connected", "--truth", self.directory / "truth"]).start()
        ports = [sim.wait_for_output(rf"^radio {number} tcp 127\.0\.0\.1:(\d+)")[1] for number in (1, 2)]
        config = self.write_config(
            f"connection_type = tcp\ntcp_host = 127.0.0.1:{ports[0]}", f"[meshtastic_2]\nconnection_type = tcp\ntcp_host = 127.0.0.1:{ports[1]}\n"
        )
        return sim, self.program("agent", [AGENT, "--config", config]).start(), config

    def delivered_by_stream(self):
        """For each stream, the packets at the server in the order of their numbers."""
        with self.server.lock:
            records = sorted(self.server.records.items())
        streams = {}
        for (stream, _), (kind, payload) in records:
            packets = streams.setdefault(stream, [])
            packet = wire.mesh_packet(payload) if kind != AGENT_STATUS else None
            if packet is not None:
                packets.append(packet.hex())
        return sorted(streams.values())

    def truth_by_radio(self):
        lines = [json.loads(line) for line in (self.directory / "truth").read_text().splitlines()]
        packets = [line for line in lines if "packet_hex" in line]
        return sorted([line["packet_hex"] for line in packets if line["radio"] == number] for number in (1, 2))

    def test_each_radio_is_a_stream_with_exactly_what_it_heard(self):
        sim, agent, config = self.two_radios()
        sim.wait_for_output(r"^done ")
        truth = self.truth_by_radio()
        self.assertGreater(min(map(len, truth)), 50)
        wait_until(lambda: sum(map(len, self.delivered_by_stream())) >= sum(map(len, truth)), "everything is delivered", alive=(agent,))
        code, out, err = self.run_agent("status", "--json", "--config", config)
        self.assertEqual(code, 0, err)
        radios = json.loads(out)["radios"]
        self.assertEqual([radio["name"] for radio in radios], ["meshtastic", "meshtastic_2"])
        self.assertEqual([radio["link"]["state"] for radio in radios], ["ready", "ready"])
        self.assertNotEqual(radios[0]["radio"]["id"], radios[1]["radio"]["id"])
        self.assertEqual(agent.stop(), 0)
        self.assertEqual(self.delivered_by_stream(), truth)
        self.assertEqual(self.server.duplicates, 0)
        buffers = sorted(path.name for path in (self.directory / "data").glob("*.db"))
        self.assertEqual(buffers, ["test-agent_agent_buffer.db", "test-agent_agent_buffer_2.db"])

    def test_one_that_is_away_holds_up_no_other(self):
        arguments = ("--listen", "127.0.0.1:0", "--rate", "200", "--packets", "120", "--start-when", "connected")
        sim = self.sim(*arguments)
        port = sim.wait_for_output(r"^radio 1 tcp 127\.0\.0\.1:(\d+)")[1]
        config = self.write_config("connection_type = tcp\ntcp_host = 127.0.0.1:1", f"[meshtastic_2]\ntcp_host = 127.0.0.1:{port}\n")
        agent = self.program("agent", [AGENT, "--config", config]).start()
        self.check_exactly_once(sim, agent)
        self.assertIn("tcp 127.0.0.1:1: down: ", agent.stderr_path.read_text())


if __name__ == "__main__":
    unittest.main()
