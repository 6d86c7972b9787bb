"""A folder as who deploys has it, with its own .env, and the containers that were started from it."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import engine
from mesh_site import Api, free_port
from processes import wait_until
from truth import Truth

ROOT = Path(__file__).resolve().parents[2]
OWNER = 10082
NOT_HEARD = {"replay", "mqtt", "own", "udp"}


class Deployment:
    def __init__(self, test, name):
        self.test = test
        self.engine = engine.shared()
        self.folder = Path(tempfile.mkdtemp(prefix="mmm-deploy-"))
        self.project = f"mmm-test-{name}"
        self.port = free_port()
        self.api = Api(self.port)
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", "docker-compose*.yml", "docker-stack.yml", ".env.example",
             "config", "ops/fleet", "ops/docker"],
            cwd=ROOT, capture_output=True, text=True, check=True,
        )
        for file in listed.stdout.splitlines():
            (self.folder / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / file, self.folder / file)
        test.addCleanup(shutil.rmtree, self.folder, True)
        test.addCleanup(self.down)

    def init(self, *words, **settings):
        """ops/fleet init, then what a test needs: a port and a network of its own, and the images under test."""
        self.fleet("init", *words)
        self.set(COMPOSE_PROJECT_NAME=self.project, MMM_VERSION=self.engine.version, PUBLISH="127.0.0.1", PORT=self.port,
                 MESH_SUBNET="172.31.77.0/24", **settings)

    def set(self, **settings):
        path = self.folder / ".env"
        lines = [line for line in path.read_text().splitlines() if line.partition("=")[0] not in settings]
        path.write_text("\n".join([*lines, *(f"{name}={value}" for name, value in settings.items()), ""]))

    def setting(self, name):
        found = [line.partition("=")[2] for line in (self.folder / ".env").read_text().splitlines() if line.startswith(f"{name}=")]
        return found[-1]

    def fleet(self, *words, check=True, **options):
        return self.engine.run([self.folder / "ops/fleet", *words], check=check, cwd=self.folder, **options)

    def refused(self, *words):
        """The one line with which ops/fleet says no."""
        result = self.fleet(*words, check=False)
        self.test.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        lines = result.stderr.splitlines()
        self.test.assertEqual(len(lines), 1, result.stderr)
        return lines[0]

    def compose(self, *words, **options):
        return self.engine.run(["docker-compose", *words], cwd=self.folder, **options)

    def down(self):
        if (self.folder / ".env").exists():
            self.compose("down", "--volumes", "--remove-orphans", check=False)
        self.api.close()

    def container(self, service):
        return self.compose("ps", "--quiet", service).stdout.strip()

    def inspect(self, service):
        return json.loads(self.engine.docker("inspect", self.container(service)))[0]

    def health(self, service):
        return self.inspect(service)["State"]["Health"]["Status"]

    def logs(self, service):
        result = self.engine.run(["docker", "logs", self.container(service)])
        return result.stdout + result.stderr

    def execute(self, service, *words, check=True):
        return self.engine.run(["docker", "exec", self.container(service), *words], check=check)

    def owner(self, path):
        return os.stat(self.folder / path).st_uid


class Mesh:
    """mmm-sim in a container of the host's network, at the address that the host has among the engine's containers."""

    def __init__(self, test, *words, radios=1, volumes=()):
        self.engine = engine.shared()
        self.host = self.engine.docker("network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Gateway}}")
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="mmm-truth-"))
        os.chown(self.folder, OWNER, OWNER)
        self.truth_path = self.folder / "truth.jsonl"
        listen = [word for radio in range(radios) for word in ("--listen", f"{self.host}:{self.port + radio}")] if radios else []
        self.container = self.engine.docker(
            "run", "--detach", "--network", "host", "--volume", f"{self.folder}:/truth", *[w for v in volumes for w in ("--volume", v)],
            f"meshymcmapface-sim:{self.engine.version}", "radio", *listen, "--truth", "/truth/truth.jsonl", *words,
        )
        test.addCleanup(shutil.rmtree, self.folder, True)
        test.addCleanup(self.engine.docker, "rm", "--force", self.container)

    def address(self, radio=1):
        return f"{self.host}:{self.port + radio - 1}"

    def generated(self):
        return self.truth_path.exists() and b'"type":"generated"' in self.truth_path.read_bytes()[-8192:]

    def delivered(self):
        """How many packets its radios have delivered so far."""
        return self.truth_path.read_bytes().count(b'"type":"packet"') if self.truth_path.exists() else 0

    def stop(self):
        self.engine.docker("stop", self.container)
        return Truth(self.truth_path)


class DeploymentTest(unittest.TestCase):
    def check_nothing_lost(self, api, truth):
        """What the pages show is what the radios delivered: every packet once, with every reception."""
        summary = truth.lines["summary"][0]

        def complete():
            stats = api.get("/api/v1/stats")
            self.assertLessEqual(stats["receptions"]["total"], summary["receptions"], "more receptions than were delivered")
            return stats["receptions"]["total"] == summary["receptions"] and stats["projection"]["lag_records"] == 0 and stats

        stats = wait_until(complete, f"the API counts {summary['receptions']} receptions, not {api.get('/api/v1/stats')['receptions']}")
        self.assertEqual(stats["packets"]["total"], summary["packets"])
        shown = sorted(
            (int(row["from"][1:], 16), row["packet_id"], row["receptions"])
            for row in api.pages("/api/v1/packets", "packets")
            if row["packet_id"] and not NOT_HEARD & set(row["flags"])
        )
        delivered = sorted((*identity, len(receptions)) for identity, receptions in truth.receptions_by_packet().items())
        self.assertEqual(shown, delivered)
