"""mmm-server under requests that nobody honest sends: each is answered with a problem document or a valid answer, memory
and log stay as they were, and the next honest client is served."""

import gzip
import http.client
import json
import re
import socket
import struct
import unittest
import urllib.parse

from mesh_site import Api
from processes import BIN, ProgramTest, wait_until

KEY = "hostile-test-key"
RSS_GROWTH_MAX = 96 << 20
LOG_LINES_MAX = 40

# As bytes, so that they need not be text.
NUMBERS = [b"-1", b"-0", b"0", b"1e9", b"99999999999999999999999", b"9" * 400, b"NaN", b"Inf", b"-Infinity", b"0x10", b"1.5", b" 1", b"+1"]
TEXTS = [
    b"", b"'; DROP TABLE packets; --", b"\" OR 1=1", b"<script>alert(1)</script>", b"../../etc/passwd", b"%s%s%n", b"\x00", b"\xff\xfe",
    b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"a" * 1500, "\u202eRTL".encode(), b"{}", b"[1", b"\r\nX-Injected: 1",
]  # fmt: skip
TARGETS = [
    "/../../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc/passwd", "/%252e%252e/etc/passwd", "/assets/../../etc/passwd",
    "/assets/..%5c..%5cetc%5cpasswd", "//etc/passwd", "/etc/passwd%00.html", "/api/v1/nodes/../../../etc/passwd", "/api/v1/nodes/%2e%2e%2f",
    "/api/v1/packets/%00", "/%", "/%zz", "/api/v1/packets?%", "/api/v1/packets?limit", "/api/v1/packets?&&&=&", "/api/v1/packets?" + "a=1&" * 200,
    "/" + "a" * 5000, "/api/v1/nodes/" + "f" * 3000,
]  # fmt: skip
HOST = b"Host: x\r\n"
# Each has another meaning for this or that proxy: none may be taken for two requests, or for one with a body.
SMUGGLED = [
    b"POST /api/v1/ingest HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
    b"POST /api/v1/ingest HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
    b"POST /api/v1/ingest HTTP/1.1\r\n" + HOST + b"Content-Length: 4, 5\r\n\r\nabcde",
    b"POST /api/v1/ingest HTTP/1.1\r\n" + HOST + b"Content-Length: +4\r\n\r\nabcd",
    b"POST /api/v1/ingest HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n\r\n",
    b"POST /api/v1/ingest HTTP/1.1\r\n" + HOST + b"Content-Length: 0x4\r\n\r\nabcd",
    b"POST /api/v1/ingest HTTP/1.1\r\n" + HOST + b"Content-Length: 99999999999999999999999999\r\n\r\n",
    b"POST /api/v1/ingest HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    b"POST /api/v1/ingest HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    b"POST /api/v1/ingest HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    b"POST /api/v1/ingest HTTP/1.1\r\n" + HOST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    b"POST /api/v1/ingest HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n",
    b"POST /api/v1/ingest HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
    b"POST /api/v1/ingest HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n4\nabcd\n0\n\n",
    b"POST /api/v1/ingest HTTP/1.0\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"GET /healthz HTTP/1.1\n" + HOST + b"\r\n",
    b"GET /healthz HTTP/1.1\r\n" + HOST + b"X: a\n\r\n",
    b"GET /healthz HTTP/1.1\r\n" + HOST + b"X: a\r\n b\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\n" + HOST + b"X\x00Y: a\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\n" + HOST + b": empty\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\n" + HOST + b"Bad Name: a\r\n\r\n",
    b"GET /health\tz HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET  /healthz HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /healthz HTTP/9.9\r\n" + HOST + b"\r\n",
    b"GET /healthz\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\n" + b"".join(b"X-%d: a\r\n" % i for i in range(300)) + b"\r\n",
    b"GET /healthz HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 40_000 + b"\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200,
    b"\x00" * 2000,
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
]


def zstd_frame(blocks, window):
    """A frame of `blocks` × 128 KiB of zeros: three bytes and one for each."""
    frame = struct.pack("<I", 0xFD2FB528) + bytes([0, window])
    for i in range(blocks):
        frame += struct.pack("<I", (128 << 10) << 3 | 1 << 1 | (i == blocks - 1))[:3] + b"\0"
    return frame


