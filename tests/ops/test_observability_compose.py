"""The Compose file that watches, over each of the others: what is started, in which networks, and what others can reach of it.

That Grafana, Loki and Vector start is not tried: their images are not to be had without the internet.
"""

import functools
import os
import re
import subprocess
import tempfile
import unittest

import yaml

from dashboards import ROOT

OVERLAY = "docker-compose.observability.yml"
COMBINATIONS = {
    "one agent": ["docker-compose.yml", OVERLAY],
    "several agents": ["docker-compose.multi-agent.yml", OVERLAY],
    "demonstration": ["docker-compose.demo.yml", OVERLAY, "ops/observability/demo.yml"],
}
WATCHERS = {"prometheus", "alertmanager", "grafana", "node-exporter", "loki", "vector"}


@functools.cache
def merged(combination):
    """What docker-compose makes of the files, without anybody's .env; paths relative to the repository."""
    words = [word for file in COMBINATIONS[combination] for word in ("-f", file)]
    with tempfile.NamedTemporaryFile() as no_settings:
        done = subprocess.run(
            ["docker-compose", "--env-file", no_settings.name, "--project-directory", ".", *words, "config"],
            cwd=ROOT, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False,
        )
    assert done.returncode == 0, f"{combination}: {done.stderr}"
    return yaml.safe_load(done.stdout)


def networks_of(service):
    return set(service["networks"])


class ComposeTest(unittest.TestCase):
    def test_prometheus_reaches_what_it_watches(self):
        for site in map(merged, COMBINATIONS):
            services = site["services"]
            self.assertLessEqual(WATCHERS, services.keys())
            self.assertTrue(site["networks"]["mesh"]["internal"])
            for name, service in services.items():
                if name != "sim":
                    self.assertIn("mesh", networks_of(service), name)
            # To be published, and to tell somebody outside, takes a network that leads there.
            for name in ("prometheus", "alertmanager", "grafana"):
                self.assertIn("outside", networks_of(services[name]))

    def test_only_this_host_reaches_the_watchers(self):
        for site in map(merged, COMBINATIONS):
            for name in WATCHERS:
                for port in site["services"][name].get("ports", []):
                    self.assertRegex(str(port), r"^127\.0\.0\.1:")

    def test_images_are_pinned_and_have_no_rights(self):
        for site in map(merged, COMBINATIONS):
            for name in WATCHERS:
                service = site["services"][name]
                self.assertRegex(service["image"], r":v?\d+\.\d+\.\d+(-\w+)?$", name)
                self.assertEqual(service["cap_drop"], ["ALL"])
                self.assertEqual(service["security_opt"], ["no-new-privileges:true"])
                self.assertIn("mem_limit", service)

    def test_mounted_files_are_there(self):
        for site in map(merged, COMBINATIONS):
            for name in WATCHERS:
                for volume in site["services"][name].get("volumes", []):
                    source = volume.split(":")[0]
                    if source.startswith(str(ROOT)):
                        self.assertTrue(os.path.exists(source), f"{name}: {source}")

    def test_targets_are_services_and_agents_have_their_ids(self):
        prometheus = yaml.safe_load((ROOT / "ops/prometheus/prometheus.yml").read_text())
        demo = merged("demonstration")
        for job in prometheus["scrape_configs"]:
            for targets in job.get("static_configs", []):
                for target in targets["targets"]:
                    host = target.split(":")[0]
                    self.assertTrue(host == "localhost" or host in demo["services"], host)
        named = {
            entry["targets"][0]: entry["labels"]["agent"]
            for entry in yaml.safe_load((ROOT / "ops/prometheus/targets.demo/agents.yml").read_text())
        }
        ids = {
            f"{name}:9090": service["environment"]["AGENT_ID"]
            for name, service in demo["services"].items()
            if "AGENT_ID" in service.get("environment", {})
        }
        self.assertEqual(named, ids)
        mounts = demo["services"]["prometheus"]["volumes"]
        self.assertEqual([m for m in mounts if "/etc/prometheus/targets:" in m], [f"{ROOT}/ops/prometheus/targets.demo:/etc/prometheus/targets:ro"])
        asked = {name for job in prometheus["scrape_configs"] for dns in job.get("dns_sd_configs", []) for name in dns["names"]}
        for combination in ("one agent", "several agents"):
            agents = {name for name, service in merged(combination)["services"].items() if "AGENT_ID" in service.get("environment", {})}
            self.assertTrue(agents)
            self.assertLessEqual(agents, asked)

    def test_demonstration_is_watched_whole(self):
        services = merged("demonstration")["services"]
        for name, service in services.items():
            if "AGENT_ID" in service.get("environment", {}) or name == "server":
                self.assertEqual(service["environment"]["METRICS_BIND"], "0.0.0.0", name)
                self.assertEqual(service["environment"]["JSON_LOG_HOST"], "vector", name)

    def test_sources_of_grafana_are_services(self):
        text = (ROOT / "ops/grafana/provisioning/datasources/datasources.yml").read_text()
        sources = {source["url"] for source in yaml.safe_load(text)["datasources"]}
        self.assertEqual(sources, {"http://prometheus:9090", "http://alertmanager:9093", "http://loki:3100"})
        sink = yaml.safe_load((ROOT / "ops/logs/vector.yml").read_text())["sinks"]["loki"]
        self.assertIn(sink["endpoint"], sources)
        self.assertEqual(yaml.safe_load((ROOT / "ops/logs/loki.yml").read_text())["server"]["http_listen_port"], 3100)
        home = merged("one agent")["services"]["grafana"]
        path = home["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
        folder = yaml.safe_load((ROOT / "ops/grafana/provisioning/dashboards/dashboards.yml").read_text())["providers"][0]["options"]["path"]
        self.assertRegex(path, rf"^{re.escape(folder)}/mmm-fleet\.json$")


if __name__ == "__main__":
    unittest.main()
