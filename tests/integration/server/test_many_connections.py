"""mmm-server with 2,000 agents that are connected and idle and 1,000 that upload at once: all are acknowledged, memory is
bounded, and whoever comes anew is served."""

import http.client
import re
import resource
import selectors
import socket
import time
import unittest
from pathlib import Path

from mesh_site import Api
from processes import BIN, ProgramTest, wait_until
from test_server_access import field

KEY = "many-connections-key"
IDLE = 2000
UPLOADING = 1000
UPLOADS_EACH = 5
RECORDS = 40
# Idle connections take some kilobytes each, uploads at hand their bodies; measured 115 MiB.
RSS_MAX = 250 << 20
# Measured 0.1 s; what somebody waits who opens a page.
SERVED_SECONDS_MAX = 5


def varint(number):
    out = b""
    while number > 0x7F:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def long_field(number, data):
    return varint(number << 3 | 2) + varint(len(data)) + data


class ManyConnectionsTest(ProgramTest):
    served = 0

    def peak_rss(self):
        return int(re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{self.server.process.pid}/status").read_text())[1]) << 10

    def connect(self):
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        self.addCleanup(connection.close)
        return connection

    def ask(self, connection):
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = connection.recv(4096)
        self.assertTrue(answer.startswith(b"HTTP/1.1 200"), answer[:100])

    def upload(self, agent, first_seq):
        """One request of RECORDS records; what they hold is nothing that is understood, and is kept all the same."""
        header = field(1, b"agent-%d" % agent) + field(2, b"%016d" % agent)
        body = long_field(1, header)
        for i in range(RECORDS):
            record = b"\x08" + varint(first_seq + i) + b"\x10" + varint(1_790_000_000_000_000) + b"\x18\x01" + field(4, b"%098d" % i)
            body += long_field(2, record)
        head = f"POST /api/v1/ingest HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {KEY}\r\nContent-Type: application/x-protobuf\r\n"
        return head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body

    def serve_someone_new(self):
        """Beside all that goes on, in a connection of its own."""
        new = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        begun = time.monotonic()
        for path in ("/healthz", "/api/v1/stats"):
            new.request("GET", path)
            response = new.getresponse()
            response.read()
            self.assertEqual(response.status, 200)
        new.close()
        self.assertLess(time.monotonic() - begun, SERVED_SECONDS_MAX)
        self.served += 1

    def upload_all(self):
        """Every agent's uploads one after the other, all agents at once; the statuses."""
        selector = selectors.DefaultSelector()
        statuses = []
        state = {}
        for agent in range(UPLOADING):
            connection = self.connect()
            connection.setblocking(False)
            state[connection] = {"agent": agent, "done": 0, "out": self.upload(agent, 1), "in": b""}
            selector.register(connection, selectors.EVENT_READ | selectors.EVENT_WRITE)
        while selector.get_map():
            if len(statuses) >= (self.served + 1) * UPLOADING:
                self.serve_someone_new()
            events = selector.select(60)
            self.assertTrue(events, f"nothing happens any more after {len(statuses)} answers")
            for key, mask in events:
                connection, now = key.fileobj, state[key.fileobj]
                if mask & selectors.EVENT_WRITE:
                    now["out"] = now["out"][connection.send(now["out"]) :]
                    if not now["out"]:
                        selector.modify(connection, selectors.EVENT_READ)
                if not mask & selectors.EVENT_READ:
                    continue
                piece = connection.recv(65_536)
                self.assertTrue(piece, "the server closed an uploading connection")
                now["in"] += piece
                head, end, rest = now["in"].partition(b"\r\n\r\n")
                length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
                if not end or len(rest) < int(length[1]):
                    continue
                statuses.append(int(head.split(b" ")[1]))
                now["done"] += 1
                now["in"] = b""
                if now["done"] == UPLOADS_EACH:
                    selector.unregister(connection)
                else:
                    now["out"] = self.upload(now["agent"], 1 + now["done"] * RECORDS)
                    selector.modify(connection, selectors.EVENT_READ | selectors.EVENT_WRITE)
        return statuses

    def test_many_at_once(self):
        wanted = IDLE + UPLOADING + 500
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(wanted, hard)), hard))
        config = self.directory / "server.ini"
        config.write_text(
            f"[server]\nport = 0\ndata_dir = {self.directory / 'data'}\n[metrics]\nenabled = false\n[api_keys]\nall = {KEY}\n"
        )
        self.server = self.program("server", [BIN / "mmm-server", "--config", config]).start()
        self.port = int(self.server.wait_for_output(r"serves http://127\.0\.0\.1:(\d+)/", path=self.server.stderr_path)[1])

        idle = [self.connect() for _ in range(IDLE)]
        for connection in idle:
            self.ask(connection)
        statuses = self.upload_all()
        self.assertEqual(set(statuses), {200})
        self.assertEqual(len(statuses), UPLOADING * UPLOADS_EACH)
        self.assertLess(self.peak_rss(), RSS_MAX)

        self.assertEqual(self.served, UPLOADS_EACH - 1)
        api = Api(self.port)
        self.addCleanup(lambda: api.connection and api.connection.close())
        wait_until(
            lambda: api.get("/api/v1/stats")["projection"]["lag_records"] == 0, "the index follows", alive=(self.server,)
        )
        self.assertEqual(api.get("/api/v1/stats")["agents"]["total"], UPLOADING)
        code, out, err = self.run_to_end([BIN / "mmm-server", "check", "--config", config])
        self.assertEqual(code, 0, err)
        self.assertIn(f"{UPLOADING * UPLOADS_EACH * RECORDS} records are good", err)
        # Those that were idle are there still.
        for connection in idle[::100]:
            self.ask(connection)


if __name__ == "__main__":
    unittest.main()
