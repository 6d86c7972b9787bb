"""The read API of a real server: filters, paging, exports, the live stream, search, CORS, and the examples of docs/api.md."""

import csv
import gzip
import http.client
import io
import json
import re
import subprocess
import unittest
import urllib.parse
import xml.etree.ElementTree as xml
from pathlib import Path

from list_checks import ListChecks
from mesh_site import Api, free_port
from openapi import Document
from processes import BIN, ProgramTest, wait_until

ROOT = Path(__file__).resolve().parents[3]
ORIGIN = "https://mesh.example"


class ReadApiTest(ListChecks, ProgramTest):
    def setUp(self):
        super().setUp()
        self.port = free_port()
        self.api = Api(self.port)
        config = self.directory / "server_config.ini"
        config.write_text(
            f"[server]\nhost = 127.0.0.1\nport = {self.port}\ndata_dir = {self.directory / 'data'}\n"
            f"cors_origins = {ORIGIN}\n[metrics]\nbind = 127.0.0.1\nport = 0\n[api_keys]\nall = integration-key\n"
        )
        self.server = self.program("server", [BIN / "mmm-server", "--config", config]).start()
        wait_until(self.api.ready, "the server answers /readyz", alive=(self.server,))
        self.load(12_000)
        self.document = Document(self.api.get("/api/v1/openapi.json"))

    def load(self, records, seed=1):
        code, _, err = self.run_to_end(
            [BIN / "mmm-sim", "load", "--server", f"http://127.0.0.1:{self.port}", "--key", "integration-key"]
            + ["--records", records, "--agents", 6, "--nodes", 40, "--batch", 200, "--seed", seed]
        )
        self.assertEqual(code, 0, err)
        wait_until(
            lambda: self.api.get("/api/v1/stats")["projection"]["lag_records"] == 0, "the index follows", alive=(self.server,)
        )

    def fetch(self, path, method="GET", headers=None, **query):
        if query:
            path += "?" + urllib.parse.urlencode(query)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, headers=headers or {})
            response = connection.getresponse()
            return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
        finally:
            connection.close()

    def test_everything_of_one_server(self):
        for check in (
            self.check_filters, self.check_first_agents, self.check_senders, self.check_pairs, self.check_paging, self.check_mistakes, self.check_exports, self.check_live,
            self.check_search, self.check_overlap, self.check_storage, self.check_bytes, self.check_map, self.check_node_filters,
            self.check_kept_answers, self.check_times, self.check_cross_origin, self.check_described, self.check_examples,
        ):
            with self.subTest(check.__name__):
                check()

    def check_filters(self):
        everything = self.api.pages("/api/v1/packets", "packets")
        self.assertGreater(len(everything), 1000)
        by_filter = {
            "port:position": lambda p: p["port"] == 3,
            "port:position,text -hops:0": lambda p: p["port"] in (1, 3) and p["hops"] != 0,
            "hops:1..2": lambda p: p["hops"] is not None and 1 <= p["hops"] <= 2,
            "snr:>-5 rssi:<=-90": lambda p: None not in (p["best_snr"], p["best_rssi"]) and p["best_snr"] > -5 and p["best_rssi"] <= -90,
            "receptions:>1": lambda p: p["receptions"] > 1,
            "is:encrypted,direct": lambda p: "encrypted" in p["flags"] or p["to"] != "!ffffffff",
            f"node:{everything[5]['from']}": lambda p: everything[5]["from"] in (p["from"], p["to"]),
            f"id:{everything[9]['id']}": lambda p: p["id"] == everything[9]["id"],
        }
        for text, holds in by_filter.items():
            expected = [p["id"] for p in everything if holds(p)]
            found = [p["id"] for p in self.api.pages("/api/v1/packets", "packets", q=text)]
            self.assertEqual(found, expected, text)
        agent = self.api.get("/api/v1/agents")["agents"][0]["id"]
        heard = self.api.get("/api/v1/packets", q=f"agent:{agent}", limit=20)["packets"]
        self.assertEqual(len(heard), 20)
        for packet in heard:
            receptions = self.api.get(f"/api/v1/packets/{packet['id']}")["receptions"]
            self.assertIn(agent, [r["agent"] for r in receptions])
        short = self.api.get("/api/v1/packets", agent=agent, port="position", since="1d")["packets"]
        long = self.api.get("/api/v1/packets", q=f"agent:{agent} port:position since:1d")["packets"]
        self.assertEqual(short, long)

    def check_paging(self):
        newest = [p["id"] for p in self.api.pages("/api/v1/packets", "packets", q="port:position")]
        oldest = [p["id"] for p in self.api.pages("/api/v1/packets", "packets", q="port:position", order="asc")]
        self.assertEqual(newest, oldest[::-1])
        page = self.api.get("/api/v1/packets", limit=7, fields="id,summary")
        self.assertEqual({tuple(p) for p in page["packets"]}, {("id", "summary")})
        agents = self.api.get("/api/v1/agents", limit=4)
        rest = self.api.get("/api/v1/agents", limit=4, cursor=agents["next_cursor"])
        self.assertEqual(len(agents["agents"]) + len(rest["agents"]), 6)
        self.assertIsNone(rest["next_cursor"])

    def check_mistakes(self):
        problem = self.document.document["components"]["schemas"]["FilterProblem"]
        for path in ("/api/v1/packets", "/api/v1/live", "/api/v1/export/packets.csv"):
            for query, position in (({"q": "port:text form:!1"}, 10), ({"q": "from:Nobody"}, 5), ({"port": "what"}, 0)):
                status, _, body = self.fetch(path, **query)
                self.assertEqual(status, 400, (path, query))
                answer = json.loads(body)
                self.document.check(problem, answer, path)
                self.assertEqual(answer["position"], position)
                self.assertTrue(answer["hint"])

    def check_exports(self):
        newest = self.api.pages("/api/v1/packets", "packets", q="port:position")
        status, headers, body = self.fetch("/api/v1/export/packets.ndjson", q="port:position")
        self.assertEqual(status, 200)
        # Whom a packet's first reception is of, exports leave out.
        told = [{name: value for name, value in packet.items() if name != "agent"} for packet in newest]
        self.assertEqual([json.loads(line) for line in body.splitlines()], told)
        self.assertRegex(headers["content-disposition"], r'^attachment; filename="packets-\d{8}T\d{6}Z\.ndjson"$')
        _, headers, body = self.fetch("/api/v1/export/packets.csv", headers={"Accept-Encoding": "gzip"}, q="port:position")
        self.assertEqual(headers["content-encoding"], "gzip")
        rows = list(csv.DictReader(io.StringIO(gzip.decompress(body).decode(), newline="")))
        self.assertEqual([int(row["id"]) for row in rows], [p["id"] for p in newest])

        nodes = self.api.pages("/api/v1/nodes", "nodes")
        placed = {n["id"] for n in nodes if n["position"]}
        self.assertTrue(placed)
        _, _, body = self.fetch("/api/v1/export/nodes.ndjson")
        self.assertEqual([json.loads(line)["id"] for line in body.splitlines()], [n["id"] for n in nodes])
        _, _, body = self.fetch("/api/v1/export/nodes.csv")
        self.assertEqual(len(list(csv.reader(io.StringIO(body.decode(), newline="")))), len(nodes) + 1)
        _, _, body = self.fetch("/api/v1/export/nodes.geojson")
        self.assertEqual({feature["id"] for feature in json.loads(body)["features"]}, placed)
        _, _, body = self.fetch("/api/v1/export/nodes.kml")
        self.assertEqual(len(list(xml.fromstring(body).iter("{http://www.opengis.net/kml/2.2}Placemark"))), len(placed))

        _, _, body = self.fetch("/api/v1/export/tracks.gpx")
        points = len(list(xml.fromstring(body).iter("{http://www.topografix.com/GPX/1/1}trkpt")))
        self.assertGreater(points, 0)
        _, _, body = self.fetch("/api/v1/export/tracks.geojson")
        features = json.loads(body)["features"]
        self.assertEqual(sum(len(f["properties"]["times"]) for f in features), points)
        _, _, body = self.fetch("/api/v1/export/tracks.kml")
        self.assertEqual(len(list(xml.fromstring(body).iter("{http://www.google.com/kml/ext/2.2}coord"))), points)
        _, _, body = self.fetch("/api/v1/export/tracks.geojson", q=f"from:{features[0]['properties']['id']}")
        self.assertEqual({f["properties"]["id"] for f in json.loads(body)["features"]}, {features[0]["properties"]["id"]})
        status, headers, body = self.fetch("/api/v1/export/packets.ndjson", method="HEAD")
        self.assertEqual((status, body), (200, b""))

    def open_live(self, last_event_id=None, **query):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.addCleanup(connection.close)
        headers = {"Last-Event-ID": str(last_event_id)} if last_event_id else {}
        connection.request("GET", "/api/v1/live?" + urllib.parse.urlencode(query), headers=headers)
        response = connection.getresponse()
        self.assertEqual(response.status, 200)
        return response

    @staticmethod
    def events(response):
        """Yields (type, id, data); an event without data has the type None."""
        event = {}
        while True:
            line = response.readline().decode().rstrip("\n")
            if line:
                name, _, value = line.partition(": ")
                event[name] = value
                continue
            if "data" in event or "id" in event:
                yield event.get("event"), event.get("id"), json.loads(event.get("data", "null"))
            event = {}

    def check_live(self):
        schema = self.document.document["components"]["schemas"]["Packet"]
        before = self.api.get("/api/v1/packets", limit=1)["packets"][0]["id"]
        stream = self.events(self.open_live(q="port:position"))
        first = next(event for event in stream if event[1])
        # Fewer at once than one batch of the projection names to the live stream.
        self.load(1200, seed=2)
        expected = {p["id"] for p in self.api.pages("/api/v1/packets", "packets", q=f"port:position id:>{before}")}
        self.assertTrue(expected)
        seen, last = set(), None
        while seen < expected:
            kind, event_id, data = next(stream)
            self.assertIn(kind, ("packet", None))
            last = event_id or last
            if kind == "packet":
                self.document.check(schema, data, "live")
                self.assertEqual(data["port"], 3)
                seen.add(data["id"])
        self.assertEqual(seen, expected)

        again = self.events(self.open_live(q="port:position", last_event_id=first[1]))
        missed = set()
        while missed < expected:
            kind, _, data = next(again)
            self.assertIn(kind, ("packet", None), "resumed without a gap")
            if kind == "packet":
                missed.add(data["id"])
        self.assertEqual(missed, expected)

    def check_search(self):
        # Only letters of ASCII are found in either case.
        nodes = self.api.pages("/api/v1/nodes", "nodes")
        node = next(n for n in nodes if n["long_name"] and n["long_name"].isascii())
        for text in (node["id"], node["long_name"], node["long_name"].upper(), str(node["num"])):
            found = self.api.get("/api/v1/search", q=text)
            self.document.check_answer("/api/v1/search", found)
            self.assertEqual(found["nodes"][0]["id"], node["id"], text)
        packet = self.api.get("/api/v1/packets", limit=1)["packets"][0]
        for text in (str(packet["id"]), str(packet["packet_id"]), f"0x{packet['packet_id']:x}"):
            self.assertIn(packet["id"], [p["id"] for p in self.api.get("/api/v1/search", q=text)["packets"]], text)
        agent = self.api.get("/api/v1/agents")["agents"][3]["id"]
        self.assertEqual(self.api.get("/api/v1/search", q=agent)["agents"][0]["id"], agent)
        texts = [m["text"] for m in self.api.pages("/api/v1/messages", "messages")]
        # A reaction of one emoji has no word to be found by.
        words = next(text for text in texts if re.fullmatch(r"[A-Za-z ]{3,}", text))
        self.assertIn(words, [m["text"] for m in self.api.get("/api/v1/search", q=words)["messages"]])
        self.assertEqual(self.api.get("/api/v1/search", q="openapi")["pages"][0]["path"], "/api/docs")
        self.assertEqual(self.fetch("/api/v1/search")[0], 400)

    def check_cross_origin(self):
        _, headers, _ = self.fetch("/api/v1/agents", headers={"Origin": ORIGIN})
        self.assertEqual(headers["access-control-allow-origin"], ORIGIN)
        _, headers, _ = self.fetch("/api/v1/agents", headers={"Origin": "https://other.example"})
        self.assertNotIn("access-control-allow-origin", headers)
        status, headers, _ = self.fetch("/api/v1/packets", method="OPTIONS", headers={"Origin": ORIGIN})
        self.assertEqual(status, 204)
        self.assertEqual(headers["access-control-allow-methods"], "GET, HEAD")
        _, headers, body = self.fetch("/api/v1/packets", headers={"Accept-Encoding": "gzip"})
        self.assertEqual(headers["content-encoding"], "gzip")
        etag = headers["etag"]
        self.assertEqual(self.fetch("/api/v1/packets", headers={"If-None-Match": etag})[0], 304)

    def check_described(self):
        """Every route of the document answers as it says, with what its path asks for filled in."""
        link = self.api.get("/api/v1/links")["links"][0]
        fill = {"from": link["from"], "to": link["to"]}
        ids = {"packets": "packets", "nodes": "nodes", "agents": "agents"}
        for route, operations in self.document.document["paths"].items():
            # The file of a base map has a test of its own (test_map_tiles.py); this server has none.
            if "get" not in operations or route in ("/api/v1/live", "/api/v1/search", "/api/v1/tiles.pmtiles"):
                continue
            path = re.sub(r"{(from|to)}", lambda name: fill[name[1]], route)
            if "{id}" in path:
                kind = ids[path.split("/")[3]]
                path = path.replace("{id}", str(self.api.get(f"/api/v1/{kind}")[kind][0]["id"]))
            status, headers, body = self.fetch(path)
            self.assertEqual(status, 200, path)
            self.assertEqual(self.fetch(path, method="HEAD")[0], 200, path)
            if headers["content-type"].startswith("application/json") and not path.endswith("openapi.json"):
                self.document.check_answer(route, json.loads(body))

    def check_bytes(self):
        """A packet's fields stand where it says."""
        packet = next(p for p in self.api.pages("/api/v1/packets", "packets", q="port:text") if p["receptions"] > 0)
        detail = self.api.get(f"/api/v1/packets/{packet['id']}")
        raw, payload = bytes.fromhex(detail["raw_hex"]), bytes.fromhex(detail["payload_hex"])
        self.assertEqual(payload.decode(), detail["payload"]["text"])
        fields = {f["field"]: raw[f["offset"] : f["offset"] + f["length"]] for f in detail["raw_fields"]}
        self.assertEqual(int.from_bytes(fields["packet.from"][1:], "little"), int(packet["from"][1:], 16))
        if detail["payload_offset"] is not None:
            self.assertEqual(raw[detail["payload_offset"] :][: len(payload)], payload)
        # A node that asks for another's position sends an empty one.
        positions = self.api.get("/api/v1/packets", q="port:position", limit=100)["packets"]
        details = (self.api.get(f"/api/v1/packets/{position['id']}") for position in positions)
        detail = next(d for d in details if (d["payload"] or {}).get("latitude_i"))
        payload = bytes.fromhex(detail["payload_hex"])
        fields = {f["field"]: payload[f["offset"] : f["offset"] + f["length"]] for f in detail["payload_fields"]}
        latitude = int.from_bytes(fields["latitude_i"][1:], "little", signed=True)
        self.assertEqual(latitude, detail["payload"]["latitude_i"])

    def check_map(self):
        for query in ({}, {"links_since": "1d"}):
            answer = self.api.get("/api/v1/map", **query)
            self.document.check_answer("/api/v1/map", answer)
        nodes = {n["id"]: n for n in self.api.pages("/api/v1/nodes", "nodes")}
        self.assertEqual(len(answer["nodes"]) + len(answer["unplaced"]), len(nodes))
        self.assertGreater(len(answer["nodes"]), 5)
        for row in answer["nodes"]:
            shown = dict(zip(answer["node_columns"], row))
            node = nodes[shown["id"]]
            for name in ("short_name", "long_name", "role", "last_heard_us", "hops_away", "via_mqtt"):
                self.assertEqual(shown[name], node[name], name)
            self.assertEqual(shown["latitude"], node["position"]["latitude"])
        links = self.api.pages("/api/v1/links", "links")
        self.assertEqual(len(answer["links"]), len(links))
        self.assertEqual(dict(zip(answer["link_columns"], answer["links"][0]))["from"], links[0]["from"])
        self.assertEqual(len(answer["agents"]), 6)

    def check_node_filters(self):
        nodes = self.api.pages("/api/v1/nodes", "nodes")
        heard_by = lambda node: {h["agent"] for h in self.api.get(f"/api/v1/nodes/{node['id']}")["heard_by"]}
        named = next(n for n in nodes if n["long_name"] and n["short_name"])
        agent = next(iter(heard_by(next(n for n in nodes if n["hops_away"] == 0))))
        word = named["long_name"].split()[0]
        in_name = lambda n: any(word.lower() in (n[k] or "").lower() for k in ("long_name", "short_name", "id"))
        for query, holds in (
            ("role:client", lambda n: n["role"] == "CLIENT"),
            ("-role:client", lambda n: n["role"] != "CLIENT"),
            ("is:placed hops:<2", lambda n: n["position"] and n["hops_away"] is not None and n["hops_away"] < 2),
            ("battery:<=60", lambda n: n["battery_level"] is not None and n["battery_level"] <= 60),
            (f"agent:{agent}", lambda n: agent in heard_by(n)),
            (f"node:{named['id']}", lambda n: n["id"] == named["id"]),
            (f'"{word}" is:named', in_name),
        ):
            found = self.api.pages("/api/v1/nodes", "nodes", q=query)
            self.assertEqual([n["id"] for n in found], [n["id"] for n in nodes if holds(n)], query)
            self.assertTrue(found, query)
            _, _, body = self.fetch("/api/v1/export/nodes.ndjson", q=query)
            self.assertEqual([json.loads(line)["id"] for line in body.splitlines()], [n["id"] for n in found])
            shown = self.api.get("/api/v1/map", q=query, links_since="1d")
            ids = {row[0] for row in shown["nodes"]} | {node["id"] for node in shown["unplaced"]}
            self.assertEqual(ids, {n["id"] for n in found})
            self.assertTrue(all(link[0] in ids and link[1] in ids for link in shown["links"]))
        online = self.api.pages("/api/v1/nodes", "nodes", online="true")
        self.assertEqual(online, self.api.pages("/api/v1/nodes", "nodes", q="is:online"))
        for path in ("/api/v1/nodes", "/api/v1/map", "/api/v1/export/nodes.csv"):
            status, _, body = self.fetch(path, q="hops:<3 rolle:router")
            self.assertEqual(status, 400)
            mistake = json.loads(body)
            self.assertEqual((mistake["position"], mistake["length"]), (8, 5))
            self.assertIn("role", mistake["hint"])
            status, _, body = self.fetch(path, q="agent:nobody")
            self.assertEqual((status, json.loads(body)["position"]), (400, 6))

    def check_kept_answers(self):
        """An answer to a relative time is another one in the next minute; one to a fixed time is not."""
        for path, query in (("/api/v1/links", "since"), ("/api/v1/map", "links_since")):
            tags = {}
            for time in ("2h", "2026-11-01"):
                _, headers, _ = self.fetch(path, **{query: time})
                tags[time] = headers["etag"].split("-")[1]
            self.assertEqual(tags["2026-11-01"], "0")
            self.assertNotEqual(tags["2h"], "0")

    def check_times(self):
        for path, query in (
            ("/api/v1/links", {"since": "2h"}), ("/api/v1/series", {"since": "3h"}), ("/api/v1/top_nodes", {"since": "1d"}),
            ("/api/v1/links", {"since": "2026-11-01"}),
        ):
            self.assertTrue(self.api.get(path, **query))
        status, _, body = self.fetch("/api/v1/links", since="yesterday")
        self.assertEqual(status, 400)
        self.assertIn("2h", json.loads(body)["detail"])

    def check_overlap(self):
        """As counted from every packet's receptions."""
        overlap = self.api.get("/api/v1/agents/overlap", since="2026-01-01")
        sets = []
        for packet in self.api.pages("/api/v1/packets", "packets", q="is:heard"):
            receptions = self.api.get(f"/api/v1/packets/{packet['id']}")["receptions"]
            sets.append({r["agent"] for r in receptions if not {"own", "replay", "mqtt", "udp"} & set(r["flags"])})
        self.assertEqual((overlap["packets"], overlap["complete"]), (len(sets), True))
        agents = {a["agent"]: (a["packets"], a["only"]) for a in overlap["agents"]}
        for agent in set().union(*sets):
            heard = [s for s in sets if agent in s]
            self.assertEqual(agents[agent], (len(heard), sum(len(s) == 1 for s in heard)), agent)
        self.assertEqual(len(agents), len(set().union(*sets)))
        for pair in overlap["pairs"]:
            self.assertEqual(pair["both"], sum({pair["a"], pair["b"]} <= s for s in sets), pair)

    def check_storage(self):
        storage = self.api.get("/api/v1/storage")
        parts = {part["name"]: part for part in storage["parts"]}
        self.assertEqual(parts["telemetry"]["keep_s"], 90 * 86_400)
        self.assertIsNone(parts["log"]["keep_s"])
        for part in ("log", "packets", "telemetry", "positions"):
            self.assertGreater(parts[part]["bytes_per_day"], 10_000, part)
        code, out, err = self.run_to_end([BIN / "mmm-server", "storage", "--config", self.directory / "server_config.ini"])
        self.assertEqual(code, 0, err)
        self.assertRegex(out, r"telemetry +90 days +[0-9.]+ MiB +[0-9.]+ MiB +20")

    def check_examples(self):
        """Every block of shell in docs/api.md."""
        blocks = re.findall(r"^```sh\n(.*?)^```", (ROOT / "docs/api.md").read_text(), re.MULTILINE | re.DOTALL)
        self.assertGreater(len(blocks), 5)
        for line in "".join(blocks).splitlines():
            command = line.replace("http://localhost:8082", f"http://127.0.0.1:{self.port}").replace("curl ", "curl -w '%{stderr}%{http_code}' ")
            done = subprocess.run(["bash", "-c", command], cwd=self.directory, capture_output=True, timeout=60, check=False)
            # A stream ends by its time: 28.
            self.assertIn(done.returncode, (28,) if "--max-time" in line else (0,), (line, done.stderr))
            status = "400" if "form:" in line else "200"
            self.assertTrue(done.stderr.decode().endswith(status), (line, done.stderr))
        self.assertTrue((self.directory / "tracks.gpx").stat().st_size > 100)


if __name__ == "__main__":
    unittest.main(verbosity=2)
