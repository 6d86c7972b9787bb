"""ops/fleet init: what it makes, whose it is, and that it leaves alone what is there."""

import re
import unittest
from pathlib import Path

from deployment import OWNER, Deployment, DeploymentTest

ROOT = Path(__file__).resolve().parents[2]


class InitTest(DeploymentTest):
    def test_init_makes_what_a_deployment_needs_and_keeps_it(self):
        site = Deployment(self, "init")
        site.init("--device", "/dev/ttyUSB7")
        key = site.folder / "secrets/agent_api_key.txt"
        self.assertRegex(key.read_text(), r"^[0-9a-f]{48}$")
        self.assertEqual(key.stat().st_mode & 0o777, 0o600)
        self.assertEqual(site.owner("secrets/agent_api_key.txt"), OWNER)
        self.assertEqual((site.folder / "secrets").stat().st_mode & 0o777, 0o700)
        for folder in ("data/server", "data/agent", "backups"):
            self.assertEqual(site.owner(folder), OWNER, folder)
        self.assertEqual((site.folder / ".env").stat().st_mode & 0o777, 0o600)
        self.assertEqual(site.setting("RADIO_DEVICE"), "/dev/ttyUSB7")
        config = site.folder / "config/server_config.ini"
        config.write_text(config.read_text() + "# mine\n")
        before = {path: path.read_text() for path in (key, config, site.folder / ".env")}
        site.fleet("init")
        self.assertEqual(before, {path: path.read_text() for path in before})
        other = Deployment(self, "other")
        other.init()
        self.assertNotEqual((other.folder / "secrets/agent_api_key.txt").read_text(), key.read_text())

    def test_every_combination_of_files_is_understood_by_compose(self):
        site = Deployment(self, "files")
        site.init(RADIO_HOST="192.0.2.1", RADIO_HOST_1="192.0.2.1", RADIO_HOST_2="192.0.2.2", BLUETOOTH_GID="112", SERVER_URL="http://x:1")
        for name in ("agent-001_api_key", "agent-002_api_key"):
            (site.folder / f"secrets/{name}.txt").write_text("k\n")
        for deployment, radios in (("docker-compose.yml", "radio"), ("docker-compose.agent.yml", "radio"), ("docker-compose.multi-agent.yml", "radios")):
            for radio in sorted((site.folder / f"ops/docker/{radios}").glob("*.yml")):
                site.set(COMPOSE_FILE=f"{deployment}:{radio.relative_to(site.folder)}")
                with self.subTest(deployment=deployment, radio=radio.name):
                    site.compose("config", "--quiet")
        site.set(COMPOSE_FILE="docker-compose.yml:ops/docker/radio/usb.yml:ops/docker/metrics.yml:ops/docker/collector.yml")
        site.compose("config", "--quiet")

    def test_the_help_names_every_command_and_no_other(self):
        script = (ROOT / "ops/fleet").read_text()
        handled = set(re.findall(r"[a-z-]+", " ".join(re.findall(r"(?m)^  ([a-z |-]+)\)", script[script.index("case $command in"):]))))
        handled -= {"help", "h", "-h", "--help"}
        said = Deployment(self, "help").fleet("--help").stdout
        shown = set(re.findall(r"(?m)^  ([a-z-]+)(?:  | \[| [A-Z])", said))
        self.assertEqual(shown, handled)


if __name__ == "__main__":
    unittest.main(verbosity=2)
