"""mmm-server under requests that nobody honest sends: each is answered with a problem document or a valid answer, memory
and log stay as they were, and the next honest client is served."""

import gzip
import json
import re
import socket
import struct
import unittest
import urllib.parse

from hostile import NUMBERS, ODD_TARGETS, REFUSED_HEADS, SMUGGLED, TARGETS, TEXTS, zstd_frame
from one_server import KEY, OneServerTest
from wire import field

# Of its peak; measured 49 MiB, most of it what a bomb comes to before the limit stops it.
RSS_GROWTH_MAX = 96 << 20
LOG_LINES_MAX = 10


class HostileRequestsTest(OneServerTest):
    def setUp(self):
        super().setUp()
        # A file to ask for pieces of.
        tiles = self.directory / "region.pmtiles"
        tiles.write_bytes(b"PMTiles\x03" + bytes(1000))
        self.start_server(more=f"[map]\npmtiles = {tiles}\n")
        self.load(records=2000, agents=3, nodes=30, batch=100)
        self.assertGreater(self.api.get("/api/v1/stats")["packets"]["total"], 100)
        self.document = self.api.get("/api/v1/openapi.json")

    def send(self, method, target, headers=None, body=None):
        return self.api.exchange(method, target, headers, body)

    def check_answer(self, answer, allowed, what):
        status, content_type, body = answer
        self.assertIn(status, allowed, (what, body[:300]))
        if status >= 400:
            self.assertEqual(content_type, "application/problem+json", what)
            self.assertEqual(json.loads(body)["status"], status, what)

    def test_nothing_hurts(self):
        # The first questions fill caches.
        self.check_parameters()
        rss, lines = self.server.memory("VmHWM"), self.server.log_lines()
        for check in (
            self.check_parameters, self.check_headers, self.check_targets, self.check_odd_targets, self.check_methods,
            self.check_smuggling, self.check_bodies, self.check_texts_of_agents, self.check_bombs,
        ):  # fmt: skip
            with self.subTest(check.__name__):
                check()
                self.server.check_alive()
                self.assertEqual(self.api.request("/healthz")[0], 200)
        self.assertLess(self.server.memory("VmHWM") - rss, RSS_GROWTH_MAX)
        self.assertLess(self.server.log_lines() - lines, LOG_LINES_MAX)
        self.assertEqual(self.server.stop(), 0)

    def routes(self):
        """(route, what stands in its path, names of parameters by where they stand) of the whole document."""
        for route, item in self.document["paths"].items():
            names = {"query": [], "header": [], "path": []}
            for operation in (item, *(item[m] for m in item if m != "parameters")):
                for parameter in operation.get("parameters", []):
                    names[parameter["in"]].append(parameter["name"])
            yield route, names

    def check_parameters(self):
        """Every parameter of every route with everything that it is not, once and twice, each of a path too."""
        asked = 0
        for route, names in self.routes():
            base = re.sub(r"{[^}]*}", "1", route)
            for name in names["query"]:
                for value in NUMBERS + TEXTS:
                    query = f"{name}={urllib.parse.quote_from_bytes(value)}"
                    self.check_answer(self.send("GET", f"{base}?{query}"), (200, 400, 404, 414), (route, query))
                    asked += 1
                for twice in ("1", "2"):
                    self.check_answer(self.send("GET", f"{base}?{name}=1&{name}={twice}"), (400, 404), (route, name, "twice"))
            for name in names["path"]:
                for value in NUMBERS + TEXTS:
                    target = route.replace(f"{{{name}}}", urllib.parse.quote_from_bytes(value, safe="").replace("\\", "%5c"))
                    target = re.sub(r"{[^}]*}", "1", target)
                    self.check_answer(self.send("GET", target), (200, 308, 400, 404, 414), target)
                    asked += 1
            self.check_answer(self.send("GET", f"{base}?no_such_parameter=1"), (200, 400, 404), (route, "unknown"))
        self.assertGreater(asked, 1500)

    def check_headers(self):
        """Headers with values that no program makes: those that routes name, and those of every request."""
        common = ["Accept-Encoding", "Cookie", "Forwarded", "If-None-Match", "Origin", "Range", "X-Forwarded-For"]
        targets = {"/api/v1/packets?limit=1": common, "/": common}
        targets |= {re.sub(r"{[^}]*}", "1", route): names["header"] for route, names in self.routes() if names["header"]}
        self.assertGreater(len(targets), 2)
        for target, names in targets.items():
            for name in names:
                for value in NUMBERS + TEXTS:
                    head = f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{name}: ".encode()
                    statuses = self.statuses(self.raw(head + value + b"\r\n\r\n"))
                    # A line's end in a value makes another header of the rest.
                    self.assertIn(statuses, ([200], [206], [304], [400], [416]), (target, name, value))

    def check_targets(self):
        for target in TARGETS:
            answer = self.send("GET", target)
            # What is no file of the application's is the application's own page, or nothing.
            self.check_answer(answer, (200, 308, 400, 404, 414), target)
            self.assertNotIn(b"root:", answer[2], target)

    def check_odd_targets(self):
        for target, allowed in ODD_TARGETS:
            answer = self.raw(b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            self.assertIn(self.statuses(answer), [[status] for status in allowed], target)

    def check_methods(self):
        for route in [*self.document["paths"], "/", "/healthz", "/api/v1/ingest", "/api/agent/data"]:
            base = re.sub(r"{[^}]*}", "1", route)
            for method in ("POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "get", "BREW"):
                if method == "POST" and base in ("/api/v1/ingest", "/api/agent/data"):
                    continue
                self.check_answer(self.send(method, base), (400, 404, 405, 501), (method, base))

    def raw(self, data):
        """Everything that is answered until the server closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as connection:
            try:
                connection.sendall(data)
                connection.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # it was cut off already
            answer = b""
            try:
                while piece := connection.recv(65_536):
                    answer += piece
            except ConnectionResetError:
                pass
        return answer

    @staticmethod
    def statuses(answer):
        return [int(status) for status in re.findall(rb"^HTTP/1\.1 (\d+)", answer, re.MULTILINE)]

    def check_smuggling(self):
        answered = 0
        for data in SMUGGLED:
            answer = self.raw(data)
            statuses = self.statuses(answer)
            self.assertLessEqual(len(statuses), 1, (data[:300], answer[:400]))
            for status in statuses:
                self.assertIn(status, REFUSED_HEADS, (data[:300], answer[:400]))
                self.assertIn(b"application/problem+json", answer, data[:300])
                answered += 1
        # What is no HTTP at all may be closed without a word.
        self.assertGreater(answered, len(SMUGGLED) - 5)

    def check_bodies(self):
        deep = b'{"agent_id":"a","packets":' + b"[" * 50_000
        bodies = [
            b"", b"null", b"[]", b"{", b"\xff\xfe", deep, deep + b"]" * 50_000 + b"}", b'{"agent_id":"' + b"\xff" * 20 + b'","packets":[]}',
            b'{"agent_id":1e999}', b'{"agent_id":"a","packets":[NaN]}', b'{"agent_id":"a","packets":{}}', b'{"a":"\\ud800"}',
            b'{"agent_id":"../../x","packets":[{"id":-1e400,"from":"\\u0000"}]}', b"\x00" * 1000,
        ]  # fmt: skip
        for path in ("register", "data", "nodedb", "routes"):
            for body in bodies:
                for content_type in ("application/json", "text/plain"):
                    answer = self.send("POST", f"/api/agent/{path}", {"X-API-Key": KEY, "Content-Type": content_type}, body)
                    self.check_answer(answer, (200, 400, 413, 415, 422), (path, body[:80]))
        protobuf = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/x-protobuf"}
        for body in [b"", b"\x00", b"\xff" * 100, b"\x0a\xff\xff\xff\xff\x7f", b"\x0a\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", b"\x0b" * 5000]:
            self.check_answer(self.send("POST", "/api/v1/ingest", protobuf, body), (400, 422), body[:40])
        for headers in ({"Authorization": "Bearer "}, {"Authorization": "Basic " + "A" * 9000}, {"X-API-Key": "\xff" * 50}, {}):
            self.check_answer(self.send("POST", "/api/v1/ingest", headers, b"x"), (400, 401, 415), headers)
        for coding in ("br", "zstd, gzip", "gzip;q=0", "\xff", "identity, identity"):
            answer = self.send("POST", "/api/v1/ingest", dict(protobuf, **{"Content-Encoding": coding}), b"x")
            self.check_answer(answer, (400, 415, 422), coding)

    def check_texts_of_agents(self):
        """What an agent may say of itself is shown as text or refused, and every answer that shows it is good JSON."""
        protobuf = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/x-protobuf"}
        taken = 0
        for i, text in enumerate(TEXTS):
            for agent, said in ((text, b""), (b"sayer-%d" % i, text)):
                header = field(1, agent) + field(2, b"%016d" % i) + field(3, field(1, said)) + field(4, said)
                status = field(2, said) + field(3, said) + field(5, field(2, said))
                record = b"\x08\x01\x10\x01\x18\x05" + field(4, status)
                body = field(1, header) + field(2, record)
                answer = self.send("POST", "/api/v1/ingest", protobuf, body)
                self.check_answer(answer, (200, 400, 413, 422), (agent, said))
                taken += answer[0] == 200
            said = text.decode("utf-8", "replace")
            for agent in (said, f"python-{i}"):
                body = json.dumps({"agent_id": agent, "agent_name": said, "location": {"name": said}, "packets": []}).encode()
                for path in ("register", "data"):
                    answer = self.send("POST", f"/api/agent/{path}", {"X-API-Key": KEY, "Content-Type": "application/json"}, body)
                    self.check_answer(answer, (200, 400, 413, 422), (path, agent))
        self.assertGreater(taken, len(TEXTS) // 2)
        self.wait_until_projected()
        for route, _ in self.routes():
            status, content_type, body = self.send("GET", re.sub(r"{[^}]*}", "1", route))
            if content_type == "application/json":
                json.loads(body.decode("utf-8"))
        shown = json.dumps(self.api.pages("/api/v1/agents", "agents"))
        self.assertIn("sayer-0", shown)
        self.assertIn("DROP TABLE", shown)

    def check_bombs(self):
        megabytes = gzip.compress(bytes(64 << 20))
        bombs = {
            "gzip": [megabytes, megabytes[:1000], gzip.compress(b"") * 2000, gzip.compress(gzip.compress(bytes(32 << 20))), b"\x1f\x8b" + b"\xff" * 50],
            "zstd": [
                zstd_frame(512, 0x38), zstd_frame(1, 0xFF), zstd_frame(1, 0xF8), zstd_frame(2, 0x38) * 500, zstd_frame(512, 0x38)[:1000],
                b"\x28\xb5\x2f\xfd" + b"\xff" * 50, struct.pack("<II", 0x184D2A50, 0xFFFFFFFF) + b"x" * 50,
            ],
        }  # fmt: skip
        headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/x-protobuf"}
        rss = self.server.memory("VmHWM")
        for coding, bodies in bombs.items():
            for body in bodies:
                for _ in range(5):
                    answer = self.send("POST", "/api/v1/ingest", dict(headers, **{"Content-Encoding": coding}), body)
                    self.check_answer(answer, (400, 413, 422), (coding, body[:20]))
        self.assertLess(self.server.memory("VmHWM") - rss, RSS_GROWTH_MAX)


if __name__ == "__main__":
    unittest.main()
