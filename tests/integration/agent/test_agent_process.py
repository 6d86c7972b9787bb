"""mmm-agent as a process: its exit codes and words, and the way from a simulated radio to a server through kill -9."""

import http.server
import re
import socket
import threading
import unittest
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


class AgentProcess(ProgramTest):
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

    # ---- What it says ----

    def test_a_good_configuration_is_called_good(self):
        code, out, err = self.run_agent("check-config", "--config", self.write_config("tcp_host = 127.0.0.1"))
        self.assertEqual((code, err), (0, ""))
        self.assertIn("test-agent", out)
        self.assertIn(f"server main: http://127.0.0.1:{self.server.port}, priority 1\n", out)

    def test_each_mistake_is_one_line_and_the_exit_code_is_1(self):
        path = self.write_config("connection_type = ble", extra="colour = red\n[nonsense]\na = b\n")
        for command in (["check-config", "--config", path], ["--config", path]):
            code, _, err = self.run_agent(*command)
            self.assertEqual(code, 1)
            lines = err.splitlines()
            self.assertEqual(len(lines), 3, err)
            for line in lines:
                self.assertRegex(line, r"agent\.ini:\d+: ")

    def test_a_missing_file_is_one_line(self):
        code, _, err = self.run_agent("--config", "/nonexistent.ini")
        self.assertEqual((code, len(err.splitlines())), (1, 1), err)

    def test_the_python_versions_buffer_is_not_touched(self):
        import sqlite3

        path = self.directory / "old.db"
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE packet_buffer(id INTEGER PRIMARY KEY)")
        connection.close()
        config = self.write_config("tcp_host = 127.0.0.1")
        code, _, err = self.run_agent("--config", config, environment={"DB_PATH": str(path)})
        self.assertEqual(code, 1)
        self.assertIn("another program", err)

    def test_a_directory_that_cannot_be_made_is_one_line(self):
        (self.directory / "data").write_text("a file")
        code, _, err = self.run_agent("--config", self.write_config("tcp_host = 127.0.0.1"))
        self.assertEqual((code, len(err.splitlines())), (1, 1), err)
        self.assertIn("database_dir", err)

    def test_a_metrics_port_in_use_is_one_line(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            config = self.write_config("tcp_host = 127.0.0.1")
            config.write_text(config.read_text().replace("port = 0", f"port = {taken.getsockname()[1]}"))
            code, _, err = self.run_agent("--config", config)
        self.assertEqual((code, len(err.splitlines())), (1, 1), err)
        self.assertIn("another program uses that port", err)

    def test_a_missing_device_is_said_and_waited_for(self):
        config = self.write_config("connection_type = serial\ndevice_path = /dev/does-not-exist")
        agent = self.program("agent", [AGENT, "--config", config]).start()
        agent.wait_for_output(r"is the radio plugged in", path=agent.stderr_path)
        # Its own status reaches the server, with the reason.
        wait_until(lambda: self.server.payloads(AGENT_STATUS), "a status is uploaded", alive=(agent,))
        wait_until(
            lambda: any(b"does-not-exist" in payload for payload in self.server.payloads(AGENT_STATUS)),
            "the reason is uploaded",
            alive=(agent,),
        )
        self.assertEqual(agent.stop(), 0)

    def test_a_second_agent_on_the_same_buffer_ends_with_a_clear_line(self):
        config = self.write_config("connection_type = serial\ndevice_path = /dev/does-not-exist")
        first = self.program("agent", [AGENT, "--config", config]).start()
        first.wait_for_output(r"starts as", path=first.stderr_path)
        code, _, err = self.run_agent("--config", config)
        self.assertEqual(code, 1)
        self.assertIn("another mmm-agent", err)
        self.assertEqual(first.stop(), 0)

    # ---- What it does ----

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

    def truth_packets(self):
        text = (self.directory / "truth").read_text()
        return re.findall(r'"packet_hex":"([0-9a-f]+)"', text)

    def check_exactly_once(self, sim, agent, killed=False):
        sim.wait_for_output(r"^done ")
        wanted = self.truth_packets()
        self.assertGreater(len(wanted), 50)
        if not killed:
            wait_until(lambda: len(self.delivered_packets()) >= len(wanted), "everything is delivered", alive=(agent,))
        self.assertEqual(agent.stop(), 0)
        delivered = sorted(packet.hex() for packet in self.delivered_packets())
        self.assertEqual(self.server.keys, {"Bearer the-key"})
        if killed:
            # What the radio had sent to a killed agent is lost with it. Nothing comes oftener than it was heard, although
            # records whose answer a killed agent did not note are sent again, under the same number.
            self.assertFalse(Counter(delivered) - Counter(wanted))
            self.assertGreater(len(delivered), len(wanted) // 2)
        else:
            self.assertEqual(delivered, sorted(wanted))

    def test_everything_a_tcp_radio_delivers_arrives_once(self):
        sim = self.sim("--listen", "127.0.0.1:0", "--rate", "200", "--packets", "400", "--start-when", "connected")
        port = sim.wait_for_output(r"^radio 1 tcp 127\.0\.0\.1:(\d+)")[1]
        self.server.failures = [500, 503, 429]
        agent = self.program("agent", [AGENT, "--config", self.write_config(f"tcp_host = 127.0.0.1:{port}")]).start()
        self.check_exactly_once(sim, agent)

    def test_everything_a_serial_radio_delivers_arrives_once(self):
        link = self.directory / "tty"
        faults = ["--fault", "garbage=0.05", "--fault", "short-reads=0.3"]
        sim = self.sim("--pty", link, "--rate", "200", "--packets", "400", "--start-when", "connected", *faults)
        sim.wait_for_output(r"^radio 1 ")
        config = self.write_config(f"connection_type = serial\ndevice_path = {link}")
        agent = self.program("agent", [AGENT, "--config", config]).start()
        self.check_exactly_once(sim, agent)

    def test_what_was_committed_survives_kill(self):
        sim = self.sim("--listen", "127.0.0.1:0", "--rate", "300", "--packets", "1500", "--start-when", "connected")
        port = sim.wait_for_output(r"^radio 1 tcp 127\.0\.0\.1:(\d+)")[1]
        agent = self.program("agent", [AGENT, "--config", self.write_config(f"tcp_host = 127.0.0.1:{port}")]).start()
        for kill in range(5):
            goal = len(self.delivered_packets()) + 60
            wait_until(
                lambda wanted=goal: len(self.delivered_packets()) >= wanted or "done" in sim.stdout_path.read_text(),
                "packets arrive",
                alive=(agent,),
            )
            agent.kill()
            agent.start()
        self.check_exactly_once(sim, agent, killed=True)


if __name__ == "__main__":
    unittest.main()
