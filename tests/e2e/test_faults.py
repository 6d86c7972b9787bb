"""kill -9 of agents and server, and a server that is away: nothing that an agent committed is lost, nothing is there twice."""

import os
import random
import sqlite3
import unittest
from collections import defaultdict

import wire
from mesh_site import Site, dump_tables, free_port
from processes import BIN, ProgramTest, wait_until
from truth import Truth

RADIOS = 3
KILLS = int(os.environ.get("MMM_E2E_KILLS", "20"))
SEED = int(os.environ.get("MMM_E2E_SEED", "11"))
PACKETS_A_KILL = 250


class FaultTest(ProgramTest):
    def test_kills_and_an_absent_server_lose_and_double_nothing(self):
        print(f"seed {SEED} (MMM_E2E_SEED)")
        chance = random.Random(SEED)
        site = Site(self, RADIOS)
        truth_path = self.directory / "truth.jsonl"
        packets = PACKETS_A_KILL * (KILLS + 4)
        sim = self.program(
            "sim",
            [BIN / "mmm-sim", "radio", "--radios", RADIOS, "--listen", "127.0.0.1:0", "--seed", SEED, "--nodes", 60]
            + ["--packets", packets, "--rate", 400, "--start-when", "connected", "--truth", truth_path],
        ).start()
        ports = {
            number: sim.wait_for_output(rf"^radio {number} tcp 127\.0\.0\.1:(\d+)")[1] for number in range(1, RADIOS + 1)
        }
        site.start_server()
        metrics_ports = {}
        for number, agent_id in enumerate(site.agent_ids, 1):
            metrics_ports[agent_id] = free_port()
            site.add_agent(agent_id, ports[number], metrics_port=metrics_ports[agent_id]).start()

        def progress():
            return truth_path.stat().st_size if truth_path.exists() else 0

        # A fault falls when the mesh has got a random distance further, so that a slow machine sees the same faults.
        away_at = chance.randrange(KILLS // 3, KILLS)
        for kill in range(KILLS):
            target = progress() + chance.randrange(10_000, 120_000)
            wait_until(lambda goal=target: progress() >= goal or self.generated(truth_path), "the mesh goes on", alive=(sim,))
            victim = chance.choice([site.server, *site.agents.values()])
            if kill == away_at:
                victim = site.server
            victim.kill()
            if kill == away_at:
                gone_until = progress() + 300_000
                wait_until(lambda goal=gone_until: progress() >= goal or self.generated(truth_path), "the mesh goes on")
            victim.start()

        wait_until(lambda: self.generated(truth_path), "the mesh has sent everything", alive=(sim,))
        self.assertEqual(sim.stop(), 0)
        wait_until(site.api.ready, "the server is back", alive=(site.server,))
        for agent_id, agent in site.agents.items():
            wait_until(
                lambda port=metrics_ports[agent_id]: site.buffered_records(port) == 0, f"{agent_id} delivers", alive=(agent,)
            )
        wait_until(
            lambda: site.api.get("/api/v1/stats")["projection"]["lag_records"] == 0, "the index follows", alive=(site.server,)
        )
        heard = {
            (row["from"], row["packet_id"])
            for row in site.api.pages("/api/v1/packets", "packets")
            if not {"replay", "mqtt", "own", "udp"} & set(row["flags"])
        }
        for agent in site.agents.values():
            self.assertEqual(agent.stop(), 0)
        self.assertEqual(site.server.stop(), 0)

        records = site.export()
        self.check_streams(site, records)
        self.check_contents(site, records, Truth(truth_path), heard)

        index = next(site.data_directory.rglob("index*.db"))
        before = dump_tables(index)
        site.reindex()
        self.assertEqual(before, dump_tables(index))

    @staticmethod
    def generated(truth_path):
        with open(truth_path, "rb") as file:
            file.seek(max(0, truth_path.stat().st_size - 4096))
            return b'"type":"generated"' in file.read()

    def check_streams(self, site, records):
        """In the log each stream has as many records as its agent captured, each number once."""
        streams = defaultdict(list)
        for record in records:
            streams[record["agent"], record["stream"]].append(record["seq"])
        for agent_id in site.agent_ids:
            connection = sqlite3.connect(site.buffer_path(agent_id))
            (stream, next_seq, captured) = connection.execute(
                "SELECT hex(stream_id), next_seq, captured FROM stream"
            ).fetchone()
            (delivered, dropped, set_aside) = connection.execute(
                "SELECT delivered, dropped, set_aside FROM servers"
            ).fetchone()
            connection.close()
            self.assertEqual((dropped, set_aside), (0, 0), agent_id)
            self.assertEqual(delivered, captured)
            # An agent leaves numbers out at each start, so it is counted, not enumerated.
            seqs = streams.pop((agent_id, stream.lower()))
            self.assertEqual(len(set(seqs)), len(seqs), agent_id)
            self.assertEqual(len(seqs), captured, agent_id)
            self.assertLess(max(seqs), next_seq, agent_id)
        self.assertFalse(streams, "streams that no agent has")

    def check_contents(self, site, records, truth, heard):
        """What is in the log was delivered, byte for byte, and the index shows all of it."""
        delivered = {
            f"site-{number}": {packet["packet_hex"] for packet in truth.of_radio(number)} for number in range(1, RADIOS + 1)
        }
        by_id = {(f"!{p['from']:08x}", p["id"]) for p in truth.heard()}
        logged = set()
        for record in records:
            if record["kind"] != "mesh_packet":
                continue
            packet = wire.mesh_packet(bytes.fromhex(record["payload_hex"]))
            self.assertIn(packet.hex(), delivered[record["agent"]])
            values = wire.message(packet)
            identity = (f"!{wire.fixed32(values.get(1)):08x}", wire.fixed32(values.get(6)))
            if identity in by_id:
                logged.add(identity)
        self.assertGreater(len(logged), 1000)
        self.assertEqual(heard, logged)


if __name__ == "__main__":
    unittest.main(verbosity=2)
