"""What mmm-agent sends through a radio: traceroutes and the time, only when asked for, and never more than the mesh can bear.

The simulated radio tells everything that its client has sent it. The limits are minutes long, so all sites run at once.
"""

import json
import re
import unittest
import urllib.request

import wire
from agent_site import AGENT, AGENT_STATUS, AgentTest, Server
from processes import BIN, wait_until

TRACEROUTE_APP = 70
ADMIN_APP = 6
SET_TIME_ONLY = 43
TRANSPORT_API = 7
RADIO_LIMIT_SECONDS = 30
TRACE = "[route_discovery]\ntransmit = true\nfirst_within = 0\ninterval_minutes = 1\n"


class Site:
    """A radio of a mesh of its own, the agent beside it, and their server."""

    def __init__(self, test, name, active, sim=(), radio=1):
        self.server = Server()
        test.addCleanup(self.server.close)
        self.truth_path = test.directory / f"{name}.truth"
        self.name = name
        options = ["--radios", "3", "--listen", "127.0.0.1:0", "--nodes", "30", "--radius-km", "3", "--seed", "9", "--rate", "5", *sim]
        self.sim = test.program(f"sim-{name}", [BIN / "mmm-sim", "radio", "--truth", self.truth_path, *options]).start()
        port = self.sim.wait_for_output(rf"^radio {radio} tcp 127\.0\.0\.1:(\d+)")[1]
        config = test.directory / f"{name}.ini"
        config.write_text(
            f"[agent]\nid = {name}\ndatabase_dir = {test.directory}/{name}\n[meshtastic]\ntcp_host = 127.0.0.1:{port}\n"
            f"[server_main]\nurl = http://127.0.0.1:{self.server.port}\napi_key = k\nreport_interval = 500ms\n"
            f"[metrics]\nport = 0\n[log]\nlevel = debug\n"
        )
        # Keys of sections that stand there already are given as `meshtastic: …`.
        text = config.read_text()
        if "set_time" in active:
            text = text.replace("[meshtastic]\n", "[meshtastic]\nset_time = true\n")
        config.write_text(text + active.replace("set_time", ""))
        self.agent = test.program(f"agent-{name}", [AGENT, "--config", config]).start()

    def truth(self, kind):
        lines = self.truth_path.read_text().splitlines(keepends=True)
        return [event for event in map(json.loads, (line for line in lines if line.endswith("\n"))) if event["type"] == kind]

    def sent(self, port=None):
        """The packets that the agent gave to its radio."""
        return [m for m in self.truth("to_radio") if m["is"] == "packet" and port in (None, m["port"])]

    def recorded(self):
        """The fields of each MeshPacket at the server, with those of its Data."""
        with self.server.lock:
            records = list(self.server.records.values())
        packets = []
        for kind, payload in records:
            packet = wire.mesh_packet(payload) if kind != AGENT_STATUS else None
            if packet is not None:
                fields = wire.message(packet)
                packets.append((fields, wire.message(fields.get(4, b""))))
        return packets

    def recorded_trace(self, packet_id):
        """The request as recorded, and the answers to it."""
        requests, answers = [], []
        for packet, data in self.recorded():
            if data.get(1) != TRACEROUTE_APP:
                continue
            if wire.fixed32(packet.get(6)) == packet_id:
                requests.append(packet)
            elif wire.fixed32(data.get(6)) == packet_id:
                answers.append(packet)
        return requests, answers

    def counted(self, metric, label):
        port = self.agent.wait_for_output(r"http://127\.0\.0\.1:(\d+)/metrics", path=self.agent.stderr_path)[1]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as response:
            text = response.read().decode()
        found = re.search(rf'^{metric}{{[^}}]*"{label}"[^}}]*}} (\S+)$', text, re.MULTILINE)
        return float(found[1]) if found else 0

    def own_number(self, radio=1):
        return next(event["num"] for event in self.truth("radio") if event["radio"] == radio)