class HostileRequestsTest(ProgramTest):
    def setUp(self):
        super().setUp()
        config = self.directory / "server.ini"
        config.write_text(
            f"[server]\nport = 0\ndata_dir = {self.directory / 'data'}\n[metrics]\nenabled = false\n[api_keys]\nall = {KEY}\n"
        )
        self.server = self.program("server", [BIN / "mmm-server", "--config", config]).start()
        found = self.server.wait_for_output(r"serves http://127\.0\.0\.1:(\d+)/", path=self.server.stderr_path)
        self.port = int(found[1])
        self.api = Api(self.port)
        code, _, err = self.run_to_end(
            [BIN / "mmm-sim", "load", "--server", f"http://127.0.0.1:{self.port}", "--key", KEY]
            + ["--records", 2000, "--agents", 3, "--nodes", 30, "--batch", 100]
        )
        self.assertEqual(code, 0, err)
        wait_until(lambda: self.api.get("/api/v1/stats")["packets"]["total"] > 100, "the index follows", alive=(self.server,))
        self.document = self.api.get("/api/v1/openapi.json")
        self.connection = None
        self.addCleanup(lambda: self.connection and self.connection.close())
        self.addCleanup(lambda: self.api.connection and self.api.connection.close())

    def send(self, method, target, headers=None, body=None):
        """(status, content type, body) over one kept connection, as long as the server keeps it."""
        for attempt in (1, 2):
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            try:
                self.connection.putrequest(method, target, skip_accept_encoding=True)
                for name, value in (headers or {}).items():
                    self.connection.putheader(name, value)
                if body is not None:
                    self.connection.putheader("Content-Length", str(len(body)))
                self.connection.endheaders()
                if body is not None:
                    self.connection.send(body)
                response = self.connection.getresponse()
                if response.getheader("Content-Type", "").startswith("text/event-stream"):
                    self.connection.close()
                    self.connection = None
                    return response.status, "text/event-stream", b""
                answer = response.status, response.getheader("Content-Type", ""), response.read()
                if response.will_close:
                    self.connection = None
                return answer
            except (OSError, http.client.HTTPException):
                self.connection.close()
                self.connection = None
                if attempt == 2:
                    raise
        raise AssertionError("unreachable")

    def check_answer(self, answer, allowed, what):
        status, content_type, body = answer
        self.assertIn(status, allowed, (what, body[:300]))
        if status >= 400:
            self.assertEqual(content_type, "application/problem+json", what)
            self.assertEqual(json.loads(body)["status"], status, what)

    def rss(self):
        text = (self.directory.__class__("/proc") / str(self.server.process.pid) / "status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", text)[1]) << 10

    def log_lines(self):
        return self.server.stderr_path.read_bytes().count(b"\n")

    def test_nothing_hurts(self):
        # The first questions fill caches.
        self.check_parameters()
        rss, lines = self.rss(), self.log_lines()
        for check in (
            self.check_parameters, self.check_targets, self.check_methods, self.check_smuggling, self.check_bodies, self.check_bombs,
        ):  # fmt: skip
            with self.subTest(check.__name__):
                check()
                self.server.check_alive()
                self.assertEqual(self.api.request("/healthz")[0], 200)
        self.assertLess(self.rss() - rss, RSS_GROWTH_MAX)
        self.assertLess(self.log_lines() - lines, LOG_LINES_MAX)
        self.assertEqual(self.server.stop(), 0)

    def check_parameters(self):
        """Every parameter of every route with everything that it is not, once and twice, alone in a path too."""
        asked = 0
        for route, operations in self.document["paths"].items():
            operation = operations["get"]
            parameters = [p["name"] for p in operation.get("parameters", []) if p["in"] == "query"]
            base = re.sub(r"{[^}]*}", "1", route)
            for name in parameters:
                for value in NUMBERS + TEXTS:
                    query = f"{name}={urllib.parse.quote_from_bytes(value)}"
                    self.check_answer(self.send("GET", f"{base}?{query}"), (200, 400, 404, 414), (route, query))
                    asked += 1
                self.check_answer(self.send("GET", f"{base}?{name}=1&{name}=2"), (400, 404), (route, name, "twice"))
            for value in NUMBERS + TEXTS if "{" in route else ():
                target = re.sub(r"{[^}]*}", urllib.parse.quote_from_bytes(value, safe="").replace("\\", "%5c"), route)
                self.check_answer(self.send("GET", target), (200, 308, 400, 404, 414), target)
                asked += 1
        self.assertGreater(asked, 1500)

    def check_targets(self):
        for target in TARGETS:
            answer = self.send("GET", target)
            # What is no file of the application's is the application's own page, or nothing.
            self.check_answer(answer, (200, 308, 400, 404, 414), target)
            self.assertNotIn(b"root:", answer[2], target)

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

    def check_smuggling(self):
        answered = 0
        for data in SMUGGLED:
            answer = self.raw(data)
            statuses = re.findall(rb"^HTTP/1\.1 (\d+)", answer, re.MULTILINE)
            self.assertLessEqual(len(statuses), 1, (data[:200], answer[:400]))
            for status in statuses:
                self.assertIn(status[:1], (b"4", b"5"), (data[:200], answer[:400]))
                self.assertNotEqual(status, b"500", (data[:200], answer[:400]))
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
        rss = self.rss()
        for coding, bodies in bombs.items():
            for body in bodies:
                for _ in range(5):
                    answer = self.send("POST", "/api/v1/ingest", dict(headers, **{"Content-Encoding": coding}), body)
                    self.check_answer(answer, (400, 413, 422), (coding, body[:20]))
        self.assertLess(self.rss() - rss, RSS_GROWTH_MAX)


if __name__ == "__main__":
    unittest.main()
