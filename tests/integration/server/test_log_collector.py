"""[json_tcp_log_NAME]: lines as JSON over TCP, with a token and over TLS, through a collector's absence; and [log] file and format."""

import json
import re
import socket
import ssl
import subprocess
import threading
import unittest

from one_server import OneServerTest
from processes import BIN, wait_until

TOKEN = "collector-token-0123456789"


class Collector:
    """Takes lines on a port of its own; the same port again after stop() and start()."""

    def __init__(self, context=None):
        self.context = context
        self.port = 0
        self.lines = []
        self.refused = 0
        self.start()

    def start(self):
        self.listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self.listener.getsockname()[1]
        self.connections = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.read, args=(connection,), daemon=True).start()

    def read(self, connection):
        if self.context:
            try:
                connection = self.context.wrap_socket(connection, server_side=True)
            except (ssl.SSLError, OSError):
                self.refused += 1
                return
        self.connections.append(connection)
        rest = b""
        while True:
            try:
                data = connection.recv(65536)
            except OSError:
                return
            if not data:
                return
            *whole, rest = (rest + data).split(b"\n")
            self.lines += [json.loads(line) for line in whole]

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for connection in self.connections:
            connection.close()

    def messages(self):
        return [line["message"] for line in self.lines if "message" in line]


class LogCollectorTest(OneServerTest):
    def collector(self, context=None):
        collector = Collector(context)
        self.addCleanup(collector.stop)
        return collector

    def metric(self, name):
        status, _, body = self.metrics.exchange("GET", "/metrics")
        self.assertEqual(status, 200)
        found = re.search(rf'^{name}{{collector="test"}} (\S+)$', body.decode(), re.M)
        return float(found[1]) if found else None

    def start_with(self, collector, more="", host="127.0.0.1"):
        self.start_server(
            metrics="bind = 127.0.0.1\nport = 0",
            more=f"[json_tcp_log_test]\nhost = {host}\nport = {collector.port}\napplication = mesh\nenvironment = test\n{more}",
        )
        found = self.server.wait_for_output(r"metrics on http://127\.0\.0\.1:(\d+)/", path=self.server.stderr_path)
        self.metrics = type(self.api)(int(found[1]))
        self.addCleanup(self.metrics.close)

    def cause_lines(self, count):
        """Each reload is a line of the log."""
        for _ in range(count):
            before = self.server.stderr_path.read_text().count("reloaded:")
            self.server.process.send_signal(1)
            wait_until(lambda: self.server.stderr_path.read_text().count("reloaded:") > before, "a line", alive=(self.server,))

    def test_lines_come_as_json_with_the_token_before_them(self):
        collector = self.collector()
        self.start_with(collector, more=f"auth_token = {TOKEN}\n")
        wait_until(lambda: any("serves http" in text for text in collector.messages()), "the first lines", alive=(self.server,))
        self.assertEqual(collector.lines[0], {"auth_token": TOKEN})
        line = next(line for line in collector.lines if "serves http" in line.get("message", ""))
        self.assertEqual((line["level"], line["logger"], line["application"], line["environment"]), ("INFO", "server", "mesh", "test"))
        self.assertEqual(line["host"], socket.gethostname())
        self.assertEqual(line["process"], self.server.process.pid)
        self.assertRegex(line["iso_timestamp"], r"^\d{4}-\d\d-\d\dT[\d:.]+Z$")
        self.assertEqual(self.metric("mmm_log_collector_connected"), 1)
        self.assertNotIn(TOKEN, self.server.stderr_path.read_text())
        # What is said while it stops arrives, too.
        self.server.stop()
        wait_until(lambda: collector.messages()[-1:] == ["stopped"], "the last line")

    def test_an_absent_collector_loses_nothing_that_fits_and_holds_nothing_up(self):
        collector = self.collector()
        self.start_with(collector)
        wait_until(lambda: any("serves http" in text for text in collector.messages()), "the first lines", alive=(self.server,))
        collector.stop()
        self.cause_lines(5)
        wait_until(lambda: self.metric("mmm_log_collector_connected") == 0, "the loss is seen", alive=(self.server,))
        self.assertEqual(self.api.exchange("GET", "/healthz")[0], 200)
        collector.start()
        wait_until(lambda: sum("reloaded:" in text for text in collector.messages()) >= 5, "the lines of meanwhile", alive=(self.server,))
        self.assertTrue(any("lines wait for it" in text for text in collector.messages()))
        self.assertEqual(self.metric("mmm_log_dropped_lines_total"), 0)

    def certificate(self):
        """A context with a certificate for 127.0.0.1, which is its own authority: c.pem."""
        certificate = self.directory / "collector.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
            + ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", certificate, "-out", self.directory / "c.pem"],
            check=True, capture_output=True,
        )
        certificate.write_text(certificate.read_text() + (self.directory / "c.pem").read_text())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        return context

    def test_over_tls_the_certificate_is_checked(self):
        collector = self.collector(self.certificate())
        self.start_with(collector, more="use_tls = true\n")
        wait_until(lambda: collector.refused > 0, "its certificate is not trusted", alive=(self.server,))
        wait_until(lambda: "is not trusted: it comes from an authority that is unknown here" in self.server.stderr_path.read_text(), "it is said", alive=(self.server,))
        self.assertEqual(collector.lines, [])
        self.server.stop()
        self.start_with(collector, more="use_tls = true\nverify_ssl = false\n")
        wait_until(lambda: any("serves http" in text for text in collector.messages()), "lines over TLS", alive=(self.server,))

    def test_an_authority_of_ones_own_is_trusted_and_no_other_name(self):
        context = self.certificate()
        collector = self.collector(context)
        self.start_with(collector, more=f"use_tls = true\ntls_ca_file = {self.directory / 'c.pem'}\n")
        wait_until(lambda: any("serves http" in text for text in collector.messages()), "lines over TLS", alive=(self.server,))
        self.server.stop()
        # The same collector under a name that its certificate does not have.
        lines = len(collector.lines)
        self.start_with(collector, more=f"use_tls = true\ntls_ca_file = {self.directory / 'c.pem'}\n", host="localhost")
        wait_until(lambda: "is not trusted: it is for 127.0.0.1" in self.server.stderr_path.read_text(), "the name is refused", alive=(self.server,))
        self.assertEqual(len(collector.lines), lines)

    def test_a_file_of_authorities_that_is_none_is_a_mistake_of_the_configuration(self):
        config = self.directory / "server.ini"
        config.write_text("[json_tcp_log_test]\nhost = 127.0.0.1\nuse_tls = true\ntls_ca_file = /nowhere.pem\n")
        code, _, err = self.run_to_end([BIN / "mmm-server", "check-config", "--config", config])
        self.assertEqual(code, 1)
        self.assertRegex(err, r"server\.ini:4: \[json_tcp_log_test\] tls_ca_file: .*/nowhere\.pem")

    def test_a_file_and_objects_on_standard_error(self):
        log = self.directory / "server.log"
        self.config = self.directory / "unused"
        self.start_server(more=f"[log]\nformat = json\nfile = {log}\n")
        for path in (log, self.server.stderr_path):
            lines = [json.loads(line) for line in path.read_text().splitlines()]
            self.assertEqual(set(lines[0]), {"time", "level", "component", "message"})
            self.assertTrue(any("serves http" in line["message"] for line in lines))


if __name__ == "__main__":
    unittest.main()