class ActiveWork(AgentTest):
    def wait(self, site, condition, what):
        return wait_until(condition, f"{site.name}: {what}", alive=(site.agent, site.sim))

    def test_what_is_sent(self):
        tracing = Site(self, "tracing", TRACE + "airtime_percent = 10\nhop_limit = 5\n")
        sparing = Site(self, "sparing", TRACE + "airtime_percent = 0.01\n")
        refused = Site(self, "refused", TRACE, sim=["--client-packets", "DUTY_CYCLE_LIMIT"])
        withheld = Site(self, "withheld", TRACE, sim=["--client-packets", "withhold"])
        timing = Site(self, "timing", "set_time", radio=3)  # the third radio has no clock
        # As a file of the Python version asks for it.
        silent = Site(self, "silent", "[route_discovery]\nenabled = true\ninterval_minutes = 1\ndelay_between_traces = 3.0\n")
        silent_clock = Site(self, "silent_clock", "", radio=3)

        self.check_the_time(timing)
        self.check_traces(tracing)
        # Meanwhile more than a minute has passed for the others.
        self.check_refusal(refused)
        self.check_budget(sparing)
        self.check_silence(withheld)
        for site in (silent, silent_clock):
            with self.subTest(site.name):
                self.assertEqual(site.sent(), [])
                for message in site.truth("to_radio"):
                    self.assertIn((message["is"], message["nonce"]), [("want_config", 0), ("heartbeat", 0)])
                self.assertGreater(len(site.recorded()), 100)

    def check_traces(self, site):
        """Each of a known node, 30 s apart, answered, and recorded both ways."""
        self.wait(site, lambda: len(site.sent()) >= 3, "three traceroutes")
        known = {node["num"] for node in site.truth("node_info")} | {packet["from"] for packet in site.truth("packet")}
        own = site.own_number()
        sent = site.sent()
        for before, after in zip(sent, sent[1:]):
            self.assertGreaterEqual(after["received_us"] - before["received_us"], RADIO_LIMIT_SECONDS * 1_000_000)
        for request in sent:
            self.assertEqual((request["port"], request["hop_limit"]), (TRACEROUTE_APP, 5))
            self.assertIn(request["to"], known - {own})
            recorded = self.wait(site, lambda id=request["id"]: self.request_of(site, id), "the request is recorded")
            self.assertEqual(wire.fixed32(recorded.get(1)), own)
            self.assertEqual(wire.fixed32(recorded.get(2)), request["to"])
            self.assertEqual(recorded.get(21), TRANSPORT_API)
        # One may miss a request; that none answers would be a fault.
        answered = self.wait(site, lambda: [r for r in sent if site.recorded_trace(r["id"])[1]], "an answer is recorded")
        answer = site.recorded_trace(answered[0]["id"])[1][0]
        self.assertEqual(wire.fixed32(answer.get(1)), answered[0]["to"])
        self.assertEqual(wire.fixed32(answer.get(2)), own)
        self.assertGreaterEqual(site.counted("mmm_agent_traceroutes_total", "answered"), len(answered))

    def request_of(self, site, packet_id):
        requests = site.recorded_trace(packet_id)[0]
        self.assertLessEqual(len(requests), 1)
        return requests[0] if requests else None

    def check_refusal(self, site):
        """A radio that must not send is left alone for an hour."""
        self.wait(site, lambda: site.counted("mmm_agent_traceroutes_total", "refused") == 1, "it is refused")
        self.assertEqual(len(site.sent()), 1)

    def check_budget(self, site):
        """What one traceroute costs is more than this site's hour, so it stays the only one."""
        self.wait(site, lambda: site.counted("mmm_agent_traceroutes_postponed_total", "budget") >= 1, "it is postponed")
        self.assertEqual(len(site.sent()), 1)

    def check_silence(self, site):
        """No answer within two minutes counts as none, and is waited for before the next."""
        self.wait(site, lambda: site.counted("mmm_agent_traceroutes_total", "unanswered") >= 1, "it is given up")
        sent = site.sent()
        self.assertLessEqual(len(sent), 2)
        for before, after in zip(sent, sent[1:]):
            self.assertGreaterEqual(after["received_us"] - before["received_us"], 120_000_000)

    def check_the_time(self, site):
        """The radio without a clock is told the time once, and stamps its packets from then on."""
        message = self.wait(site, site.sent, "the time is told")[0]
        self.assertEqual((message["to"], message["port"]), (site.own_number(3), ADMIN_APP))
        told = wire.fixed32(wire.message(bytes.fromhex(message["payload_hex"])).get(SET_TIME_ONLY))
        self.assertLess(abs(told - message["received_us"] / 1e6), 60)
        stamped = lambda: any(p["radio"] == 3 and p["rx_time"] and p["delivered_us"] > message["received_us"] for p in site.truth("packet"))
        self.wait(site, stamped, "packets bear a time")
        self.assertEqual(len(site.sent()), 1)
        # It stays within the radio.
        self.assertFalse([packet for packet, _ in site.recorded() if wire.fixed32(packet.get(6)) == message["id"]])


if __name__ == "__main__":
    unittest.main()
