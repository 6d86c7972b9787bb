"""Each kind of line × each fault: whatever happens on it, the server ends up with what the radio delivered, each once.

BLE is in test_agent_ble.py, with the faults that it can have: its line has neither frames nor bytes that could be damaged.
"""

import json
import socket
import unittest

from agent_site import AGENT, AgentTest
from processes import wait_until

PACKETS = 200
# What happens, as mmm-sim's --fault says it.
FAULTS = {
    "clean": [],
    "garbage": ["garbage=0.1"],
    "wrong_lengths": ["wrong-length=0.05"],
    "one_byte_reads": ["short-reads=1"],
    "stall": ["stall=0.01:0.5"],
    "reboot": ["reboot=120"],
    "disconnect": ["disconnect=70"],
    "all_of_it": ["garbage=0.05", "wrong-length=0.02", "short-reads=0.3", "stall=0.005:0.3", "reboot=200", "disconnect=90"],
}


class LinkFaults(AgentTest):
    def serve(self, line, faults):
        """A radio with those faults: the simulator, and the agent's settings for it."""
        options = [word for fault in faults for word in ("--fault", fault)]
        options += ["--rate", "150", "--packets", str(PACKETS), "--start-when", "connected"]
        if line == "tcp":
            sim = self.sim("--listen", "127.0.0.1:0", *options)
            self.port = int(sim.wait_for_output(r"^radio 1 tcp 127\.0\.0\.1:(\d+)")[1])
            return sim, f"connection_type = tcp\ntcp_host = 127.0.0.1:{self.port}"
        link = self.directory / "tty"
        sim = self.sim("--pty", link, *options)
        sim.wait_for_output(r"^radio 1 ")
        return sim, f"connection_type = serial\ndevice_path = {link}"

    def run_agent_beside(self, settings):
        return self.program("agent", [AGENT, "--config", self.write_config(settings)]).start()

    def truth_events(self, name):
        lines = (self.directory / "truth").read_text().splitlines()
        return [event for event in map(json.loads, lines) if event.get("event") == name]

    def test_another_client_that_takes_the_radio_does_not_keep_it(self):
        sim, settings = self.serve("tcp", [])
        agent = self.run_agent_beside(settings)
        wait_until(lambda: len(self.delivered_packets()) > 50, "packets arrive", alive=(agent,))
        # It takes the radio's only place, asks for nothing, and is therefore given nothing.
        with socket.create_connection(("127.0.0.1", self.port)) as other:
            other.settimeout(30)
            wait_until(lambda: len(self.truth_events("gone")) >= 1, "the agent is kicked", alive=(agent,))
            while other.recv(4096):
                pass
        self.check_exactly_once(sim, agent)
        self.assertIn("another client took the connection", agent.stderr_path.read_text())


def add_test(line, name, faults):
    def test(self):
        sim, settings = self.serve(line, faults)
        self.check_exactly_once(sim, self.run_agent_beside(settings))

    setattr(LinkFaults, f"test_{line}_{name}", test)


for each_line in ("tcp", "serial"):
    for each_name, each_faults in FAULTS.items():
        add_test(each_line, each_name, each_faults)


if __name__ == "__main__":
    unittest.main()
