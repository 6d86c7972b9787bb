"""Prometheus, Alertmanager, a node exporter and the receiver of alerts, with the files of ops/ on ports of the test's own.

What a test changes of those files is where things are and how often something is done, nothing else.
"""

import http.server
import json
import re
import threading
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from mesh_site import free_port
from processes import wait_until

ROOT = Path(__file__).resolve().parents[2]
PROMETHEUS = ROOT / "ops/prometheus"
ALERTMANAGER = ROOT / "ops/alertmanager"


class Receiver:
    """Takes what Alertmanager posts to the webhook."""

    def __init__(self):
        self.lock = threading.Lock()
        self.alerts = []
        # Each as the list of its alerts.
        self.messages = []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with receiver.lock:
                    receiver.alerts += body["alerts"]
                    receiver.messages.append(body["alerts"])
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server.server_port}/alerts"

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def told(self, name, status, **labels):
        """An alert that was posted, or None."""
        with self.lock:
            for alert in self.alerts:
                if alert["status"] == status and {"alertname": name, **labels}.items() <= alert["labels"].items():
                    return alert
        return None


def replaced(text, changes):
    """The text with each of the changes made, every one of which must be to something that is there."""
    for pattern, by in changes:
        text, times = re.subn(pattern, by, text, flags=re.MULTILINE)
        assert times, f"{pattern} is not in the file of ops/"
    return text


def is_ready(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/-/ready", timeout=10):
            return True
    except OSError:
        return False


class Watchers:
    """They watch one server, and agents by their metrics' ports."""

    def __init__(self, test, server_port, agent_ports):
        self.test = test
        self.directory = test.directory / "watchers"
        self.directory.mkdir()
        self.port = free_port()
        self.alertmanager_port = free_port()
        node_port = free_port()
        self.receiver = Receiver()
        test.addCleanup(self.receiver.close)
        self.write_prometheus(server_port, agent_ports, node_port)
        self.write_alertmanager()
        self.node = test.program("node-exporter", ["prometheus-node-exporter", f"--web.listen-address=127.0.0.1:{node_port}"])
        config = self.directory / "alertmanager.yml"
        self.alertmanager = test.program(
            "alertmanager",
            ["sh", ALERTMANAGER / "start", self.directory / "template.yml", config, "prometheus-alertmanager"]
            + [f"--storage.path={self.directory / 'alertmanager'}", "--cluster.listen-address="]
            + [f"--web.listen-address=127.0.0.1:{self.alertmanager_port}"],
            {"MMM_ALERT_WEBHOOK": self.receiver.address},
        )
        self.prometheus = test.program(
            "prometheus",
            ["prometheus", f"--config.file={self.directory / 'prometheus.yml'}"]
            + [f"--storage.tsdb.path={self.directory / 'data'}", f"--web.listen-address=127.0.0.1:{self.port}"]
            + ["--enable-feature=expand-external-labels"],
            {"MMM_DOCS_URL": "https://docs.example"},
        )

    def write_prometheus(self, server_port, agent_ports, node_port):
        text = (PROMETHEUS / "prometheus.yml").read_text()
        # No name is asked for: this test leaves the loopback to nobody.
        names = r"^    dns_sd_configs:\n(?:      .*\n)+"
        places = [
            (names, ""),
            ("'server:9090'", f"'127.0.0.1:{server_port}'"),
            ("'localhost:9090'", f"'127.0.0.1:{self.port}'"),
            ("'node-exporter:9100'", f"'127.0.0.1:{node_port}'"),
            ("'alertmanager:9093'", f"'127.0.0.1:{self.alertmanager_port}'"),
        ]
        # A scrape may take as long as ever: a busy machine is not what is tried here.
        intervals = [("scrape_interval: 15s", "scrape_interval: 10s"), ("evaluation_interval: 15s", "evaluation_interval: 5s")]
        (self.directory / "prometheus.yml").write_text(replaced(text, places + intervals))
        (self.directory / "rules").mkdir()
        for path in sorted((PROMETHEUS / "rules").glob("*.yml")):
            changes = [(r"^    interval: \dm$", "    interval: 5s")] if path.name == "freshness.yml" else []
            (self.directory / "rules" / path.name).write_text(replaced(path.read_text(), changes))
        (self.directory / "targets").mkdir()
        (self.directory / "targets/agents.yml").write_text(
            "".join(f"- targets: ['127.0.0.1:{port}']\n  labels: {{agent: {agent}}}\n" for agent, port in agent_ports.items())
        )

    def write_alertmanager(self):
        intervals = [(r"group_wait: \d+s", "group_wait: 1s"), ("group_interval: 5m", "group_interval: 1s")]
        text = (ALERTMANAGER / "alertmanager.yml").read_text()
        (self.directory / "template.yml").write_text(replaced(text, intervals))

    def start(self):
        for program in (self.node, self.alertmanager, self.prometheus):
            program.start()
        wait_until(self.ready, "Prometheus and Alertmanager are ready", alive=(self.prometheus, self.alertmanager, self.node))

    def start_alertmanager(self):
        self.alertmanager.start()
        wait_until(lambda: is_ready(self.alertmanager_port), "Alertmanager is ready", alive=(self.alertmanager,))

    def ready(self):
        return is_ready(self.port) and is_ready(self.alertmanager_port)

    def post_alerts(self, *alerts):
        """Brings alerts to Alertmanager as Prometheus does; each is its labels."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.alertmanager_port}/api/v2/alerts",
            data=json.dumps([{"labels": labels} for labels in alerts]).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10):
            pass

    def get(self, path, **query):
        url = f"http://127.0.0.1:{self.port}/api/v1/{path}?{urllib.parse.urlencode(query)}"
        try:
            with urllib.request.urlopen(url, timeout=30) as response:
                return json.load(response)["data"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{query}: {error.read().decode()}") from None

    def values(self, expression):
        """What a query gives, without what is no number."""
        result = self.get("query", query=expression)
        found = [(result["result"], "")] if result["resultType"] == "scalar" else [(each["value"], each["metric"]) for each in result["result"]]
        return [(float(value[1]), labels) for value, labels in found if value[1] != "NaN"]

    def targets(self):
        """(job, agent or None) by whether it was scraped."""
        return {
            (target["labels"]["job"], target["labels"].get("agent")): target["health"]
            for target in self.get("targets")["activeTargets"]
        }

    def alertmanager_knows(self, name, **labels):
        matchers = [f'alertname="{name}"'] + [f'{label}="{value}"' for label, value in labels.items()]
        query = urllib.parse.urlencode([("filter", matcher) for matcher in matchers])
        with urllib.request.urlopen(f"http://127.0.0.1:{self.alertmanager_port}/api/v2/alerts?{query}", timeout=10) as response:
            return json.load(response)
