"""docs/migration.md does what it says: its own commands, run in a clean Debian with an installation of the Python version."""

import json
import re
import shutil
import sqlite3
import subprocess
import tempfile
import unittest
from pathlib import Path

from clean_system import System, make_system, wait_until
from packages import ROOT, made_packages

GUIDE = ROOT / "docs/migration.md"
PAGES = "http://localhost:8082"
OLD = "/opt/meshymcmapface"
KEY = "0123456789abcdef0123456789abcdef"
# As the Python version writes them, with a radio that is there and keys that fit.
AGENT_FILE = f"""[agent]
id = agent_001
location_name = Seattle Hub
location_lat = 47.6062
location_lon = -122.3321
database_dir = /var/lib/meshymcmapface
priority_nodes = !12345678, !87654321
priority_check_interval = 300
priority_cache_duration = 12

[meshtastic]
connection_type = auto
# device_path = /dev/ttyUSB0
tcp_host = 127.0.0.1
# ble_address = AA:BB:CC:DD:EE:FF

[server_primary]
url = http://localhost:8082
api_key = {KEY}
enabled = true
report_interval = 1
packet_types = all
priority = 1
max_retries = 3
timeout = 10
filter_nodes =
exclude_nodes =

[server_backup]
url = https://backup.example.com:8082
api_key = backup-key
enabled = false
report_interval = 60
priority = 2

[route_discovery]
enabled = true
interval_minutes = 60
hop_limit = 7
delay_between_traces = 3.0
"""
SERVER_FILE = f"""[server]
host = localhost
port = 8082
site_name = MeshyMcMapface

[database]
path = distributed_meshview.db

[map]
center_lat = 39.8283
center_lon = -98.5795
zoom_level = 4
force_center = false

[api_keys]
agent_001 = {KEY}
agent_002 = fedcba9876543210fedcba9876543210
"""
SERVER_UNIT = f"""[Service]
WorkingDirectory={OLD}
ExecStart=/usr/bin/python3 {OLD}/python_server.py {OLD}/server_config.ini
[Install]
WantedBy=multi-user.target
"""
AGENT_UNIT = """[Service]
ExecStart=/usr/bin/sleep infinity
[Install]
WantedBy=multi-user.target
"""


def guide_commands(name):
    """The commands of the guide's blocks that are marked with the name, in their order."""
    blocks = re.findall(rf"^```{name}\n(.*?)^```", GUIDE.read_text(), re.MULTILINE | re.DOTALL)
    assert blocks, f"{GUIDE} has no block {name}"
    return [line for block in blocks for line in block.splitlines()]


class MigrationTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = Path(tempfile.mkdtemp(prefix="mmm-migration-"))
        cls.addClassCleanup(shutil.rmtree, cls.directory, ignore_errors=True)
        cls.directory.chmod(0o755)
        arch = subprocess.run(["dpkg", "--print-architecture"], check=True, capture_output=True, text=True).stdout.strip()
        packages = made_packages(arch).values()
        offered = cls.directory / "packages"
        offered.mkdir()
        for package in packages:
            shutil.copy(package, offered)
        make_system(cls.directory / "made", packages, "python3")

    def setUp(self):
        self.system = System(self.directory / "made", self.directory / self._testMethodName, self.directory / "packages")
        self.addCleanup(self.system.close)
        self.old = self.system.path(OLD)
        self.old.mkdir(parents=True)
        (self.old / "multi_agent_config.ini").write_text(AGENT_FILE)
        (self.old / "server_config.ini").write_text(SERVER_FILE)
        shutil.copy(ROOT / "tests/ops/python_server.py", self.old)
        for role, unit in (("server", SERVER_UNIT), ("agent", AGENT_UNIT)):
            self.system.path(f"/etc/systemd/system/meshymcmapface-{role}.service").write_text(unit)
            self.system.output("systemctl", "enable", "--now", f"meshymcmapface-{role}")
        self.system.output("sh", "-c", "cd /packages && apt-get install --yes ./mmm-sim_*.deb")
        self.system.output("systemd-run", "--unit=radio", "mmm-sim", "radio", "--listen", "127.0.0.1:4403", "--rate", "10")

    def follow(self, *names):
        for name in names:
            for command in guide_commands(name):
                result = self.system.run("bash", "-c", f"cd /packages && {command}")
                self.assertEqual(result.returncode, 0, f"{command}\n{result.stdout}{result.stderr}")

    def old_rows(self):
        """(sender, packet id) of every row of the old database."""
        with sqlite3.connect(f"file:{self.old / 'distributed_meshview.db'}?mode=ro", uri=True) as database:
            return database.execute("SELECT from_node, packet_id FROM packets").fetchall()

    def stats(self):
        body = self.system.fetch(f"{PAGES}/api/v1/stats")
        return json.loads(body) if body else None

    def receptions(self):
        stats = self.stats()
        return stats["receptions"]["total"] if stats else 0

    def agents(self):
        body = self.system.fetch(f"{PAGES}/api/v1/agents")
        return json.loads(body)["agents"] if body else []

    def wait_for_native(self):
        """Only our own upload tells the agent's version."""
        agent = wait_until(lambda: [agent for agent in self.agents() if agent["version"]],
                           lambda: f"the agent uploads in our own form: {self.agents()}\n{self.system.journal('mmm-agent')[-2000:]}")[0]
        self.assertEqual((agent["id"], agent["location"]["name"]), ("agent_001", "Seattle Hub"))
        before = self.receptions()
        wait_until(lambda: self.receptions() > before, "packets go on to come")

    def test_agents_first_then_the_server(self):
        self.follow("agent", "agent-legacy", "agent-start")
        wait_until(lambda: len(self.old_rows()) > 30, lambda: "the old server gets packets:\n" + self.system.journal("mmm-agent"))
        self.follow("server")
        rows = set(self.old_rows())
        wait_until(lambda: self.receptions() >= len(rows), lambda: f"what was imported is shown: {self.stats()}")
        shown = self.shown_packets()
        missing = [row for row in rows if row[1] and row not in shown]
        self.assertEqual(missing, [], "every packet of the old database is there")
        self.follow("agent-native")
        self.wait_for_native()
        self.check_old_services()

    def shown_packets(self):
        """(sender, packet id) of what the server shows, by the path that scripts of the Python version read."""
        packets = json.loads(self.system.fetch(f"{PAGES}/api/packets?limit=1000"))["packets"]
        return {(packet["from_node"], packet["packet_id"]) for packet in packets}

    def test_both_at_once(self):
        self.follow("server", "agent", "agent-start")
        self.wait_for_native()
        self.check_old_services()
        buffers = list(self.system.path("/var/lib/meshymcmapface").glob("agent_001*buffer*.db"))
        self.assertEqual(len(buffers), 1, "the old file's database_dir is where the buffer is")

    def check_old_services(self):
        for role in ("server", "agent"):
            self.assertEqual(self.system.run("systemctl", "is-active", f"meshymcmapface-{role}").stdout.strip(), "inactive")
        self.assertEqual((self.old / "server_config.ini").read_text(), SERVER_FILE, "the way back is open")
        self.assertEqual((self.old / "multi_agent_config.ini").read_text(), AGENT_FILE)


if __name__ == "__main__":
    unittest.main(verbosity=2)
