"""The README's command: ops/up starts everything, a mesh comes alive, Ctrl-C ends everything.

What it serves is looked at too: answers as the OpenAPI document says, metrics to which promtool has nothing to say.
"""

import json
import re
import shutil
import signal
import subprocess
import unittest
import urllib.request
from pathlib import Path

from mesh_site import Api, free_port
from openapi import Document
from processes import BIN, ProgramTest, wait_until

ROOT = Path(__file__).resolve().parents[2]


def scrape(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as response:
        return response.read()


@unittest.skipUnless(BIN == ROOT / "build/release/bin", "ops/up starts what the release preset has built")
class UpTest(ProgramTest):
    def test_a_mesh_comes_alive_and_ends_with_the_command(self):
        port = free_port()
        api = Api(port)
        data = self.directory / "data"
        up = self.program("up", [ROOT / "ops/up", "--no-build", "--port", port, "--data", data]).start()
        up.wait_for_output(rf"^The mesh is at http://localhost:{port}/")

        def alive():
            stats = api.get("/api/v1/stats")
            return stats["receptions"]["total"] > 100 and stats["agents"]["online"] == 3 and stats["messages"]["total"] > 0

        wait_until(alive, "three agents deliver what they hear", alive=(up,))
        self.check_answers(api)
        self.check_metrics(data)

        again = self.run_to_end([ROOT / "ops/up", "--no-build", "--port", free_port(), "--data", data])
        self.assertEqual(again[0], 1)
        self.assertIn("is in use by another ops/up", again[2])

        up.process.send_signal(signal.SIGINT)
        self.assertEqual(up.wait(60), 0)
        self.assertFalse(api.ready(), "the server has ended too")
        left = subprocess.run(["pgrep", "-f", str(data)], capture_output=True, check=False).stdout.decode()
        self.assertEqual(left, "", "processes that ops/up left behind")

    def check_answers(self, api):
        document = Document(api.get("/api/v1/openapi.json"))
        packets = api.get("/api/v1/packets", limit=200)
        nodes = api.get("/api/v1/nodes")
        document.check_answer("/api/v1/packets", packets)
        document.check_answer("/api/v1/nodes", nodes)
        for route in ("/api/v1/stats", "/api/v1/agents", "/api/v1/messages"):
            document.check_answer(route, api.get(route))
        for packet in packets["packets"][:100]:
            document.check_answer("/api/v1/packets/{id}", api.get(f"/api/v1/packets/{packet['id']}"))
        for node in nodes["nodes"]:
            document.check_answer("/api/v1/nodes/{id}", api.get(f"/api/v1/nodes/{node['id']}"))
        problem = document.document["components"]["schemas"]["Problem"]
        for path, status in (("/api/v1/nodes/x", 400), ("/api/v1/packets/1", 404), ("/api/v1/stats?x=1", 400)):
            answer = api.request(path)
            self.assertEqual(answer[0], status, path)
            document.check(problem, json.loads(answer[1]), path)

    def check_metrics(self, data):
        configs = [data / "server_config.ini", *sorted((data / "agents").glob("*.ini"))]
        self.assertEqual(len(configs), 4)
        promtool = shutil.which("promtool")
        self.assertIsNotNone(promtool, "promtool (package prometheus)")
        pages = {}
        for config in configs:
            port = re.search(r"\[metrics\]\nport = (\d+)", config.read_text())[1]
            pages[config.stem] = scrape(port)
            verdict = subprocess.run([promtool, "check", "metrics"], input=pages[config.stem], capture_output=True, check=False)
            said = (verdict.stdout + verdict.stderr).decode()
            self.assertEqual((verdict.returncode, said), (0, ""), config)
        # The server tells of its agents, of what they carry with their uploads, and of the mesh.
        server = pages["server_config"].decode()
        for agent in re.findall(r'^mmm_server_agent_info{agent="([^"]+)"', server, re.MULTILINE):
            resident = re.search(rf'^mmm_server_agent_resident_memory_bytes{{agent="{agent}"}} (\S+)$', server, re.MULTILINE)
            self.assertTrue(5e6 < float(resident[1]) < 40e6, agent)
            self.assertRegex(server, rf'mmm_server_agent_records_total{{agent="{agent}",freshness="fresh"}} [1-9]')
            self.assertIn(f'mmm_server_agent_lost_records{{agent="{agent}"}} 0\n', server)
        self.assertIn('mmm_server_agents{state="online"} 3\n', server)
        self.assertRegex(server, r'mmm_server_mesh_packets_total{channel="LongFast",port="POSITION_APP",region="EU_868"} [1-9]')


if __name__ == "__main__":
    unittest.main(verbosity=2)
