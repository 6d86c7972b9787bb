"""The rules for Prometheus and the routes of Alertmanager: every alert is tried both ways, and each has its entry in the runbook."""

import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROMETHEUS = ROOT / "ops/prometheus"
ALERTMANAGER = ROOT / "ops/alertmanager"
RULES = sorted((PROMETHEUS / "rules").glob("*.yml"))
# Alerts with their annotations, as rule files have them; promtool, which reads YAML, has the last word on their form.
ALERT = re.compile(r"- alert: (\w+)\n(.*?)(?=\n      - |\n  - |\Z)", re.DOTALL)


def run(*command, environment=None):
    assert shutil.which(command[0]), f"{command[0]} is missing: ops/install-deps test ops"
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, env=environment, check=False)
    return done.returncode, done.stdout + done.stderr


def alerts():
    found = {}
    for path in RULES:
        for name, body in ALERT.findall(path.read_text()):
            assert name not in found, f"{name} stands twice"
            found[name] = (path, body)
    assert len(found) > 30, found
    return found


class PrometheusTest(unittest.TestCase):
    def test_prometheus_takes_configuration_and_rules(self):
        code, said = run("promtool", "check", "config", PROMETHEUS / "prometheus.yml")
        self.assertEqual(code, 0, said)
        self.assertNotIn("FAILED", said)

    def test_alerts_fire_when_they_must(self):
        tests = sorted((PROMETHEUS / "tests").glob("*.yml"))
        self.assertEqual([path.name for path in tests], [path.name for path in RULES], "each file of rules has its tests")
        code, said = run("promtool", "test", "rules", *tests)
        self.assertEqual(code, 0, said)

    def test_each_alert_is_tried_both_ways(self):
        for name, (path, _) in alerts().items():
            with self.subTest(name):
                tests = (PROMETHEUS / "tests" / path.name).read_text()
                tried = re.findall(rf"alertname: {name}\n\s+exp_alerts:( \[\])?\n", tests)
                self.assertEqual(sorted(tried), ["", " []"], "one case that fires and one that does not")


class RunbookTest(unittest.TestCase):
    def test_each_alert_has_its_entry(self):
        text = (ROOT / "docs/runbook.md").read_text()
        entries = dict(re.findall(r"^### (\w+)\n\n(.*?)(?=^#|\Z)", text, re.DOTALL | re.MULTILINE))
        self.assertEqual(sorted(entries), sorted(alerts()))
        for name, entry in entries.items():
            with self.subTest(name):
                self.assertEqual(
                    re.findall(r"^- \*\*(.+?):\*\* \S", entry, re.MULTILINE), ["Means", "Matters", "Look at", "Do"]
                )
        anchors = {heading.lower() for heading in re.findall(r"^#+ (\S+)$", text, re.MULTILINE)}
        for target in re.findall(r"\]\(#([^)]+)\)", text):
            self.assertIn(target, anchors, "a link within the runbook")

    def test_each_alert_leads_to_its_entry_and_a_dashboard(self):
        dashboards = {path.stem for path in (ROOT / "ops/grafana/dashboards").glob("*.json")}
        for name, (_, body) in alerts().items():
            with self.subTest(name):
                self.assertIn(f"runbook_url: '{{{{ $externalLabels.docs }}}}/runbook.md#{name.lower()}'", body)
                self.assertRegex(body, r"severity: (critical|warning|info)\n")
                self.assertRegex(body, r"summary: '.+'\n")
                self.assertRegex(body, r"description: \S.*\.\n")
                self.assertIn(re.search(r"dashboard: /d/([\w-]+)", body)[1], dashboards)

    def test_graphs_that_it_names_are_there(self):
        titles = set()
        for path in (ROOT / "ops/grafana/dashboards").glob("*.json"):
            titles.update(re.findall(r'"title": "(.+?)"', path.read_text()))
        text = (ROOT / "docs/runbook.md").read_text()
        looks = "\n".join(re.findall(r"^- \*\*Look at:\*\* (.*)$", text, re.MULTILINE))
        named = re.findall(r'"([A-Z][^"]+)"', looks)
        self.assertGreater(len(named), 20)
        for title in named:
            self.assertIn(title, titles)


class AlertmanagerTest(unittest.TestCase):
    def rendered(self, webhook):
        """The configuration that ops/alertmanager/start writes, and whether Alertmanager takes it."""
        with tempfile.TemporaryDirectory() as directory:
            config = Path(directory) / "alertmanager.yml"
            environment = {"PATH": "/usr/bin:/bin", "MMM_ALERT_WEBHOOK": webhook}
            code, said = run(
                "sh", ALERTMANAGER / "start", ALERTMANAGER / "alertmanager.yml", config, "true", environment=environment
            )
            self.assertEqual(code, 0, said)
            code, said = run("amtool", "check-config", config)
            self.assertEqual(code, 0, said)
            return config.read_text()

    def test_a_webhook_is_put_in(self):
        self.assertIn("url: https://chat.example/hook?a=1&b=2|c\n", self.rendered("https://chat.example/hook?a=1&b=2|c"))

    def test_without_one_nobody_is_told(self):
        self.assertNotIn("webhook_configs", self.rendered(""))

    def test_what_is_no_address_is_refused_in_words(self):
        environment = {"PATH": "/usr/bin:/bin", "MMM_ALERT_WEBHOOK": "chat.example"}
        code, said = run("sh", ALERTMANAGER / "start", ALERTMANAGER / "alertmanager.yml", "/dev/null", "true", environment=environment)
        self.assertEqual(code, 2)
        self.assertIn("MMM_ALERT_WEBHOOK is not an address", said)

    def test_routes_and_inhibitions_name_alerts_that_there_are(self):
        names = set(alerts())
        matchers = re.findall(r'alertname(=~?)"([^"]+)"', (ALERTMANAGER / "alertmanager.yml").read_text())
        self.assertGreater(len(matchers), 5)
        for operator, value in matchers:
            for part in value.split("|"):
                matching = [name for name in names if (re.fullmatch(part, name) if operator == "=~" else name == part)]
                self.assertTrue(matching, f"{part} matches no alert")


if __name__ == "__main__":
    unittest.main()
