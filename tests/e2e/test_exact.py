"""Three radios of one mesh, an agent beside each, one server: what the API shows equals what the radios delivered."""

import collections
import os
import re
import unittest

from mesh_site import Site, dump_tables
from processes import BIN, ProgramTest, wait_until
from truth import Truth

RADIOS = 3
PACKETS = int(os.environ.get("MMM_E2E_PACKETS", "20000"))
NOT_HEARD = {"replay", "mqtt", "own", "udp"}


class ExactTest(ProgramTest):
    def test_api_equals_the_truth_and_reindex_changes_nothing(self):
        site = Site(self, RADIOS)
        truth_path = self.directory / "truth.jsonl"
        sim = self.program(
            "sim",
            [BIN / "mmm-sim", "radio", "--radios", RADIOS, "--listen", "127.0.0.1:0", "--seed", 7, "--nodes", 80]
            + ["--packets", PACKETS, "--rate", "max", "--start-when", "connected", "--truth", truth_path],
        ).start()
        ports = {
            number: sim.wait_for_output(rf"^radio {number} tcp 127\.0\.0\.1:(\d+)")[1] for number in range(1, RADIOS + 1)
        }
        site.start_server()
        for number, agent_id in enumerate(site.agent_ids, 1):
            site.add_agent(agent_id, ports[number]).start()

        sim.wait_for_output(r'"type":"generated"', path=truth_path)
        self.assertEqual(sim.stop(), 0)
        truth = Truth(truth_path)
        self.assertTrue(truth.lines["summary"], "the simulator ended in order")
        everyone = (site.server, *site.agents.values())
        expected = len(truth.heard())
        self.assertGreater(expected, PACKETS // 2, "the radios hear enough of the mesh for the test to mean something")

        def complete():
            stats = site.api.get("/api/v1/stats")
            self.assertLessEqual(stats["receptions"]["total"], expected, "more receptions than were delivered")
            return stats["receptions"]["total"] == expected and stats["projection"]["lag_records"] == 0 and stats

        stats = wait_until(complete, f"the API counts {expected} receptions", alive=everyone)
        for agent in site.agents.values():
            self.assertEqual(agent.stop(), 0)

        self.check_totals(truth, stats)
        self.check_packets_and_receptions(site, truth)
        self.check_nodes(site, truth)
        self.check_agents(site, truth)
        self.check_secrets(truth)

        self.assertEqual(site.server.stop(), 0)
        index = next(site.data_directory.rglob("index*.db"))
        before = dump_tables(index)
        site.reindex()
        after = dump_tables(index)
        self.assertEqual(before.keys(), after.keys())
        for table, rows in before.items():
            self.assertEqual(rows, after[table], f"table {table} after reindex")

    def check_totals(self, truth, stats):
        summary = truth.lines["summary"][0]
        self.assertEqual(stats["packets"]["total"], summary["packets"])
        self.assertEqual(stats["receptions"]["total"], summary["receptions"])
        self.assertEqual(stats["agents"]["total"], RADIOS)

    def check_packets_and_receptions(self, site, truth):
        rows = site.api.pages("/api/v1/packets", "packets")
        self.assertEqual(len({row["id"] for row in rows}), len(rows), "paging shows no row twice")
        self.assertEqual([row["id"] for row in rows], sorted((row["id"] for row in rows), reverse=True))
        heard = [row for row in rows if not NOT_HEARD & set(row["flags"])]
        delivered = truth.receptions_by_packet()
        shown = collections.Counter((int(row["from"][1:], 16), row["packet_id"]) for row in heard if row["packet_id"])
        self.assertEqual(shown, collections.Counter(dict.fromkeys(delivered, 1)), "each packet heard is shown once")
        without_id = sum(1 for packet in truth.heard() if packet["id"] == 0)
        self.assertEqual(sum(1 for row in heard if row["packet_id"] == 0), without_id)

        for row in heard:
            if row["packet_id"] == 0:
                continue
            packet = site.api.get(f"/api/v1/packets/{row['id']}")
            expected = delivered[int(row["from"][1:], 16), row["packet_id"]]
            shown = sorted(
                (r["agent"], r["rssi"] or 0, round((r["snr"] or 0) * 4), r["hop_limit"], r["relay_node"] or 0)
                for r in packet["receptions"]
                if not NOT_HEARD & set(r["flags"])
            )
            self.assertEqual(
                shown,
                sorted(
                    (f"site-{r['radio']}", r["rssi"], round(r["snr"] * 4), r["hop_limit"], r["relay_node"])
                    for r in expected
                ),
                row,
            )
            self.assertEqual(row["receptions"], len(expected))

    def check_nodes(self, site, truth):
        nodes = {node["num"]: node for node in site.api.pages("/api/v1/nodes", "nodes")}
        self.assertEqual(set(nodes), truth.node_numbers())
        positions = truth.positions()
        with_position = 0
        for number, node in nodes.items():
            place = node["position"]
            if place is None:
                self.assertNotIn(number, positions, f"{node['id']} sent a position")
                continue
            with_position += 1
            shown = (round(place["latitude"] * 1e7), round(place["longitude"] * 1e7))
            if number in positions:
                self.assertIn(shown, positions[number], node["id"])
        self.assertGreater(with_position, 0)

        names = {node["num"]: node for node in truth.lines["node"]}
        named = {info["num"] for info in truth.lines["node_info"] if info["has_user"]}
        for number in named & set(nodes):
            self.assertEqual(nodes[number]["long_name"], names[number]["long_name"])
            self.assertEqual(nodes[number]["short_name"], names[number]["short_name"])

    def check_agents(self, site, truth):
        agents = {agent["id"]: agent for agent in site.api.get("/api/v1/agents")["agents"]}
        self.assertEqual(set(agents), set(site.agent_ids))
        radios = {line["radio"]: line["id"] for line in truth.lines["radio"]}
        for number, agent_id in enumerate(site.agent_ids, 1):
            agent = agents[agent_id]
            heard = [packet for packet in truth.heard() if packet["radio"] == number]
            self.assertEqual(agent["receptions"], len(heard), agent_id)
            self.assertEqual(agent["radio"]["id"], radios[number])
            ledger = agent["ledger"]
            self.assertEqual(ledger["dropped"], 0)
            self.assertEqual(ledger["set_aside"], 0)
            self.assertEqual(
                ledger["captured"],
                ledger["delivered"] + ledger["set_aside"] + ledger["filtered"] + ledger["dropped"] + ledger["waiting"],
            )

    def check_secrets(self, truth):
        """What the radios' configuration holds is in no file that the agents and the server wrote."""
        secrets = truth.secrets()
        self.assertGreater(len(secrets), 0)
        for path in self.directory.rglob("*"):
            if not path.is_file() or path.name in ("truth.jsonl", "sim.out", "sim.err"):
                continue
            content = path.read_bytes()
            for name, secret in secrets:
                for form in (secret, secret.hex().encode(), re.escape(secret)):
                    self.assertNotIn(form, content, f"{name} is in {path}")


if __name__ == "__main__":
    unittest.main(verbosity=2)
