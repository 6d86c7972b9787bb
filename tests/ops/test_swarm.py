"""docker-stack.yml on a Swarm of one node, whose radio is a serial line that a bridge brings to TCP."""

import json
import os
import subprocess
import unittest

from deployment import Deployment, DeploymentTest, Mesh
from mesh_site import free_port
from processes import wait_until


class SwarmTest(DeploymentTest):
    def test_a_stack_records_on_labelled_nodes(self):
        site = Deployment(self, "stack")
        docker = site.engine.docker
        docker("swarm", "init", "--advertise-addr", "127.0.0.1", "--listen-addr", f"127.0.0.1:{free_port()}")
        self.addCleanup(docker, "swarm", "leave", "--force")
        wait_until(lambda: "docker_gwbridge" in docker("network", "ls", "--format", "{{.Name}}").split(), "the Swarm has its bridge to the node")
        gateway = docker("network", "inspect", "docker_gwbridge", "--format", "{{(index .IPAM.Config 0).Gateway}}")
        bridge_port = free_port()
        site.init("--host", f"{gateway}:{bridge_port}")
        node = docker("node", "ls", "--quiet")

        mesh = Mesh(self, "--packets", "400", "--rate", "100", "--start-when", "connected", "--seed", "14", "--pty", "/truth/radio", radios=0,
                    volumes=("/dev:/dev",))
        link = mesh.folder / "radio"
        wait_until(link.is_symlink, "the radio has its line")
        bridge = subprocess.Popen(
            ["socat", f"TCP-LISTEN:{bridge_port},bind={gateway},reuseaddr,fork", f"OPEN:{os.readlink(link)},rawer"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        self.addCleanup(bridge.wait)
        self.addCleanup(bridge.kill)

        self.remove_volumes(site)
        site.fleet("stack")
        self.addCleanup(self.remove, site)
        wait_until(site.api.ready, "the server is ready")
        self.assertEqual(self.tasks(site, "agent"), [], "a node without the label has an agent")
        docker("node", "update", "--label-add", "meshtastic=true", node)
        wait_until(lambda: self.tasks(site, "agent") == ["Running"], lambda: f"the node has its agent: {self.tasks(site, 'agent')}")
        wait_until(mesh.generated, "the mesh has sent everything")
        self.check_nothing_lost(site.api, mesh.stop())
        hostname = docker("node", "inspect", "self", "--format", "{{.Description.Hostname}}")
        self.assertEqual([agent["id"] for agent in site.api.get("/api/v1/agents")["agents"]], [hostname])
        self.check_container(site, "server")
        self.check_container(site, "agent")

    def tasks(self, site, service):
        said = site.engine.docker("service", "ps", f"{site.project}_{service}", "--filter", "desired-state=running", "--format", "{{.CurrentState}}")
        return [line.split()[0] for line in said.splitlines()]

    def check_container(self, site, service):
        container = site.engine.docker("ps", "--quiet", "--filter", f"label=com.docker.swarm.service.name={site.project}_{service}")
        inspected = json.loads(site.engine.docker("inspect", container))[0]
        self.assertTrue(inspected["HostConfig"]["ReadonlyRootfs"])
        self.assertEqual(inspected["HostConfig"]["CapDrop"], ["ALL"])
        secret = site.engine.docker("exec", container, "stat", "-c", "%u:%a", "/run/secrets/agent_api_key")
        self.assertEqual(secret, "10082:400")
        self.assertNotIn((site.folder / "secrets/agent_api_key.txt").read_text(), json.dumps(inspected))

    def remove(self, site):
        site.engine.docker("stack", "rm", site.project)
        wait_until(
            lambda: not site.engine.docker("ps", "--all", "--quiet", "--filter", f"label=com.docker.stack.namespace={site.project}"),
            "the stack's containers are gone",
        )
        self.remove_volumes(site)

    def remove_volumes(self, site):
        """A stack that is removed leaves its volumes: the records of another run would be counted with those of this one."""
        for service in ("server", "agent"):
            site.engine.docker("volume", "rm", "--force", f"{site.project}_{service}")


if __name__ == "__main__":
    unittest.main(verbosity=2)
