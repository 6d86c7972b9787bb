"""mmm-server and agents of the Python version: what they send is stored once, whatever happens, and what they ask for is there."""

import json
import threading
import time
import unittest
import urllib.request

from mesh_site import Site, dump_tables
from processes import ProgramTest, wait_until
from python_agent import PythonAgent, captured_nodedb, captured_packets, captured_routes, captured_status, packet, upload_of_text

# The fields that the Python version's answers have, by path; "[]" goes into a list, "{}" into the values of an object.
FIELDS = {
    "/api/agents": {"agents[]": "agent_id location_name coordinates last_seen packet_count status"},
    "/api/agents/agent_001/status": {
        "": "agent_id location_name coordinates last_seen packet_count status active_nodes recent_health",
        "recent_health[]": "timestamp packets_received nodes_active connection_status",
    },
    "/api/packets": {
        "packets[]": "id agent_id agent_location timestamp from_node from_node_display from_hw_model from_role from_hops to_node "
        "to_node_display to_hw_model to_role to_hops type payload rssi snr"
    },
    "/api/nodes": {"nodes[]": "node_id agent_id agent_location last_seen battery_level position rssi snr updated_at"},
    "/api/nodes/detailed": {
        "nodes[]": "node_id short_name long_name macaddr hw_model role battery_level position rssi snr updated_at voltage "
        "channel_utilization air_util_tx uptime_seconds hops_away packet_count agent_count seeing_agents agent_routes recent_packets"
    },
    "/api/nodes/!a1b2c3d4/details": {
        "": "node_id short_name long_name macaddr hw_model role battery_level position rssi snr updated_at voltage "
        "channel_utilization air_util_tx uptime_seconds hops_away firmware_version region modem_preset packet_stats telemetry neighbors",
        "packet_stats": "total_packets seeing_agents agent_locations first_seen last_seen",
        "telemetry[]": "timestamp type payload",
    },
    "/api/nodes/!a1b2c3d4/name-history": {"": "node_id current_short_name current_long_name history"},
    "/api/topology": {
        "topology[]": "node_id short_name long_name hw_model agents",
        "topology[].agents{}": "agent_id agent_location hops_away snr rssi last_heard timestamp",
    },
    "/api/connections": {"": "connections"},
    "/api/routes": {"": "routes"},
    "/api/stats": {
        "": "agents packets nodes packet_types",
        "agents": "total active",
        "packets": "total recent_hour",
        "nodes": "total active",
        "packet_types[]": "type count",
    },
    "/api/map/config": {"": "center_lat center_lon zoom_level force_center"},
    "/api/health": {"": "status"},
}
KEY = "python-key-0123456789abcdef"


def parts(value, path):
    """The objects that the path leads to."""
    found = [value]
    for step in filter(None, path.split(".")):
        name = step.rstrip("[]{}")
        found = [each[name] for each in found]
        if step.endswith("[]"):
            found = [item for each in found for item in each]
        if step.endswith("{}"):
            found = [item for each in found for item in each.values()]
    return found


class PythonAgentTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.site = Site(self, 1)
        text = self.site.server_config.read_text()
        self.site.server_config.write_text(text + f"shared = {KEY}\n")
        self.site.start_server()
        self.agent = PythonAgent(self.site.port, KEY)

    def settled(self):
        """Waits until all that was acknowledged is in the index, and returns the stats."""

        def look():
            stats = self.site.api.get("/api/v1/stats")
            return stats["projection"]["lag_records"] == 0 and stats

        return wait_until(look, "the index has what was acknowledged", alive=(self.site.server,))

    def counts(self):
        """Rows by table, of what records add to."""
        self.settled()
        index = next(self.site.data_directory.rglob("index*.db"))
        tables = dump_tables(index)
        return {name: len(rows) for name, rows in tables.items()} | {"totals": tables["counters"]}

    def post_everything(self, agent, bodies):
        """The answers' bodies; each must be 200 and JSON."""
        answers = []
        for answer in (
            agent.register(),
            agent.data(bodies["packets"], bodies["status"]),
            agent.nodedb(bodies["nodes"]),
            agent.routes(bodies["routes"]),
        ):
            self.assertEqual(answer.status, 200, answer.body)
            self.assertEqual(answer.headers["content-type"], "application/json")
            answers.append(answer.json())
        return answers

    @staticmethod
    def bodies():
        return {
            "packets": captured_packets(),
            "status": captured_status(),
            "nodes": captured_nodedb(int(time.time()) - 60),
            "routes": captured_routes(),
        }

    def test_answers_are_the_python_versions(self):
        self.assertEqual(
            self.post_everything(self.agent, self.bodies()),
            [
                {"status": "success", "agent_id": "agent_001"},
                {"status": "success", "received": 8},
                {"status": "success", "updated": 2},
                {"status": "success", "routes_stored": 1},
            ],
        )
        slashed = PythonAgent(self.site.port, KEY, "agent 2", slash="/")
        self.assertEqual(slashed.register().json()["agent_id"], "agent 2")
        self.assertEqual(slashed.data([]).json(), {"status": "success", "received": 0})
        self.assertEqual(self.settled()["agents"]["total"], 2)

    def test_refuses_with_a_status(self):
        for key in ("", "wrong"):
            self.assertEqual(self.agent.post_text("/api/agent/data", "{}", key=key).status, 401)
        self.assertEqual(PythonAgent(self.site.port, KEY, "site-1").register().status, 403)
        for body in ("", "{", "[]", "{}", '{"agent_id": "a", "packets": [{"a":]}'):
            self.assertEqual(self.agent.post_text("/api/agent/data", body).status, 400, body)
        self.assertEqual(self.settled()["agents"]["total"], 0)

    def test_what_is_sent_again_changes_nothing(self):
        bodies = self.bodies()
        self.post_everything(self.agent, bodies)
        before = self.counts()
        self.assertEqual(before["packets"], 8)
        self.post_everything(self.agent, bodies)
        self.assertEqual(self.counts(), before)

        self.site.server.kill()
        self.site.start_server()
        self.assertEqual(self.counts(), before)
        self.post_everything(self.agent, bodies)
        self.assertEqual(self.counts(), before, "after kill -9 and a restart too")

        self.site.server.stop()
        self.site.reindex()
        self.site.start_server()
        self.assertEqual(self.counts(), before, "after reindex too")

    def test_one_body_on_several_connections_is_stored_once(self):
        bodies = self.bodies()
        answers = []
        threads = [
            threading.Thread(target=lambda: answers.append(self.agent.data(bodies["packets"], bodies["status"]).status))
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(answers, [200] * 8)
        stats = self.settled()
        self.assertEqual(stats["receptions"]["total"], 8)
        self.assertEqual(stats["records"]["total"], 9)

    def test_agents_of_both_kinds_hear_one_packet(self):
        other = PythonAgent(self.site.port, KEY, "agent_002")
        self.agent.data([packet("text_message", "hi", 77)])
        other.data([packet("text_message", "hi", 77)])
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.site.port}/api/v1/ingest",
            upload_of_text("site-1", 0xA1B2C3D4, 77, "hi"),
            {"Content-Type": "application/x-protobuf", "X-API-Key": f"{Site.KEY}-site-1"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            self.assertEqual(answer.status, 200)
        stats = self.settled()
        self.assertEqual((stats["packets"]["total"], stats["receptions"]["total"]), (1, 3))
        row = self.site.api.get("/api/v1/packets")["packets"][0]
        self.assertEqual((row["summary"], row["receptions"], row["best_rssi"]), ("hi", 3, -80))
        detail = self.site.api.get(f"/api/v1/packets/{row['id']}")
        self.assertEqual(detail["payload"], {"text": "hi"})
        self.assertEqual({each["agent"] for each in detail["receptions"]}, {"agent_001", "agent_002", "site-1"})

    def test_a_node_list_above_one_mebibyte(self):
        entry = captured_nodedb(int(time.time()) - 60)["!a1b2c3d4"]
        nodes = {f"!{0x10000000 + i:08x}": entry for i in range(5500)}
        self.assertGreater(len(json.dumps(nodes)), 3 << 19)
        self.assertEqual(self.agent.nodedb(nodes).json(), {"status": "success", "updated": 5500})
        self.assertEqual(self.settled()["nodes"]["total"], 5500)
        self.assertEqual(self.agent.nodedb(nodes).status, 200)
        self.assertEqual(self.settled()["records"]["total"], 5500)

    def test_not_a_number(self):
        odd = packet("telemetry", {"device_metrics": {"voltage": float("nan"), "battery_level": 50}}, 5, snr=float("-inf"))
        self.assertIn("NaN", json.dumps(odd))
        self.assertEqual(self.agent.data([odd, packet("text_message", "NaN", 6)]).json()["received"], 2)
        self.settled()
        status, body = self.site.api.request("/api/packets")
        self.assertEqual(status, 200)
        packets = json.loads(body, parse_constant=lambda name: self.fail(f"{name} in an answer"))["packets"]
        self.assertEqual([row["payload"] for row in packets], ["NaN", {"device_metrics": {"battery_level": 50}}])

    def test_times_that_cannot_be(self):
        now = time.time() * 1e6
        future = packet("text_message", "later", 8) | {"timestamp": "2099-01-01T00:00:00+00:00"}
        naive = packet("text_message", "naive", 9)
        naive["timestamp"] = naive["timestamp"].replace("+00:00", "")
        self.agent.data([future, naive, packet("text_message", "none", 10) | {"timestamp": None}])
        self.settled()
        for row in self.site.api.get("/api/v1/packets")["packets"]:
            self.assertLess(abs(row["time_us"] - now), 60e6, row["summary"])

    def test_get_answers_have_the_python_versions_fields(self):
        self.post_everything(self.agent, self.bodies())
        self.settled()
        for path, shape in FIELDS.items():
            answer = self.site.api.get(path)
            for part, names in shape.items():
                objects = parts(answer, part)
                self.assertTrue(objects, f"{path} {part} is empty")
                for found in objects:
                    self.assertLessEqual(set(names.split()), set(found), f"{path} {part}")
        self.assertEqual(self.site.api.get("/api/health"), {"status": "healthy"})

        types = {row["type"]: row for row in self.site.api.get("/api/packets")["packets"]}
        wanted = "position telemetry user_info text_message encrypted routing traceroute other"
        self.assertEqual(set(types), set(wanted.split()))
        text = types["text_message"]
        self.assertEqual((text["payload"], text["from_node"], text["to_node"]), ("hi", "!a1b2c3d4", "!0badc0de"))
        self.assertEqual((text["from_node_display"], text["to_node_display"]), ("BS (Base)", "!0badc0de"))
        self.assertEqual((text["agent_location"], text["rssi"], text["snr"]), ("Seattle Hub", None, None))
        self.assertEqual((text["from_hw_model"], text["from_role"], text["from_hops"]), ("HELTEC_V3", "ROUTER", 1))
        self.assertEqual(types["position"]["payload"]["latitude"], 47.6062)
        self.assertEqual(types["telemetry"]["payload"]["device_metrics"]["battery_level"], 101)
        self.assertEqual(types["traceroute"]["payload"], {"route": ["!11111111"], "back": []})
        self.assertIsNone(types["encrypted"]["payload"])
        agent = self.site.api.get("/api/agents")["agents"][0]
        self.assertEqual((agent["coordinates"], agent["packet_count"]), ([47.6062, -122.3321], 8))

    def test_get_parameters(self):
        self.agent.data(captured_packets())
        PythonAgent(self.site.port, KEY, "agent_002").data([packet("text_message", "two", 900)])
        self.settled()

        def listed(**query):
            return self.site.api.get("/api/packets", **query)["packets"]

        self.assertEqual(len(listed()), 9)
        self.assertEqual(len(listed(limit=2)), 2)
        self.assertEqual(len(listed(limit=100000, hours=1000000)), 9)
        self.assertEqual([row["payload"] for row in listed(agent_id="agent_002")], ["two"])
        self.assertEqual(listed(agent_id="nobody"), [])
        for kind in ("position", "telemetry", "user_info", "routing", "traceroute", "encrypted", "other"):
            self.assertEqual([row["type"] for row in listed(type=kind)], [kind])
        self.assertEqual(len(listed(type="text_message")), 2)
        for path in (
            "/api/packets?limit=-1",
            "/api/packets?hours=x",
            "/api/packets?limit=0",
            "/api/packets?type=nosuch",
            "/api/nodes?hours=1e3",
            "/api/nodes/detailed?limit=many",
            "/api/nodes/nobody/details",
            "/api/connections?min_quality=nan",
            "/api/routes?source_node=x",
        ):
            self.assertEqual(self.site.api.request(path)[0], 400, path)
        for path in ("/api/agents/nobody/status", "/api/nodes/!00000099/details", "/api/nodes/!00000099/name-history"):
            self.assertEqual(self.site.api.request(path)[0], 404, path)


if __name__ == "__main__":
    unittest.main(verbosity=2)
