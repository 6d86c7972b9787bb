"""backup, restore, check and reindex of mmm-server as a process, under load and through kill -9."""

import json
import os
import random
import unittest
from pathlib import Path

from mesh_site import Api, dump_tables, free_port
from processes import BIN, ProgramTest, wait_until

SERVER = BIN / "mmm-server"
KEY = "care-key-0123456789abcdef0123456789abcdef"
RECORDS = int(os.environ.get("MMM_CARE_RECORDS", "30000"))
SEED = int(os.environ.get("MMM_CARE_SEED", "5"))


class CareTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.port = free_port()
        self.api = Api(self.port)
        self.data = self.directory / "data"
        self.config = self.write_config("server.ini", self.data)
        self.server = self.program("server", [SERVER, "--config", self.config])

    def tearDown(self):
        if self.api.connection:
            self.api.connection.close()
        super().tearDown()

    def write_config(self, name, data, extra=""):
        path = self.directory / name
        path.write_text(
            f"[server]\nhost = 127.0.0.1\nport = {self.port}\ndata_dir = {data}\nfree_space_min = 1M\n"
            f"[metrics]\nenabled = false\n[api_keys]\nagents = {KEY}\n{extra}"
        )
        return path

    def start(self):
        self.server.start()
        wait_until(self.api.ready, "the server answers /readyz", alive=(self.server,))

    def load(self, records, *more):
        arguments = [BIN / "mmm-sim", "load", "--server", f"http://127.0.0.1:{self.port}", "--key", KEY]
        arguments += ["--agents", 8, "--connections", 4, "--batch", 100, "--records", records, *more]
        return self.program(f"load-{len(self.programs)}", arguments).start()

    def fill(self, records=RECORDS):
        self.start()
        self.assertEqual(self.load(records).wait(), 0)
        self.wait_for_index()

    def wait_for_index(self):
        wait_until(
            lambda: self.api.get("/api/v1/stats")["projection"]["lag_records"] == 0, "the index follows", alive=(self.server,)
        )

    def run_server(self, *arguments, config=None, seconds=300):
        return self.run_to_end([SERVER, *arguments, "--config", config or self.config], seconds=seconds)

    def export(self, config=None):
        code, out, err = self.run_server("export", config=config)
        self.assertEqual(code, 0, err)
        return [json.loads(line) for line in out.splitlines()]

    # ---- backup and restore ----

    def test_a_backup_under_load_restores_to_all_that_was_acknowledged(self):
        self.fill()
        load = self.load(RECORDS, "--rate", 3000)
        wait_until(lambda: self.api.get("/api/v1/stats")["receptions"]["total"] > RECORDS, "the load has begun", alive=(load,))
        acknowledged = self.export()
        backup = self.directory / "backups" / "first"
        code, _, err = self.run_server("backup", backup)
        self.assertEqual(code, 0, err)
        self.assertFalse((self.data / "log.picture").exists())
        self.assertEqual(load.wait(), 0)

        second = self.directory / "backups" / "second"
        self.assertEqual(self.run_server("backup", second)[0], 0)
        shared = [path.name for path in (first for first in (backup / "log").glob("*.sst"))
                  if (second / "log" / path.name).exists() and path.samefile(second / "log" / path.name)]
        self.assertTrue(shared, "the second backup shares files with the first")
        self.assertEqual(self.server.stop(), 0)

        restored = self.directory / "restored"
        config = self.write_config("restored.ini", restored)
        code, _, err = self.run_server("restore", backup, config=config)
        self.assertEqual(code, 0, err)
        records = self.export(config)
        everything = self.export()
        self.assertGreaterEqual(len(records), len(acknowledged))
        self.assertEqual(records, everything[: len(records)], "the backup is what the log was at one moment")
        code, out, err = self.run_server("check", "--deep", config=config)
        self.assertEqual(code, 0, out + err)

        # The restored index goes on from its cursor, to the rows that the log gives.
        server = self.program("restored", [SERVER, "--config", config]).start()
        wait_until(self.api.ready, "the restored server is ready", alive=(server,))
        self.wait_for_index()
        self.assertEqual(server.stop(), 0)
        before = dump_tables(restored / "index.db")
        code, _, err = self.run_server("reindex", config=config)
        self.assertEqual(code, 0, err)
        self.assertEqual(before, dump_tables(restored / "index.db"))

    def test_what_is_not_whole_is_not_taken_for_it(self):
        self.fill(2000)
        self.assertEqual(self.server.stop(), 0)
        backup = self.directory / "backup"
        self.assertEqual(self.run_server("backup", backup)[0], 0)

        code, _, err = self.run_server("backup", backup)
        self.assertEqual(code, 1)
        self.assertIn("is there already", err)
        code, _, err = self.run_server("restore", backup)
        self.assertEqual(code, 1)
        self.assertIn("not empty", err)

        config = self.write_config("other.ini", self.directory / "other")
        manifest = backup / "MANIFEST"
        whole = manifest.read_bytes()
        manifest.write_bytes(whole[: len(whole) // 2])
        self.refuse_restore(config, backup, "damaged")
        manifest.unlink()
        self.refuse_restore(config, backup, "no whole backup")
        manifest.write_bytes(whole)
        victim = max((backup / "log").iterdir(), key=lambda path: path.stat().st_size)
        self.flip(victim, victim.stat().st_size // 2)
        self.refuse_restore(config, backup, victim.name)
        self.flip(victim, victim.stat().st_size // 2)
        self.assertEqual(self.run_server("restore", backup, config=config)[0], 0)

        # An interrupted one is not started from, and can be made again.
        (self.directory / "half" / "restore.partial").mkdir(parents=True)
        config = self.write_config("half.ini", self.directory / "half")
        code, _, err = self.run_server("run", config=config)
        self.assertEqual(code, 1)
        self.assertIn("interrupted", err)
        self.assertEqual(self.run_server("restore", backup, config=config)[0], 0)

    def refuse_restore(self, config, backup, word):
        code, _, err = self.run_server("restore", backup, config=config)
        self.assertEqual(code, 1)
        self.assertIn(word, err)
        self.assertEqual(list((self.directory / "other").glob("*")), [], "nothing is left of a failed restore")

    def test_a_killed_backup_is_not_whole_and_the_next_one_clears_it_away(self):
        self.fill()
        backup = self.directory / "backup"
        process = self.program("backup", [SERVER, "backup", backup, "--config", self.config]).start()
        partial = self.directory / "backup.partial"
        wait_until(lambda: partial.exists() or backup.exists(), "the backup has begun")
        process.kill()
        if not backup.exists():
            self.assertEqual(self.run_server("backup", backup)[0], 0)
        self.assertFalse(partial.exists())

        # Each thing that a kill can leave, and something that no backup has left.
        for name, code in (("", 0), ("INCOMPLETE", 0), ("MANIFEST", 0), ("holiday.jpg", 1)):
            other = self.directory / f"other-{name}"
            partial = self.directory / f"other-{name}.partial"
            partial.mkdir()
            if name:
                (partial / name).write_text("")
            self.assertEqual(self.run_server("backup", other)[0], code)
            self.assertEqual(partial.exists(), code == 1)
        self.assertFalse((self.data / "log.picture").exists())

    # ---- check ----

    @staticmethod
    def flip(path, offset):
        with open(path, "r+b") as file:
            file.seek(offset)
            byte = file.read(1)[0]
            file.seek(offset)
            file.write(bytes([byte ^ 0x55]))

    def test_check_finds_flipped_bytes_and_lost_rows(self):
        self.fill()
        code, _, err = self.run_server("check", "--deep")
        self.assertEqual(code, 0, err)
        self.assertIn("0 damages", err)
        self.assertEqual(self.server.stop(), 0)
        self.assertEqual(self.run_server("check", "--deep")[0], 0)

        import sqlite3

        index = self.data / "index.db"
        whole = index.read_bytes()
        connection = sqlite3.connect(index)
        connection.execute("DELETE FROM packets WHERE id = (SELECT min(id) FROM packets)")
        connection.commit()
        connection.close()
        self.assertEqual(self.run_server("check")[0], 0)
        code, _, err = self.run_server("check", "--deep")
        self.assertEqual(code, 1, err)
        self.assertIn("table packets", err)
        index.write_bytes(whole)

        # What retention removed is no damage.
        connection = sqlite3.connect(index)
        middle = connection.execute("SELECT packet FROM telemetry ORDER BY packet LIMIT 1 OFFSET 3").fetchone()[0]
        connection.execute("DELETE FROM telemetry WHERE packet < ?", (middle,))
        connection.commit()
        self.assertEqual(self.run_server("check", "--deep")[0], 1)
        connection.execute("INSERT INTO meta VALUES('kept_from.telemetry', ?)", (middle,))
        connection.commit()
        connection.close()
        code, _, err = self.run_server("check", "--deep")
        self.assertEqual(code, 0, err)
        index.write_bytes(whole)

        # A page's type is its first byte.
        self.flip(index, 4096 * (len(whole) // 4096 // 2))
        code, _, err = self.run_server("check")
        self.assertEqual(code, 1, err)
        self.assertIn("run mmm-server reindex", err)
        index.write_bytes(whole)

        table = max(self.data.glob("log/*.sst"), key=lambda path: path.stat().st_size)
        self.flip(table, table.stat().st_size // 2)
        code, _, err = self.run_server("check")
        self.assertEqual(code, 1, err)
        self.assertRegex(err, r"records \d+ to \d+ of the packet log, uploaded at 20")

    # ---- reindex ----

    def test_a_killed_reindex_goes_on_and_gives_the_same_rows(self):
        self.fill()
        self.assertEqual(self.server.stop(), 0)
        wanted = dump_tables(self.data / "index.db")
        beside = self.data / "index.db.new"
        chance = random.Random(SEED)
        resumed = 0
        for _ in range(3):
            process = self.program("reindex", [SERVER, "reindex", "--config", self.config])
            process.start()
            size = chance.randrange(200_000, 2_000_000)
            wal = Path(str(beside) + "-wal")
            wait_until(lambda: not process.running() or (wal.exists() and wal.stat().st_size > size), "it has got somewhere")
            if not process.running():
                process.process = None
                continue
            process.kill()
            self.assertEqual(dump_tables(self.data / "index.db"), wanted, "the old index is untouched")
            code, _, err = self.run_server("reindex")
            self.assertEqual(code, 0, err)
            resumed += "going on with" in err
            self.assertEqual(dump_tables(self.data / "index.db"), wanted)
            self.assertFalse(beside.exists())
        self.assertGreater(resumed, 0)

    def test_the_server_answers_while_it_reindexes(self):
        self.fill()
        total = self.api.get("/api/v1/stats")["receptions"]["total"]
        process = self.program("reindex", [SERVER, "reindex", "--config", self.config])
        process.start()
        answers = 0
        while process.running():
            self.assertEqual(self.api.get("/api/v1/stats")["receptions"]["total"], total)
            self.assertTrue(self.api.ready())
            answers += 1
        self.assertEqual(process.wait(), 0, process.tail())
        self.assertGreater(answers, 3)
        self.assertEqual(self.load(2000).wait(), 0)
        self.wait_for_index()
        self.assertGreater(self.api.get("/api/v1/stats")["receptions"]["total"], total)
        self.assertEqual(self.server.stop(), 0)
        before = dump_tables(self.data / "index.db")
        self.assertEqual(self.run_server("reindex")[0], 0)
        self.assertEqual(before, dump_tables(self.data / "index.db"))

    def test_a_new_channel_key_is_applied_to_the_past_in_the_background(self):
        self.fill(5000)
        self.assertEqual(self.server.stop(), 0)
        self.write_config("server.ini", self.data, extra="[channels]\nCare = simple 3\n")
        self.start()
        self.server.wait_for_output("the index made anew is in place", path=self.server.stderr_path)
        self.wait_for_index()
        self.assertEqual(self.server.stop(), 0)
        self.assertEqual(self.run_server("check", "--deep")[0], 0)

    def test_control_needs_the_token(self):
        self.start()
        mode = (self.data / "control").stat().st_mode & 0o777
        self.assertEqual(mode, 0o600)
        self.assertEqual(self.api.request("/control/reindex")[0], 404)
        self.assertEqual(self.server.stop(), 0)
        self.assertFalse((self.data / "control").exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
