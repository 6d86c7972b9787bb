"""What only the one who deploys can mend stops a container with one line that says what to do; and who is sick is told from who starts."""

import os
import tempfile
import unittest
from pathlib import Path

import engine
from deployment import OWNER, Deployment, DeploymentTest
from processes import wait_until

ROOT = Path(__file__).resolve().parents[2]


class StartTest(DeploymentTest):
    def setUp(self):
        self.engine = engine.shared()
        self.folder = Path(tempfile.mkdtemp(prefix="mmm-bad-"))
        self.addCleanup(self.engine.run, ["rm", "-rf", self.folder])

    def line_of(self, kind, *options):
        """The only line of a container that ends by itself."""
        result = self.engine.run(
            ["docker", "run", "--rm", "--network", "none", *options, f"meshymcmapface-{kind}:{self.engine.version}"], check=False, seconds=60
        )
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        lines = (result.stdout + result.stderr).splitlines()
        self.assertEqual(len(lines), 1, lines)
        return lines[0]

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def test_a_missing_variable(self):
        line = self.line_of("agent", "--env", "API_KEY=k")
        self.assertIn("[agent] id: the environment variable AGENT_ID is not set: set it", line)

    def test_a_missing_key(self):
        line = self.line_of("agent", "--env", "AGENT_ID=a")
        self.assertIn("[server_primary] api_key: the environment variable API_KEY is not set: set it (or API_KEY_FILE", line)
        line = self.line_of("agent", "--env", "AGENT_ID=a", "--env", "API_KEY_FILE=/run/secrets/none")
        self.assertIn("cannot read the secret: /run/secrets/none: no such file", line)
        config = ROOT / "config/server_config.ini.template"
        line = self.line_of("server", "--volume", f"{config}:/config/server_config.ini:ro")
        self.assertIn("[api_keys] agent-001: the environment variable AGENT_001_KEY is not set: set it (or AGENT_001_KEY_FILE", line)

    def test_a_key_that_the_user_may_not_read(self):
        key = self.file("key", "secret\n")
        key.chmod(0o600)
        line = self.line_of("agent", "--env", "AGENT_ID=a", "--env", "API_KEY_FILE=/key", "--volume", f"{key}:/key:ro")
        self.assertIn(f"no permission to read the secret /key: give the host's file to this container's user (chown {OWNER} FILE", line)

    def test_a_folder_of_somebody_else(self):
        for kind in ("server", "agent"):
            line = self.line_of(kind, "--volume", f"{self.folder}:/data", "--env", "AGENT_ID=a", "--env", "API_KEY=k")
            self.assertIn(f"cannot write to /data: give the host's folder to this container's user (chown -R {OWNER}:{OWNER}", line)

    def test_a_device_that_is_not_there(self):
        line = self.line_of("agent", "--env", "AGENT_ID=a", "--env", "API_KEY=k", "--env", "MESHTASTIC_DEVICE=/dev/radio")
        self.assertIn("no device /dev/radio in this container: plug the radio in", line)

    def test_a_device_without_permission(self):
        device = self.folder / "radio"
        os.mknod(device, 0o020600, os.makedev(4, 64))
        os.chown(device, 0, 20)
        line = self.line_of(
            "agent", "--env", "AGENT_ID=a", "--env", "API_KEY=k", "--env", "MESHTASTIC_DEVICE=/dev/radio", "--device", f"{device}:/dev/radio"
        )
        self.assertIn("no permission for /dev/radio, which is of group 20 with mode 600: set RADIO_GID=20 in .env", line)

    def test_fleet_refuses_what_would_not_start(self):
        site = Deployment(self, "bad")
        self.assertIn("ops/fleet init makes it", site.refused("up"))
        site.init("--device", "/dev/no-radio")
        self.assertIn("there is no device /dev/no-radio: plug the radio in, or set RADIO_DEVICE", site.refused("up"))
        self.assertIn("--radio x: usb, usb-hotplug", site.refused("init", "--radio", "x"))
        site.set(MMM_VERSION="9.9.9")
        self.assertIn("9.9.9: ops/fleet build", site.refused("up"))
        site.set(MMM_VERSION=site.engine.version)
        (site.folder / "secrets/agent_api_key.txt").unlink()
        self.assertIn("the key secrets/agent_api_key.txt is not there: ops/fleet init makes one", site.refused("up"))
        (site.folder / "config/multi_agent_config.ini").unlink()
        self.assertIn("config/multi_agent_config.ini is not there: ops/fleet init", site.refused("up"))
        self.assertIn("no update was made", site.refused("rollback"))
        self.assertIn("what is nonsense?", site.refused("nonsense"))


class HealthTest(DeploymentTest):
    def test_a_sick_server_is_told_from_one_that_starts_and_one_that_is_not_there(self):
        docker = engine.shared().docker
        image = f"meshymcmapface-server:{engine.shared().version}"
        container = docker("run", "--detach", "--health-interval", "1s", "--health-start-period", "2s", image)
        self.addCleanup(docker, "rm", "--force", "--volumes", container)

        def health(field):
            return docker("inspect", "--format", "{{" + field + "}}", container)

        def last_words():
            return docker("inspect", "--format", "{{range .State.Health.Log}}{{println .Output}}{{end}}", container).split("\n")[-1].strip()

        self.assertIn(health(".State.Health.Status"), ("starting", "healthy"))
        wait_until(lambda: health(".State.Health.Status") == "healthy", "the server is healthy")
        self.assertEqual(last_words(), "healthy")
        docker("kill", "--signal", "STOP", container)
        wait_until(lambda: health(".State.Health.Status") == "unhealthy", "the server that hangs is unhealthy")
        self.assertRegex(last_words(), r"^sick: no answer from \S+ within 3 s$")
        docker("kill", "--signal", "CONT", container)
        wait_until(lambda: health(".State.Health.Status") == "healthy", "the server is healthy again")
        nobody = engine.shared().run(["docker", "run", "--rm", image, "healthcheck", "--config", "/config/server_config.ini"], check=False)
        self.assertEqual(nobody.returncode, 1)
        self.assertIn("no server runs with this configuration", nobody.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
