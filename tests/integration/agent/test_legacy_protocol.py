"""mmm-agent with protocol = legacy: what a server gets by the Python version's JSON equals what it gets by our own upload."""

import unittest

from mesh_site import Site
from processes import BIN, ProgramTest, wait_until

# What the JSON cannot mark as not heard stays away.
NOT_HEARD = {"replay", "mqtt", "own", "udp", "simulated"}
PACKETS = 1500
# Positions without their precision, acknowledgements without what they acknowledge, traceroutes without signals.
CARRIED_IN_PART = {3, 5, 70}


class LegacyProtocol(ProgramTest):
    def test_the_same_arrives_in_both_forms(self):
        native, legacy = Site.named(self, "native", 1), Site.named(self, "legacy", 1)
        truth = self.directory / "truth"
        sim = self.program(
            "sim",
            [BIN / "mmm-sim", "radio", "--listen", "127.0.0.1:0", "--seed", 11, "--nodes", 40, "--packets", PACKETS]
            + ["--rate", "300", "--start-when", "connected", "--truth", truth],
        ).start()
        radio = sim.wait_for_output(r"^radio 1 tcp 127\.0\.0\.1:(\d+)")[1]
        config = self.directory / "agent.ini"
        key = f"{Site.KEY}-site-1"
        config.write_text(
            f"[agent]\nid = site-1\nlocation_name = Höhe\nlocation_lat = 48.1\nlocation_lon = 11.5\n"
            f"database_dir = {self.directory}\n[meshtastic]\ntcp_host = 127.0.0.1:{radio}\n"
            f"[server_native]\nurl = http://127.0.0.1:{native.port}\napi_key = {key}\nreport_interval = 200ms\n"
            f"[server_legacy]\nurl = http://127.0.0.1:{legacy.port}\napi_key = {key}\nreport_interval = 200ms\n"
            "protocol = legacy\n[metrics]\nbind = 127.0.0.1\nport = 0\n"
        )
        native.start_server()
        legacy.start_server()
        agent = self.program("agent", [BIN / "mmm-agent", "--config", config]).start()
        wait_until(lambda: self.receptions(legacy) > 100, "packets arrive", alive=(agent,))
        # What was acknowledged is not sent again, and what was not is not lost.
        legacy.server.kill()
        legacy.start_server()
        sim.wait_for_output(r"^done ")
        everyone = (agent, native.server, legacy.server)
        wait_until(
            lambda: self.receptions(native) == self.receptions(legacy) and self.settled(native) and self.settled(legacy),
            "both have the same",
            alive=everyone,
        )
        self.assertEqual(agent.stop(), 0)
        for site in (native, legacy):
            self.addCleanup(site.api.close)
        self.assertGreater(self.receptions(native), PACKETS // 2)
        self.compare_packets(native, legacy)
        self.compare_nodes(native, legacy)
        there, here = (site.api.get("/api/v1/agents")["agents"][0] for site in (native, legacy))
        for field in ("id", "location", "latitude", "longitude"):
            self.assertEqual(here.get(field), there.get(field), field)

    @staticmethod
    def receptions(site):
        return site.api.get("/api/v1/stats")["receptions"]["total"]

    @staticmethod
    def settled(site):
        return site.api.get("/api/v1/stats")["projection"]["lag_records"] == 0

    def compare_packets(self, native, legacy):
        def rows(site):
            found = site.api.pages("/api/v1/packets", "packets")
            rows = [row for row in found if row["packet_id"] and not NOT_HEARD & set(row["flags"])]
            return {(row["from"], row["packet_id"]): row for row in rows}

        there, here = rows(native), rows(legacy)
        self.assertEqual(set(here), set(there))
        compared = 0
        for known, row in there.items():
            for field in ("time_us", "from_name", "to", "to_name", "channel", "hop_limit", "best_snr", "best_rssi", "receptions"):
                self.assertEqual(here[known][field], row[field], f"{field} of {known}")
            self.assertEqual("want_ack" in here[known]["flags"], "want_ack" in row["flags"], known)
            if "encrypted" in row["flags"]:
                # The bytes are not carried, so that no key helps.
                self.assertEqual((here[known]["port"], here[known]["summary"]), (None, None))
                continue
            self.assertEqual(here[known]["port"], row["port"], known)
            if row["port"] not in CARRIED_IN_PART:
                self.assertEqual(here[known]["summary"], row["summary"], known)
                compared += 1
        self.assertGreater(compared, 200)

    def compare_nodes(self, native, legacy):
        def rows(site):
            return {row["id"]: row for row in site.api.pages("/api/v1/nodes", "nodes")}

        there, here = rows(native), rows(legacy)
        self.assertEqual(set(here), set(there))
        places = 0
        for known, row in there.items():
            for field in ("short_name", "long_name", "hw_model", "role", "is_licensed", "first_heard_us", "last_heard_us", "packets"):
                self.assertEqual(here[known][field], row[field], f"{field} of {known}")
            # A place that only packets told that were not heard is not carried.
            place = here[known]["position"]
            for field in ("latitude", "longitude", "altitude", "time_us") if place else ():
                self.assertEqual(place[field], row["position"][field], f"{field} of {known}")
            places += place is not None
        self.assertGreater(places, 20)


if __name__ == "__main__":
    unittest.main()
