"""The three ways to a radio on USB, with pseudo terminals of mmm-sim in its place."""

import json
import os
import unittest

from deployment import Deployment, DeploymentTest, Mesh
from processes import wait_until

DIALOUT = 20


class DeviceTest(DeploymentTest):
    def serial_mesh(self, seed):
        """A mesh whose radio is at a serial line that belongs to the group dialout, as udev does it for a board."""
        mesh = Mesh(
            self, "--packets", "400", "--rate", "100", "--start-when", "connected", "--seed", seed, "--pty", "/truth/radio", radios=0,
            volumes=("/dev:/dev",),
        )
        link = mesh.folder / "radio"
        wait_until(link.is_symlink, "the radio has its line")
        device = os.readlink(link)
        os.chown(device, 0, DIALOUT)
        os.chmod(device, 0o660)
        return mesh, device

    def check_recorded_by(self, kind, seed):
        mesh, device = self.serial_mesh(seed)
        site = Deployment(self, kind)
        site.init("--radio", kind, "--device", device)
        self.assertEqual(site.setting("RADIO_GID"), str(DIALOUT))
        site.fleet("up")
        wait_until(mesh.generated, "the mesh has sent everything")
        self.check_nothing_lost(site.api, mesh.stop())
        return site

    def test_hotplug(self):
        site = self.check_recorded_by("usb-hotplug", "12")
        self.assertFalse(site.inspect("agent")["HostConfig"]["Privileged"])
        # Of the host's devices only serial ones can be opened, even by their owner.
        refused = site.engine.run(["docker", "exec", "--user", "0", site.container("agent"), "sh", "-c", "exec 3</dev/kmsg"], check=False)
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("not permitted", refused.stderr)

    def test_privileged(self):
        site = self.check_recorded_by("usb-privileged", "13")
        self.assertTrue(site.inspect("agent")["HostConfig"]["Privileged"])

    def test_direct(self):
        site = Deployment(self, "direct")
        # The engine makes the node anew in the container, which no pseudo terminal survives: so one of a real serial driver.
        device = site.folder / "ttyUSB0"
        os.mknod(device, 0o020660, os.makedev(4, 64))
        os.chown(device, 0, DIALOUT)
        os.chmod(device, 0o660)
        site.init("--device", device)
        self.assertEqual(site.setting("RADIO_GID"), str(DIALOUT))
        site.fleet("up")
        said = site.execute("agent", "sh", "-c", "stat -c '%t:%T' /dev/radio; test -r /dev/radio && test -w /dev/radio && echo usable; ls /dev/ttyUSB* 2>&1 | wc -l")
        self.assertEqual(said.stdout.split(), ["4:40", "usable", "1"])
        status = json.loads(site.execute("agent", "mmm-agent", "status", "--json", "--config", "/config/multi_agent_config.ini").stdout)
        self.assertIn("/dev/radio", json.dumps(status))


if __name__ == "__main__":
    unittest.main(verbosity=2)
