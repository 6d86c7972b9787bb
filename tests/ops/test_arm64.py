"""The packages for arm64: what is in them runs under qemu, and a mesh of all three programs counts every reception."""

import os
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/e2e"))

from mesh_site import Api, free_port  # noqa: E402
from packages import ROLES, dependencies_of, made_packages  # noqa: E402
from processes import ProgramTest, wait_until  # noqa: E402
from truth import Truth  # noqa: E402

PACKETS = 300


class Arm64Test(ProgramTest):
    @classmethod
    def setUpClass(cls):
        cls.packages = made_packages("arm64")
        cls.sysroot = Path(os.environ.get("MMM_SYSROOT", ROOT / "build/sysroot-arm64")).resolve()

    def setUp(self):
        super().setUp()
        self.installed = self.directory / "installed"
        for package in self.packages.values():
            subprocess.run(["dpkg-deb", "--extract", package, self.installed], check=True)

    def command(self, name, *arguments):
        emulator = shutil.which("qemu-aarch64-static")
        self.assertIsNotNone(emulator, "qemu-aarch64-static (package qemu-user-static)")
        return [emulator, "-L", self.sysroot, self.installed / "usr/bin" / name, *arguments]

    def test_each_is_for_arm64_and_depends_on_the_libraries_that_amd64_depends_on(self):
        amd64 = made_packages("amd64")
        for name, package in self.packages.items():
            kind = subprocess.run(["file", "--brief", self.installed / "usr/bin" / name], check=True, capture_output=True, text=True)
            self.assertIn("ARM aarch64", kind.stdout)
            self.assertIn(", stripped", kind.stdout, "debug information is not shipped")
            self.assertEqual(dependencies_of([package]), dependencies_of([amd64[name]]))
            self.assertIn("libstdc++6", dependencies_of([package]))

    def test_the_configuration_that_is_shipped_is_good(self):
        for role in ROLES:
            config = self.installed / f"etc/meshymcmapface/{role}.ini"
            code, out, err = self.run_to_end(self.command(f"mmm-{role}", "check-config", "--config", config))
            self.assertEqual((code, err), (0, ""))
            self.assertIn("the configuration is good", out)

    def test_a_mesh_of_the_three_programs_counts_every_reception(self):
        port = free_port()
        truth_file = self.directory / "truth.jsonl"
        server_config = self.directory / "server.ini"
        server_config.write_text(f"[server]\nhost = 127.0.0.1\nport = {port}\ndata_dir = {self.directory / 'server'}\n"
                                 "[api_keys]\nhill = a-key-for-arm64\n[metrics]\nenabled = false\n")
        server = self.program("server", self.command("mmm-server", "--config", server_config)).start()
        api = Api(port)
        self.addCleanup(api.close)
        wait_until(api.ready, "the server answers /readyz", alive=(server,))

        sim = self.program("sim", self.command(
            "mmm-sim", "radio", "--listen", "127.0.0.1:0", "--packets", PACKETS, "--rate", "max", "--start-when", "connected",
            "--truth", truth_file)).start()
        radio = sim.wait_for_output(r"^radio 1 tcp (127\.0\.0\.1:\d+)$")[1]
        agent_config = self.directory / "agent.ini"
        agent_config.write_text(f"[agent]\nid = hill\ndatabase_dir = {self.directory}\n[meshtastic]\ntcp_host = {radio}\n"
                                f"[server_main]\nurl = http://127.0.0.1:{port}\napi_key = a-key-for-arm64\nreport_interval = 250ms\n"
                                "[metrics]\nenabled = false\n")
        agent = self.program("agent", self.command("mmm-agent", "--config", agent_config)).start()
        sim.wait_for_output(rf"^done {PACKETS}$")
        self.assertEqual(sim.stop(60), 0, sim.tail())
        expected = len(Truth(truth_file).heard())
        self.assertGreater(expected, PACKETS // 4, "the radio hears enough of the mesh for the test to mean something")

        def complete():
            total = api.get("/api/v1/stats")["receptions"]["total"]
            self.assertLessEqual(total, expected, "more receptions than were delivered")
            return total == expected

        wait_until(complete, f"the API counts {expected} receptions", alive=(server, agent))
        for program in (agent, server):
            self.assertEqual(program.stop(60), 0, program.tail())


if __name__ == "__main__":
    unittest.main(verbosity=2)
