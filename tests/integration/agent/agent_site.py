"""A server that understands uploads in a few lines, and what every test of mmm-agent as a process needs."""

import http.server
import re
import threading
from collections import Counter

import wire
from processes import BIN, ProgramTest, wait_until

AGENT = BIN / "mmm-agent"
# The fields of FromRadio that may leave the agent: packet, my_info, node_info, metadata.
RECORDED_FIELDS = {2, 3, 4, 13}
AGENT_STATUS = 5


class Server:
    """The upload contract in a few lines, without zstd, so that agents must fall back to plain bodies."""

    def __init__(self):
        self.lock = threading.Lock()
        self.records = {}  # (stream, seq) → (kind, payload)
        self.duplicates = 0
        self.keys = set()
        self.failures = []  # answers to give instead, oldest first
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, answer, kind = outer.answer(self.path, self.headers, body)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.port = self.http.server_address[1]
        self.thread = threading.Thread(target=self.http.serve_forever, daemon=True)
        self.thread.start()

    def close(self):
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()

    def answer(self, path, headers, body):
        problem = "application/problem+json"
        with self.lock:
            if path != "/api/v1/ingest":
                return 404, b"", "text/plain"
            self.keys.add(headers.get("Authorization"))
            if headers.get("Content-Encoding"):
                return 415, b'{"title":"Unsupported","detail":"send it plain"}', problem
            if self.failures:
                return self.failures.pop(0), b'{"title":"scripted"}', problem
            stream, last, duplicates = b"", 0, 0
            for number, value in wire.fields(body):
                if number == 1:
                    stream = wire.message(value)[2]
                elif number == 2:
                    record = wire.message(value)
                    last = record[1]
                    duplicates += (stream, last) in self.records
                    self.records[stream, last] = (record[3], record.get(4, b""))
            self.duplicates += duplicates
            return 200, wire.field(1, last) + wire.field(3, duplicates), "application/x-protobuf"

    def payloads(self, kind):
        with self.lock:
            return [payload for record_kind, payload in self.records.values() if record_kind == kind]


class AgentTest(ProgramTest):
    """An agent, a server, and what a simulated radio says that it delivered."""

    def setUp(self):
        super().setUp()
        self.server = Server()
        self.addCleanup(self.server.close)

    def write_config(self, radio, extra=""):
        path = self.directory / "agent.ini"
        path.write_text(
            f"[agent]\nid = test-agent\nlocation_name = Here\ndatabase_dir = {self.directory}/data\n"
            f"[meshtastic]\n{radio}\n"
            f"[server_main]\nurl = http://127.0.0.1:{self.server.port}\napi_key = the-key\nreport_interval = 500ms\n"
            f"[metrics]\nbind = 127.0.0.1\nport = 0\n{extra}"
        )
        return path

    def run_agent(self, *arguments, environment=None):
        return self.run_to_end([AGENT, *arguments], environment=environment, seconds=30)

    def sim(self, *arguments):
        program = self.program("sim", [BIN / "mmm-sim", "radio", "--seed", "5", "--truth", self.directory / "truth", *arguments])
        return program.start()

    def delivered_packets(self):
        """The MeshPackets at the server, each a payload's field 2; checks that nothing else of the dump has passed."""
        packets = []
        with self.server.lock:
            records = list(self.server.records.values())
        for kind, payload in records:
            if kind == AGENT_STATUS:
                continue
            fields = set(wire.message(payload))
            self.assertLessEqual(fields - {1}, RECORDED_FIELDS)
            packet = wire.mesh_packet(payload)
            if packet is not None:
                packets.append(packet)
        return packets

    def delivered_counts(self):
        return Counter(packet.hex() for packet in self.delivered_packets())

    def truth_packets(self):
        text = (self.directory / "truth").read_text()
        return re.findall(r'"packet_hex":"([0-9a-f]+)"', text)

    def check_exactly_once(self, sim, agent, killed=False):
        sim.wait_for_output(r"^done ")
        wanted = self.truth_packets()
        self.assertGreater(len(wanted), 50)
        if not killed:
            wait_until(lambda: not Counter(wanted) - self.delivered_counts(), "everything is delivered", alive=(agent,))
        self.assertEqual(agent.stop(), 0)
        delivered = self.delivered_counts()
        self.assertEqual(self.server.keys, {"Bearer the-key"})
        if killed:
            # What the radio had sent to a killed agent is lost with it. Nothing comes oftener than it was heard, although
            # records whose answer a killed agent did not note are sent again, under the same number.
            self.assertFalse(delivered - Counter(wanted))
            self.assertGreater(delivered.total(), len(wanted) // 2)
        else:
            self.assertFalse(Counter(wanted) - delivered)
            # An agent that comes back after a disconnection gets what the radio replays, after "done" too: the truth has it.
            wait_until(lambda: not delivered - Counter(self.truth_packets()), "the truth knows of all that was delivered", seconds=10)
