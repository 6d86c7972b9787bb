"""mmm-server with 2,000 agents that are connected and idle and 1,000 that upload at once: all are acknowledged, memory is
bounded, and whoever comes anew is served."""

import http.client
import re
import resource
import selectors
import socket
import time
import unittest

from one_server import KEY, OneServerTest
from processes import BIN
from wire import field

IDLE = 2000
UPLOADING = 1000
UPLOADS_EACH = 5
RECORDS = 40
# Idle connections take some kilobytes each, uploads at hand their bodies; measured 115 MiB.
RSS_MAX = 250 << 20
# Measured 0.1 s; what somebody waits who opens a page.
SERVED_SECONDS_MAX = 5


class ManyConnectionsTest(OneServerTest):
    served = 0

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
        body = field(1, header)
        for i in range(RECORDS):
            record = field(1, first_seq + i) + field(2, 1_790_000_000_000_000) + field(3, 1) + field(4, b"%098d" % i)
            body += field(2, record)
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
        self.start_server()
        idle = [self.connect() for _ in range(IDLE)]
        for connection in idle:
            self.ask(connection)
        statuses = self.upload_all()
        self.assertEqual(set(statuses), {200})
        self.assertEqual(len(statuses), UPLOADING * UPLOADS_EACH)
        self.assertLess(self.server.memory("VmHWM"), RSS_MAX)

        self.assertEqual(self.served, UPLOADS_EACH - 1)
        self.wait_until_projected()
        self.assertEqual(self.api.get("/api/v1/stats")["agents"]["total"], UPLOADING)
        code, out, err = self.run_to_end([BIN / "mmm-server", "check", "--config", self.config])
        self.assertEqual(code, 0, err)
        self.assertIn(f"{UPLOADING * UPLOADS_EACH * RECORDS} records are good", err)
        # Those that were idle are there still.
        for connection in idle[::100]:
            self.ask(connection)


if __name__ == "__main__":
    unittest.main()
