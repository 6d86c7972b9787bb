"""ops/fleet demo: anyone sees a mesh with one command, and Ctrl-C ends it."""

import os
import signal
import subprocess
import unittest

from deployment import Deployment, DeploymentTest
from processes import wait_until


class DemoTest(DeploymentTest):
    def test_a_mesh_comes_alive_with_one_command(self):
        site = Deployment(self, "demo")
        settings = {"PORT": str(site.port), "DEMO_RATE": "5", "COMPOSE_FILE": "docker-compose.demo.yml", "COMPOSE_PROJECT_NAME": "meshymcmapface-demo"}
        self.addCleanup(lambda: site.compose("down", "--volumes", env=settings))
        demo = subprocess.Popen(
            # Where the tests run in a shell's background Ctrl-C is ignored; whoever types it is in the foreground.
            ["env", "--default-signal=INT", site.folder / "ops/fleet", "demo"], cwd=site.folder, env={**site.engine.environment, **settings}, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )
        self.addCleanup(lambda: demo.poll() is None and demo.kill())
        wait_until(site.api.ready, "the server is ready")

        def alive():
            self.assertIsNone(demo.poll(), "the demo has ended")
            stats = site.api.get("/api/v1/stats")
            return stats["receptions"]["total"] > 100 and stats["agents"]["online"] == 3

        wait_until(alive, "three agents deliver what they hear")
        site.api.close()
        # To the whole group, as a terminal does it.
        os.killpg(demo.pid, signal.SIGINT)
        demo.wait(120)
        running = site.engine.docker("ps", "--quiet", "--filter", "label=com.docker.compose.project=meshymcmapface-demo")
        self.assertEqual(running, "")
        self.assertIn(demo.returncode, (0, 1, 130, -signal.SIGINT))


if __name__ == "__main__":
    unittest.main(verbosity=2)
