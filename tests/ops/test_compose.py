"""docker-compose.yml through ops/fleet: health, isolation, restarts under load, upgrade and rollback, backup and restore."""

import json
import re
import unittest

from deployment import OWNER, Deployment, DeploymentTest, Mesh
from processes import wait_until


class ComposeTest(DeploymentTest):
    def test_a_server_restarted_under_load_loses_nothing(self):
        mesh = Mesh(self, "--rate", "150", "--start-when", "connected", "--seed", "5")
        site = Deployment(self, "load")
        site.init("--host", mesh.address())
        site.fleet("up")
        self.assertEqual(site.health("server"), "healthy")
        self.assertEqual(site.health("agent"), "healthy")
        self.check_container(site, "server")
        self.check_container(site, "agent")
        self.check_published(site)

        # A fault falls when the mesh has got further, so that a slow machine sees the same faults.
        for number, fault in enumerate((["restart", "server"], ["kill", "-s", "SIGKILL", "server"], ["restart", "server"]), 1):
            wait_until(lambda goal=number * 400: mesh.delivered() > goal, "the mesh goes on")
            site.compose(*fault)
            site.compose("up", "-d")
        wait_until(lambda: site.health("server") == "healthy", "the server is healthy again")
        goal = mesh.delivered() + 400
        wait_until(lambda: mesh.delivered() > goal, "the mesh goes on")
        self.check_nothing_lost(site.api, mesh.stop())

    def check_container(self, site, service):
        status = site.execute(service, "cat", "/proc/1/status").stdout
        self.assertRegex(status, rf"(?m)^Uid:\s+{OWNER}\s+{OWNER}")
        for kind in ("CapPrm", "CapEff", "CapBnd"):
            self.assertRegex(status, rf"(?m)^{kind}:\s+0000000000000000$")
        self.assertRegex(status, r"(?m)^NoNewPrivs:\s+1$")
        config = site.inspect(service)["HostConfig"]
        self.assertTrue(config["ReadonlyRootfs"])
        self.assertGreater(config["Memory"], 0)
        self.assertEqual(config["LogConfig"], {"Type": "json-file", "Config": {"max-size": "10m", "max-file": "3"}})
        refused = site.execute(service, "sh", "-c", "touch /etc/x", check=False)
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("Read-only file system", refused.stderr)
        refused = site.execute(service, "sh", "-c", "echo x >>/config/*.ini", check=False)
        self.assertNotEqual(refused.returncode, 0, "the configuration can be written")

    def check_published(self, site):
        published = {}
        for service in ("server", "agent"):
            for port, places in site.inspect(service)["NetworkSettings"]["Ports"].items():
                for place in places or []:
                    published[port] = (place["HostIp"], place["HostPort"])
        self.assertEqual(published, {"8082/tcp": ("127.0.0.1", str(site.port))})
        self.assertTrue(json.loads(site.engine.docker("network", "inspect", f"{site.project}_mesh"))[0]["Internal"])

    def test_an_update_keeps_the_data_and_can_be_taken_back(self):
        mesh = Mesh(self, "--packets", "300", "--rate", "100", "--start-when", "connected", "--seed", "6")
        site = Deployment(self, "update")
        site.init("--host", mesh.address())
        before = "0.0.9-before"
        for kind in ("server", "agent"):
            self.tag_as(site, kind, before)
        site.set(MMM_VERSION=before)
        site.fleet("up")
        wait_until(mesh.generated, "the mesh has sent everything")
        truth = mesh.stop()
        self.check_nothing_lost(site.api, truth)
        image_before = site.inspect("server")["Image"]

        said = site.fleet("update", site.engine.version).stdout
        self.assertIn(f"version {site.engine.version} runs", said)
        self.assertNotEqual(site.inspect("server")["Image"], image_before)
        self.check_nothing_lost(site.api, truth)
        backup = re.search(r"backups/(before-\S+) and", said)[1]
        self.assertTrue((site.folder / "backups" / backup / "MANIFEST").exists())

        site.fleet("rollback")
        self.assertEqual(site.inspect("server")["Image"], image_before)
        self.assertEqual(site.setting("MMM_VERSION"), before)
        self.check_nothing_lost(site.api, truth)

        self.check_bad_update(site, before)
        self.check_nothing_lost(site.api, truth)
        self.check_restore(site, truth, backup)
        self.assertIn("is the one that .env names", site.refused("update", before))

    def check_bad_update(self, site, before):
        """A version that does not run is not called one that does, and can be taken back."""
        for kind in ("server", "agent"):
            self.tag_as(site, kind, "0.0.0-bad", 'ENTRYPOINT ["false"]')
        result = site.fleet("update", "0.0.0-bad", check=False, env={"FLEET_WAIT_SECONDS": "60"})
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertIn(f"version 0.0.0-bad does not run as it should: ops/fleet rollback brings {before} back", result.stderr)
        site.fleet("rollback")
        self.assertEqual(site.setting("MMM_VERSION"), before)

    def check_restore(self, site, truth, backup):
        site.compose("stop", "server")
        (site.folder / "data/server/index.db").unlink()
        for path in (site.folder / "data/server/log").iterdir():
            path.unlink()
        site.fleet("restore", backup)
        self.check_nothing_lost(site.api, truth)
        self.assertIn("there is no backups/other", site.refused("restore", "other"))

    def tag_as(self, site, kind, version, *changes):
        """An image as an earlier version left it: other than the present one, under its own tag."""
        context = site.folder / "before"
        context.mkdir(exist_ok=True)
        (context / "Dockerfile").write_text(
            "\n".join([f"FROM meshymcmapface-{kind}:{site.engine.version}", f"LABEL org.opencontainers.image.version={version}", *changes, ""])
        )
        site.engine.docker("build", "--tag", f"meshymcmapface-{kind}:{version}", context)


if __name__ == "__main__":
    unittest.main(verbosity=2)
