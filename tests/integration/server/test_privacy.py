"""[privacy]: what is kept back is in no answer, after a change of the configuration, too; and what is delayed comes later."""

import time
import unittest
from collections import Counter

from one_server import OneServerTest

PRECISION = 12
# Answers that have no end, or are no question for the mesh.
NOT_ASKED = ("/api/v1/live", "/api/v1/tiles.pmtiles", "/api/v1/openapi.json", "/healthz", "/readyz")


class PrivacyTest(OneServerTest):
    def restart(self, more):
        self.api.close()
        self.server.stop()
        self.start_server(more=more)
        self.wait_until_projected()

    def ask_everything(self):
        """(path, body) of every question without parameters, the Python version's and those about each node included."""
        paths = [path for path, item in self.api.get("/api/v1/openapi.json")["paths"].items() if "get" in item]
        paths = [path for path in paths if "{" not in path and path not in NOT_ASKED]
        self.assertGreater(len(paths), 20)
        nodes = self.api.pages("/api/v1/nodes", "nodes")
        for node in nodes:
            paths += [f"/api/v1/nodes/{node['id']}", f"/api/v1/nodes/{node['id']}/history"]
        paths += ["/api/nodes", "/api/packets", "/api/nodes/detailed", "/api/v1/links?limit=1000", "/api/v1/packets?limit=1000"]
        for packet in self.api.get("/api/v1/packets", limit=150)["packets"]:
            paths.append(f"/api/v1/packets/{packet['id']}")
        for path in paths:
            status, _, body = self.api.exchange("GET", path)
            if status == 404 and path.startswith("/api/nodes"):
                continue
            self.assertIn(status, (200, 400), path)
            yield path, body.decode("utf-8", "replace")

    def test_what_is_kept_back_is_in_no_answer(self):
        self.start_server()
        self.load(records=6_000, agents=4, nodes=30, batch=100)
        heard = Counter(packet["from"] for packet in self.api.pages("/api/v1/packets", "packets"))
        hidden = heard.most_common(1)[0][0]
        number = str(int(hidden[1:], 16))
        before = [path for path, body in self.ask_everything() if hidden in body or number in body]
        self.assertGreater(len(before), 20, "the test looks where something is found")
        total = self.api.get("/api/v1/stats")["packets"]["total"]

        self.restart(f"[privacy]\nhidden_nodes = {hidden}\nposition_precision = {PRECISION}\n")
        stats = self.api.get("/api/v1/stats")
        self.assertEqual(stats["privacy"], {"position_precision": PRECISION, "hidden_nodes": 1, "delay_s": 0})
        self.assertLess(stats["packets"]["total"], total)
        self.assertGreaterEqual(stats["records"]["hidden"], heard[hidden])
        for path, body in self.ask_everything():
            self.assertNotIn(hidden, body, path)
            self.assertNotIn(number, body, path)
        self.check_positions()

        # What is allowed again is there again.
        self.restart("")
        self.assertEqual(self.api.get("/api/v1/stats")["packets"]["total"], total)
        self.assertEqual(self.api.exchange("GET", f"/api/v1/nodes/{hidden}")[0], 200)

    def check_positions(self):
        placed = [node["position"] for node in self.api.pages("/api/v1/nodes", "nodes") if node["position"]]
        self.assertGreater(len(placed), 10)
        cell = 1 << (32 - PRECISION)
        for position in placed:
            self.assertTrue(0 < position["precision_bits"] <= PRECISION, position)
            if position["precision_bits"] == PRECISION:
                self.assertEqual(round(position["latitude"] * 1e7) % cell, cell // 2, position)
        packets = self.api.get("/api/v1/packets", q="port:position", limit=20)["packets"]
        details = [self.api.get(f"/api/v1/packets/{packet['id']}") for packet in packets]
        kept_back = [detail for detail in details if detail["kept_back"]]
        self.assertTrue(kept_back)
        for detail in kept_back:
            self.assertEqual(detail["payload"]["precision_bits"], PRECISION)
            self.assertIsNone(detail["raw_hex"])
            self.assertIsNone(detail["payload_hex"])
            self.assertEqual(detail["raw_fields"], [])
            self.assertNotIn("payload", detail["mesh_packet"].get("decoded", {}))
            self.assertNotIn("encrypted", detail["mesh_packet"])
        others = self.api.get("/api/v1/packets", q="port:text,telemetry", limit=5)["packets"]
        for packet in others:
            detail = self.api.get(f"/api/v1/packets/{packet['id']}")
            self.assertFalse(detail["kept_back"])
            self.assertTrue(detail["raw_hex"])

    def test_what_is_delayed_is_not_there_yet(self):
        self.start_server()
        self.load(records=500, agents=2, nodes=10, batch=50)
        stats = self.api.get("/api/v1/stats")
        self.restart("[privacy]\ndelay = 1h\n")
        later = self.api.get("/api/v1/stats")
        self.assertEqual(later["privacy"]["delay_s"], 3600)
        self.assertAlmostEqual(later["now_us"] / 1e6, time.time() - 3600, delta=60)
        self.load(records=500, agents=2, nodes=10, batch=50)
        later = self.api.get("/api/v1/stats")
        self.assertEqual(later["records"]["total"], stats["records"]["total"])
        self.assertEqual(later["projection"]["lag_seconds"], 0)
        # Not for want of having been kept.
        self.restart("")
        self.assertGreaterEqual(self.api.get("/api/v1/stats")["records"]["total"], stats["records"]["total"] + 500)


if __name__ == "__main__":
    unittest.main()
