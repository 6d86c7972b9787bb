"""docker-compose.multi-agent.yml, and a further agent packed by ops/fleet add-agent."""

import json
import subprocess
import unittest

from deployment import OWNER, Deployment, DeploymentTest, Mesh
from processes import wait_until


class MultiAgentTest(DeploymentTest):
    def test_two_agents_bring_two_receptions_of_one_packet(self):
        mesh = Mesh(self, "--packets", "1500", "--rate", "150", "--start-when", "connected", "--seed", "8", radios=2)
        site = Deployment(self, "multi")
        site.init("--agents", "2", "--host", mesh.address(1), "--host", mesh.address(2))
        keys = [(site.folder / f"secrets/agent-00{number}_api_key.txt").read_text() for number in (1, 2)]
        self.assertNotEqual(keys[0], keys[1])
        site.fleet("up")
        for service in ("server", "agent-001", "agent-002"):
            self.assertEqual(site.health(service), "healthy")
        wait_until(mesh.generated, "the mesh has sent everything")
        truth = mesh.stop()
        self.check_nothing_lost(site.api, truth)
        shared = [r for r in truth.receptions_by_packet().values() if len(r) == 2]
        self.assertGreater(len(shared), 100, "both radios hear much of the same")
        self.assertEqual({agent["id"] for agent in site.api.get("/api/v1/agents")["agents"]}, {"agent-001", "agent-002"})

    def test_a_further_agent_runs_from_what_was_packed_for_it(self):
        site = Deployment(self, "main")
        site.init("--radio", "tcp", "--host", "192.0.2.1")
        site.compose("up", "-d", "server")
        wait_until(site.api.ready, "the server is ready")
        # Published on an address that containers of other networks reach, as another host would.
        mesh = Mesh(self, "--packets", "200", "--rate", "100", "--start-when", "connected", "--seed", "9")
        site.set(PUBLISH=mesh.host)
        site.api.close()
        site.compose("up", "-d", "server")
        site.fleet("add-agent", "hill-1", "--server-url", f"http://{mesh.host}:{site.port}")
        self.assertIn("is there already", site.refused("add-agent", "hill-1"))
        self.assertIn("needs the agent's name", site.refused("add-agent", "a/b"))
        self.assertIn("hill-1", site.execute("server", "mmm-server", "keys", "list", "--config", "/config/server_config.ini").stdout)

        subprocess.run(["tar", "-xzf", site.folder / "agents/hill-1.tar.gz", "-C", site.folder], check=True)
        packed = Deployment.__new__(Deployment)
        packed.__dict__.update(site.__dict__, folder=site.folder / "meshymcmapface-hill-1", project="meshymcmapface-hill-1")
        self.addCleanup(packed.down)
        packed.set(COMPOSE_FILE="docker-compose.agent.yml:ops/docker/radio/tcp.yml", RADIO_HOST=mesh.address())
        packed.fleet("init")
        self.assertEqual(packed.owner("secrets/agent_api_key.txt"), OWNER)
        packed.fleet("up")
        wait_until(mesh.generated, "the mesh has sent everything")
        truth = mesh.stop()
        heard = truth.lines["summary"][0]["receptions"]

        def received():
            answer = site.execute("server", "mmm-server", "export", "--config", "/config/server_config.ini").stdout
            records = [json.loads(line) for line in answer.splitlines()]
            return sum(1 for r in records if r["kind"] == "mesh_packet" and r["agent"] == "hill-1") >= heard

        wait_until(received, "the server has all that the further agent heard")


if __name__ == "__main__":
    unittest.main(verbosity=2)
