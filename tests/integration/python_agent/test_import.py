"""mmm-server import: the Python version's database becomes part of the log, once, and nothing in such a file does harm."""

import sqlite3
import unittest

import old_database
from mesh_site import Site
from processes import BIN, ProgramTest, wait_until


class ImportTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.site = Site(self, 1)
        self.path = self.directory / "distributed_meshview.db"

    def import_file(self, path=None):
        """The exit code, and the last line that was printed."""
        arguments = [BIN / "mmm-server", "import", path or self.path, "--config", self.site.server_config]
        code, _, err = self.run_to_end(arguments)
        return code, err.replace("\r", "\n").strip().splitlines()[-1]

    def imported(self, path=None):
        code, line = self.import_file(path)
        self.assertEqual(code, 0, line)
        return line

    def settled(self):
        def look():
            stats = self.site.api.get("/api/v1/stats")
            return stats["projection"]["lag_records"] == 0 and stats

        return wait_until(look, "the index has what was imported", alive=(self.site.server,))

    def test_everything_comes_over_once_with_its_own_time(self):
        database = old_database.make(self.path)
        before = self.path.read_bytes()
        self.assertEqual(self.imported(), "10 records imported, 0 were there already, 0 rows left out")
        self.assertEqual(self.imported(), "0 records imported, 10 were there already, 0 rows left out")
        self.assertEqual(self.path.read_bytes(), before, "the file is only read")
        old_database.add_packets(database, 5, 2)
        self.assertEqual(self.imported(), "2 records imported, 10 were there already, 0 rows left out")

        self.site.start_server()
        stats = self.settled()
        self.assertEqual((stats["packets"]["total"], stats["receptions"]["total"], stats["agents"]["total"]), (7, 7, 1))
        packets = self.site.api.get("/api/v1/packets")["packets"]
        self.assertEqual(sorted(row["summary"] for row in packets), [f"text {i}" for i in range(7)])
        times = {row["summary"]: row["time_us"] for row in packets}
        self.assertEqual(times["text 0"], 1760436000500000)
        node = self.site.api.get("/api/v1/nodes/!a1b2c3d4")
        self.assertEqual((node["long_name"], node["short_name"], node["role"], node["hops_away"]), ("Base", "BS", "CLIENT", 2))
        self.assertEqual((node["battery_level"], node["position"]["latitude"]), (87, 47.6))
        self.assertEqual(node["last_heard_us"], times["text 6"])
        agent = self.site.api.get("/api/v1/agents")["agents"][0]
        self.assertEqual(agent["location"], {"name": "Seattle Hub", "latitude": 47.6, "longitude": -122.3})

        code, line = self.import_file()
        self.assertEqual(code, 1, "the server has the log")
        self.assertIn("mmm-server:", line)
        self.assertEqual(self.site.server.stop(), 0)

    def test_odd_values_do_no_harm(self):
        old_database.add_odd_packets(old_database.make(self.path))
        self.assertEqual(self.imported(), "15 records imported, 0 were there already, 0 rows left out")
        self.site.start_server()
        self.assertEqual(self.settled()["receptions"]["total"], 10)
        self.assertEqual(self.site.api.request("/api/packets")[0], 200)

    def test_tables_of_another_shape(self):
        path = self.directory / "odd.db"
        database = sqlite3.connect(path)
        database.executescript(
            "CREATE TABLE packets(id, agent_id, timestamp, import_time, from_node, to_node, packet_id, channel, type, payload, rssi, snr, hop_limit, want_ack);"
            "INSERT INTO packets(id, agent_id) VALUES (1,'a'),(1,'a'),(-5,'a'),('x','a'),(NULL,'a');"
            "CREATE VIEW agents AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) "
            "SELECT x AS agent_id, x AS location_name, x AS location_lat, x AS location_lon, x AS last_seen FROM n;"
        )
        database.commit()
        self.assertEqual(self.imported(path), "1 records imported, 0 were there already, 4 rows left out")
        database.executescript("CREATE TABLE nodes(x)")
        code, line = self.import_file(path)
        self.assertEqual(code, 1)
        self.assertIn("not a database of the Python version", line)

    def test_what_is_no_database(self):
        for name, content in (("text.db", b"hello " * 1000), ("truncated.db", None)):
            path = self.directory / name
            if content is None:
                old_database.make(self.path).close()
                content = self.path.read_bytes()[:5000]
            path.write_bytes(content)
            code, line = self.import_file(path)
            self.assertEqual(code, 1, name)
            self.assertIn(name, line)
        code, line = self.import_file(self.directory / "absent.db")
        self.assertEqual(code, 1)
        self.assertFalse((self.directory / "absent.db").exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
