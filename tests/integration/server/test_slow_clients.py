"""Clients that hold on to what they have of mmm-server: heads and bodies that never end, exports that nobody reads, and
exports whose client vanishes. The server's own time limits end them, and their places and memory come back."""

import http.client
import re
import selectors
import socket
import struct
import time
import unittest
import urllib.request

from one_server import KEY, OneServerTest
from processes import wait_until

EXPORT = "/api/v1/export/packets.ndjson"
EXPORTS_MAX = 4
# An export must be more than the sockets between take, some 3 MiB.
EXPORT_BYTES_MIN = 6 << 20
HEADS = BODIES = 100
# The limits are 10 s for a head, 60 s for a body and for a client that reads nothing; the rest is for a loaded machine.
HEAD_SECONDS_MAX = 40
BODY_SECONDS_MAX = 120
DRIP_SECONDS = 0.25
# Above what it has with the exports at hand; measured 15 MiB.
RSS_GROWTH_MAX = 64 << 20


class SlowClientsTest(OneServerTest):
    def setUp(self):
        super().setUp()
        self.start_server(metrics="port = 0")
        self.metrics = self.server.wait_for_output(r"metrics on (http://\S+)", path=self.server.stderr_path)[1]
        self.load(records=40_000, agents=2, nodes=100, batch=1000)

    def exports(self, outcome):
        with urllib.request.urlopen(self.metrics, timeout=60) as answer:
            text = answer.read().decode()
        return int(re.search(rf'^mmm_server_exports_total{{outcome="{outcome}"}} (\d+)', text, re.MULTILINE)[1])

    def connect(self):
        connection = socket.socket()
        self.addCleanup(connection.close)
        # A small window, so that little of an answer is on the way.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(60)
        connection.connect(("127.0.0.1", self.port))
        return connection

    def begin_exports(self):
        """All exports that may run, each with the beginning of its answer read and no more."""
        begun = []
        for _ in range(EXPORTS_MAX):
            connection = self.connect()
            connection.sendall(f"GET {EXPORT} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            self.assertTrue(connection.recv(100).startswith(b"HTTP/1.1 200"))
            begun.append(connection)
        return begun

    def whole_export(self):
        """The size of an export, or None when there is no place for it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", EXPORT)
            response = connection.getresponse()
            body = response.read()
            if response.status == 503:
                self.assertEqual(response.getheader("Content-Type"), "application/problem+json")
                self.assertGreater(int(response.getheader("Retry-After")), 0)
                return None
            self.assertEqual(response.status, 200)
            return len(body)
        finally:
            connection.close()

    def begin_slow_requests(self):
        """Heads and bodies that will never be whole; each with what it sends again and again."""
        head = b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: "
        post = f"POST /api/v1/ingest HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {KEY}\r\nContent-Type: application/x-protobuf\r\n".encode()
        kinds = [
            (HEADS, b"", b""), (HEADS, head, b"a"), (BODIES, post + b"Content-Length: 100000\r\n\r\n", b"a"),
            (BODIES, post + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
        ]  # fmt: skip
        slow = {}
        for count, beginning, more in kinds:
            for _ in range(count):
                connection = self.connect()
                connection.sendall(beginning)
                slow[connection] = {"is_head": not beginning.startswith(b"POST"), "more": more, "answer": b""}
        return slow

    def drip(self, slow):
        """Sends a byte of each now and then until the server has ended all; how long those of each kind took, at most."""
        begun, next_drip = time.monotonic(), 0.0
        taken = {True: 0.0, False: 0.0}
        selector = selectors.DefaultSelector()
        for connection in slow:
            selector.register(connection, selectors.EVENT_READ)
        while selector.get_map():
            now = time.monotonic() - begun
            self.assertLess(now, BODY_SECONDS_MAX, f"{len(selector.get_map())} slow clients are served still")
            if now >= next_drip:
                next_drip = now + DRIP_SECONDS
                self.assertEqual(self.api.request("/healthz")[0], 200)
                for key in selector.get_map().values():
                    try:
                        key.fileobj.send(slow[key.fileobj]["more"])
                    except OSError:
                        pass  # it was ended, which is seen below
            for key, _ in selector.select(DRIP_SECONDS):
                state = slow[key.fileobj]
                try:
                    piece = key.fileobj.recv(4096)
                except OSError:
                    piece = b""
                state["answer"] += piece
                # Behind an answer the server still takes for a moment what comes.
                if not piece or not state["is_head"]:
                    selector.unregister(key.fileobj)
                    taken[state["is_head"]] = time.monotonic() - begun
        return taken

    def test_who_is_slow_is_ended(self):
        rss = self.server.memory("VmRSS")
        unread = self.begin_exports()
        self.assertIsNone(self.whole_export())
        slow = self.begin_slow_requests()
        taken = self.drip(slow)
        self.assertLess(taken[True], HEAD_SECONDS_MAX)
        for state in slow.values():
            self.assertTrue(state["answer"].startswith(b"" if state["is_head"] else b"HTTP/1.1 408 "), state)
        # The exports were begun before.
        wait_until(lambda: self.exports("cut") == EXPORTS_MAX, "exports that nobody reads are cut", 30, alive=(self.server,))
        self.assertGreater(self.whole_export(), EXPORT_BYTES_MIN)
        self.assertLess(self.server.memory("VmRSS") - rss, RSS_GROWTH_MAX)
        for connection in unread:
            connection.close()
        self.assertLess(self.server.log_lines(), 10)

    def test_exports_whose_client_vanishes_give_their_places_back(self):
        self.assertGreater(self.whole_export(), EXPORT_BYTES_MIN)
        rss = self.server.memory("VmRSS")
        for rounds, vanish in enumerate(("reset", "close", "end"), 1):
            begun = self.begin_exports()
            self.assertIsNone(self.whole_export(), vanish)
            for connection in begun:
                if vanish == "reset":
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                if vanish == "end":
                    connection.shutdown(socket.SHUT_WR)
                else:
                    connection.close()
            size = wait_until(self.whole_export, f"there is a place after clients went by {vanish}", alive=(self.server,))
            self.assertGreater(size, EXPORT_BYTES_MIN)
            # All places, not only the one that was just used.
            wait_until(lambda: self.exports("cut") == rounds * EXPORTS_MAX, f"all are cut that went by {vanish}", 30)
        self.assertLess(self.server.memory("VmRSS") - rss, RSS_GROWTH_MAX)


if __name__ == "__main__":
    unittest.main()
