"""A fleet under load, watched by a real Prometheus and a real Alertmanager with the files of ops/.

Every query of every panel, variable and rule is asked. An agent that stops is told of at the webhook, and so is its return.
"""

import http.client
import json
import re
import threading
import unittest

from collector import Collector
from dashboards import DASHBOARDS, ROOT, names_in, panels
from mesh_site import Site, free_port
from processes import BIN, ProgramTest, wait_until
from watchers import Watchers

RADIOS = 3


def silent():
    """Metrics that may be missing, with the reasons."""
    lines = (ROOT / "tests/ops/silent_queries.txt").read_text().splitlines()
    return dict(line.split(": ", 1) for line in lines if line and not line.startswith("#"))


def filled(expression):
    """The expression as Grafana asks it, with every variable at its widest."""
    for name, value in (("$__rate_interval", "1m"), ("$__range", "5m"), ("$instance", ".*"), ("$agent", "site-1"), ("$node", ".*")):
        expression = expression.replace(name, value)
    assert "$" not in expression, f"a variable that the test does not know: {expression}"
    return expression


class Browser:
    """Follows the live stream and reads what comes."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.connection.request("GET", "/api/v1/live", headers={"Accept": "text/event-stream"})
        self.response = self.connection.getresponse()
        assert self.response.status == 200, self.response.status
        self.socket = self.connection.sock
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        try:
            while self.response.read1(65536):
                pass
        except (OSError, ValueError, AttributeError, http.client.HTTPException):
            # The test has ended the stream.
            pass


class ObservabilityTest(ProgramTest):
    def setUp(self):
        super().setUp()
        sim = self.program(
            "sim", [BIN / "mmm-sim", "radio", "--radios", RADIOS, "--listen", "127.0.0.1:0", "--rate", 20, "--time-scale", 60]
        ).start()
        self.site = Site(self, RADIOS)
        self.addCleanup(self.site.api.close)
        server_metrics = free_port()
        config = self.site.server_config.read_text().replace("[metrics]\nbind = 127.0.0.1\nport = 0", f"[metrics]\nport = {server_metrics}")
        self.collector = Collector()
        self.addCleanup(self.collector.close)
        collector = f"[json_tcp_log_main]\nhost = 127.0.0.1\nport = {self.collector.port}\n"
        self.site.server_config.write_text(f"{config}fleet = {Site.KEY}-fleet\n{collector}")
        self.agent_ports = {}
        for number, agent in enumerate(self.site.agent_ids, 1):
            self.agent_ports[agent] = free_port()
            port = sim.wait_for_output(rf"^radio {number} tcp 127\.0\.0\.1:(\d+)")[1]
            self.site.add_agent(agent, port, self.agent_ports[agent])
        self.site.start_server()
        for program in self.site.agents.values():
            program.start()
        self.load = self.program(
            "load",
            [BIN / "mmm-sim", "load", "--server", f"http://127.0.0.1:{self.site.port}", "--key", f"{Site.KEY}-fleet"]
            + ["--agents", 30, "--rate", 300, "--batch", 5, "--introduce", "--duration", 900],
        ).start()
        self.browser = Browser(self.site.port)
        self.watchers = Watchers(self, server_metrics, self.agent_ports)
        self.watchers.start()
        self.running = (self.site.server, self.load, sim, self.watchers.prometheus, self.watchers.alertmanager, self.watchers.node)
        wait_until(self.all_scraped, "every target is scraped", alive=self.running)

    def all_scraped(self):
        targets = self.watchers.targets()
        return len(targets) == RADIOS + 4 and all(health == "up" for health in targets.values())

    def wait_for(self, expression, what, is_right):
        return wait_until(lambda: is_right(self.watchers.values(expression)), f"{what}: {expression}", alive=self.running)

    def test_queries_have_answers_and_an_agent_that_stops_is_told_of(self):
        self.check_panels()
        self.check_variables()
        self.check_rules()
        self.check_log_lines()
        self.check_an_outage()

    def check_panels(self):
        for dashboard, panel in panels():
            for target in panel["targets"]:
                what = f"{dashboard}: {panel['title']}"
                with self.subTest(what):
                    self.wait_for(filled(target["expr"]), what, bool)

    def check_variables(self):
        for path in DASHBOARDS:
            dashboard = json.loads(path.read_text())
            for variable in dashboard["templating"]["list"]:
                if variable["type"] != "query":
                    continue
                with self.subTest(f"{dashboard['title']}: {variable['name']}"):
                    selector, label = variable["query"].removeprefix("label_values(").removesuffix(")").rsplit(", ", 1)
                    self.wait_for(filled(f"count by ({label}) ({selector})"), "choices", bool)
            for annotation in dashboard["annotations"]["list"]:
                # Nothing fires: that it can be asked is all that there is to see.
                self.watchers.values(annotation["expr"])

    def check_rules(self):
        groups = self.watchers.get("rules")["groups"]
        rules = [rule for group in groups for rule in group["rules"]]
        self.assertGreater(len(rules), 50)
        missing = silent()
        asked = set()
        for rule in rules:
            with self.subTest(rule["name"]):
                self.assertEqual(rule["health"], "ok", rule.get("lastError"))
                if rule["type"] == "recording":
                    self.wait_for(rule["name"], "a recorded series", bool)
                for name in sorted(names_in(rule["query"])):
                    asked.add(name)
                    if name not in missing:
                        self.wait_for(name, "what a rule watches", bool)
        for name, reason in missing.items():
            with self.subTest(name):
                self.assertIn(name, asked, "a rule asks for it")
                self.assertEqual(self.watchers.values(name), [], f"it is there, though: {reason}")
        firing = {(labels["alertname"], labels.get("agent")) for _, labels in self.watchers.values('ALERTS{alertstate="firing"}')}
        self.assertEqual(firing, set(), "nothing is wrong with this fleet")

    def check_log_lines(self):
        """They have what ops/logs/vector.yml asks of them."""
        text = (ROOT / "ops/logs/vector.yml").read_text()
        fields = set(re.findall(r"\{\{ (\w+) \}\}", text)) | set(re.findall(r"string\(\.(\w+)\)", text))
        self.assertEqual(fields, {"application", "environment", "host", "iso_timestamp", "level", "program"})
        line = wait_until(lambda: self.collector.lines, "the collector gets lines", alive=self.running)[0]
        self.assertLessEqual(fields, line.keys())

    def check_an_outage(self):
        agent = "site-1"
        self.site.agents[agent].stop()
        told = wait_until(lambda: self.watchers.receiver.told("AgentDown", "firing", agent=agent), "the webhook is told", alive=self.running)
        self.assertEqual(told["annotations"]["runbook_url"], "https://docs.example/runbook.md#agentdown")
        self.assertEqual(told["annotations"]["dashboard"], "/d/mmm-agent?var-agent=site-1")
        self.assertNotIn("docs", told["labels"])
        self.assertTrue(self.watchers.alertmanager_knows("AgentDown", agent=agent))
        self.assertIsNone(self.watchers.receiver.told("AgentDown", "firing", agent="site-2"))

        self.site.agents[agent].start()
        wait_until(lambda: self.watchers.receiver.told("AgentDown", "resolved", agent=agent), "the webhook is told of its return", alive=self.running)
        wait_until(lambda: not self.watchers.alertmanager_knows("AgentDown", agent=agent), "Alertmanager forgets it", alive=self.running)


if __name__ == "__main__":
    unittest.main()
