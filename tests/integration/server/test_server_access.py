"""mmm-server as a process: who may upload and read, how often, over TLS, and what SIGHUP changes."""

import http.client
import signal
import socket
import ssl
import subprocess
import unittest
import urllib.parse

from processes import BIN, ProgramTest, wait_until
from wire import field

SERVER = BIN / "mmm-server"
READ_TOKEN = "0123456789abcdef0123"
HTML = {"Accept": "text/html"}


def upload_body(agent):
    """An upload without records: an agent's sign of life."""
    return field(1, field(1, agent.encode()) + field(2, b"s" * 16))


class ServerAccessTest(ProgramTest):
    def start(self, text="", server_keys=""):
        self.write_config(text, server_keys)
        self.server = self.program("server", [SERVER, "--config", self.config])
        self.server.start()
        found = self.server.wait_for_output(r"serves (https?)://127\.0\.0\.1:(\d+)/", path=self.server.stderr_path)
        self.tls = found[1] == "https"
        self.port = int(found[2])

    def write_config(self, text="", server_keys=""):
        self.config = self.directory / "server.ini"
        self.config.write_text(
            f"[server]\nport = 0\ndata_dir = {self.directory / 'data'}\n{server_keys}[metrics]\nport = 0\n{text}"
        )

    def reload(self):
        self.server.process.send_signal(signal.SIGHUP)

    def log(self, pattern):
        return self.server.wait_for_output(pattern, path=self.server.stderr_path)

    def connection(self):
        if not self.tls:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=30, context=context)

    def request(self, method, path, headers=None, body=None):
        """(status, headers, body) over a connection of its own."""
        connection = self.connection()
        try:
            connection.request(method, path, body=body, headers=headers or {})
            response = connection.getresponse()
            return response.status, response.headers, response.read()
        finally:
            connection.close()

    def upload(self, agent, key):
        return self.request(
            "POST",
            "/api/v1/ingest",
            {"Content-Type": "application/x-protobuf", "Authorization": f"Bearer {key}"},
            upload_body(agent),
        )

    def until_upload_is(self, status, agent, key):
        wait_until(lambda: self.upload(agent, key)[0] == status, f"{agent} is answered {status}", alive=(self.server,))

    def keys(self, *arguments, code=0):
        result = self.run_to_end([SERVER, "keys", *arguments, "--config", self.config])
        self.assertEqual(result[0], code, result)
        return result

    # ---- Keys ----

    def test_a_key_is_good_for_its_agent_until_it_is_revoked(self):
        self.write_config()
        _, out, err = self.keys("add", "hill")
        key = out.strip()
        self.assertRegex(key, r"^[0-9a-f]{32}$")
        self.assertIn("SIGHUP", err)
        store = self.directory / "data" / "keys"
        self.assertEqual(store.stat().st_mode & 0o777, 0o600)
        self.assertNotIn(key, store.read_text())

        self.start()
        self.assertEqual(self.upload("hill", key)[0], 200)
        status, headers, body = self.upload("valley", key)
        self.assertEqual((status, headers["Content-Type"]), (403, "application/problem+json"), body)

        # A running server sees the file change by itself.
        other = self.keys("add", "valley")[1].strip()
        self.until_upload_is(200, "valley", other)
        self.assertEqual(self.upload("hill", other)[0], 403)

        self.keys("revoke", "hill")
        self.reload()
        self.until_upload_is(401, "hill", key)
        self.assertEqual(self.upload("valley", other)[0], 200)
        self.assertEqual(self.server.stop(), 0)

    def test_rotation_keeps_the_old_key_for_its_grace(self):
        self.write_config()
        first = self.keys("add", "hill")[1].strip()
        self.start()
        _, out, err = self.keys("rotate", "hill", "--grace", "12h")
        second = out.strip()
        self.assertIn("12 h", err)
        self.until_upload_is(200, "hill", second)
        self.assertEqual(self.upload("hill", first)[0], 200)
        _, out, _ = self.keys("list")
        self.assertEqual(out.count("hill"), 2)
        self.assertIn("still valid until", out)
        for secret in (first, second):
            self.assertNotIn(secret, out)
        third = self.keys("rotate", "hill", "--grace", "0")[1].strip()
        self.until_upload_is(200, "hill", third)
        self.assertEqual(self.upload("hill", first)[0], 401)
        self.assertEqual(self.upload("hill", second)[0], 401)

    def test_what_cannot_be_done_with_a_key_is_said(self):
        self.write_config()
        self.keys("add", "hill")
        for arguments, words in (
            (("add", "hill"), "rotate"),
            (("add", "two words"), "no agent id"),
            (("revoke", "valley"), "no key"),
            (("rotate", "valley"), "keys add valley"),
        ):
            _, out, err = self.keys(*arguments, code=1)
            self.assertEqual((out, len(err.splitlines())), ("", 1), err)
            self.assertIn(words, err)

    # ---- Limits ----

    def test_over_the_limit_is_429_and_recovers(self):
        self.start("[api_keys]\nhill = key-of-hill\n[limits]\nuploads_per_second = 0.5\nburst = 4s\n")
        answers = [self.upload("hill", "key-of-hill") for _ in range(3)]
        self.assertEqual([answer[0] for answer in answers], [200, 200, 429])
        _, headers, body = answers[2]
        self.assertEqual(headers["Content-Type"], "application/problem+json")
        self.assertIn(headers["Retry-After"], ("1", "2"), body)
        self.until_upload_is(200, "hill", "key-of-hill")

    def test_guessing_is_slowed_and_logged_once(self):
        self.start("[api_keys]\nhill = key-of-hill\nother = key-of-other\n[limits]\nfailed_attempts_per_minute = 2\n")
        self.assertEqual(self.upload("hill", "key-of-hill")[0], 200)
        statuses = [self.upload("hill", f"guess {i}")[0] for i in range(6)]
        self.assertEqual(statuses, [401] * 4 + [429] * 2)
        self.assertEqual(self.upload("other", "key-of-other")[0], 429)
        self.assertEqual(self.upload("hill", "key-of-hill")[0], 200)
        self.assertEqual(self.server.stderr_path.read_text().count("unknown key"), 1)

    # ---- Reading ----

    def test_a_token_guards_pages_api_and_live_stream(self):
        self.start(f"[access]\nread = token\nread_tokens = alice:{READ_TOKEN}\n[api_keys]\nhill = key-of-hill\n")
        for path in ("/api/v1/nodes", "/api/v1/live", "/", "/assets/none.js", "/nowhere"):
            status, headers, _ = self.request("GET", path)
            self.assertEqual((status, headers["Content-Type"]), (401, "application/problem+json"), path)
        self.assertEqual(self.request("GET", "/healthz")[0], 200)
        wait_until(lambda: self.request("GET", "/readyz")[0] == 200, "the server is ready", alive=(self.server,))
        self.assertEqual(self.upload("hill", "key-of-hill")[0], 200)
        bearer = {"Authorization": f"Bearer {READ_TOKEN}"}
        self.assertEqual(self.request("GET", "/api/v1/nodes", bearer)[0], 200)
        self.assertEqual(self.request("GET", "/api/v1/nodes", {"Authorization": "Bearer nobody's"})[0], 401)

        status, headers, page = self.request("GET", "/nodes", HTML)
        self.assertEqual(status, 401)
        self.assertIn(b'<form method="post" action="/login">', page)
        self.assertNotIn(b"<script", page)
        self.assertIn("default-src 'none'", headers["Content-Security-Policy"])

        cookie = self.sign_in("/nodes")
        self.assertEqual(self.request("GET", "/api/v1/nodes", cookie)[0], 200)
        self.assertEqual(self.live_status(cookie), (200, "text/event-stream"))

        # What is signed in with a token ends with it, without a restart.
        self.write_config("[access]\nread = token\nread_tokens = bob:another-token-of-bob\n[api_keys]\nhill = key-of-hill\n")
        self.reload()
        self.log(r"reloaded: .*read access token \(1 tokens\)")
        self.assertEqual(self.request("GET", "/api/v1/nodes", cookie)[0], 401)
        self.assertEqual(self.request("GET", "/api/v1/nodes", bearer)[0], 401)

    def sign_in(self, next_path):
        form = urllib.parse.urlencode({"token": READ_TOKEN, "next": next_path})
        status, headers, _ = self.request("POST", "/login", {"Content-Type": "application/x-www-form-urlencoded"}, form)
        self.assertEqual((status, headers["Location"]), (303, next_path))
        self.assertIn("HttpOnly; SameSite=Strict", headers["Set-Cookie"])
        return {"Cookie": headers["Set-Cookie"].split(";")[0]}

    def live_status(self, headers):
        connection = self.connection()
        try:
            connection.request("GET", "/api/v1/live", headers=headers)
            response = connection.getresponse()
            return response.status, response.headers["Content-Type"]
        finally:
            connection.close()

    def test_a_proxy_that_is_trusted_says_who_reads(self):
        user = {"X-Forwarded-User": "alice"}
        self.start("[access]\nread = proxy\n", server_keys="trusted_proxies = 127.0.0.0/8\n")
        self.assertEqual(self.request("GET", "/api/v1/nodes", user)[0], 200)
        self.assertEqual(self.request("GET", "/api/v1/nodes")[0], 403)
        self.write_config("[access]\nread = proxy\n", server_keys="trusted_proxies = 192.0.2.1\n")
        self.reload()
        self.log("reloaded: ")
        self.assertEqual(self.request("GET", "/api/v1/nodes", user)[0], 403)
        self.assertEqual(self.request("GET", "/healthz")[0], 200)

    # ---- TLS and reloading ----

    def make_pair(self, name):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
             "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "server.key", "-out", "server.pem"],
            cwd=self.directory, check=True, capture_output=True,
        )

    def served_name(self):
        """The name in the certificate that a new connection gets; verified against the file it was made from."""
        pem = ssl.get_server_certificate(("127.0.0.1", self.port), timeout=30)
        out = subprocess.run(["openssl", "x509", "-noout", "-subject", "-nameopt", "multiline"],
                             input=pem.encode(), check=True, capture_output=True).stdout.decode()
        return out.strip().rpartition("= ")[2]

    def test_tls_serves_and_takes_up_a_new_certificate(self):
        self.make_pair("first")
        keys = f"tls_certificate = {self.directory}/server.pem\ntls_key = {self.directory}/server.key\n"
        self.start("[api_keys]\nhill = key-of-hill\n", server_keys=keys)
        self.assertTrue(self.tls)
        self.assertEqual(self.served_name(), "first")
        self.assertEqual(self.upload("hill", "key-of-hill")[0], 200)
        context = ssl.create_default_context(cafile=str(self.directory / "server.pem"))
        context.set_alpn_protocols(["h2", "http/1.1"])
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as plain:
            with context.wrap_socket(plain, server_hostname="127.0.0.1") as kept:
                self.assertEqual(kept.selected_alpn_protocol(), "http/1.1")
                self.make_pair("second")
                self.reload()
                self.log("reloaded: .*certificate valid until")
                self.assertEqual(self.served_name(), "second")
                kept.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                self.assertIn(b"200 OK", kept.recv(4096))

        (self.directory / "server.key").write_text("no key")
        self.reload()
        self.log(r"nothing was reloaded: the TLS key .*server\.key cannot be used")
        self.assertEqual(self.served_name(), "second")

    def test_healthcheck_speaks_tls(self):
        self.make_pair("first")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.start(server_keys=f"tls_certificate = {self.directory}/server.pem\ntls_key = {self.directory}/server.key\n")
        self.config.write_text(self.config.read_text().replace("port = 0", f"port = {self.port}", 1))
        self.assertEqual(self.run_to_end([SERVER, "healthcheck", "--config", self.config])[0], 0)
        self.config.write_text(self.config.read_text().replace(f"port = {self.port}", f"port = {port}", 1))
        self.assertEqual(self.run_to_end([SERVER, "healthcheck", "--config", self.config])[0], 1)

    def test_a_bad_pair_ends_the_start_with_one_line(self):
        self.write_config(server_keys="tls_certificate = no.pem\ntls_key = no.key\n")
        code, _, err = self.run_to_end([SERVER, "--config", self.config])
        self.assertEqual(code, 1)
        self.assertIn("tls_certificate", err.splitlines()[-1])

    def test_a_reload_with_mistakes_changes_nothing(self):
        self.start("[api_keys]\nhill = key-of-hill\n")
        self.write_config("[api_keys]\nhill = another-key\n[limits]\nnonsense = 1\n", server_keys="threads = 2\n")
        self.reload()
        self.log("nothing was reloaded")
        self.assertEqual(self.upload("hill", "key-of-hill")[0], 200)
        self.write_config("[api_keys]\nhill = another-key\n[log]\nlevel = debug\n", server_keys="threads = 2\n")
        self.reload()
        self.log(r"reloaded: 1 keys, .*; only a restart applies \[server\] threads")
        self.assertEqual(self.upload("hill", "key-of-hill")[0], 401)
        self.assertEqual(self.upload("hill", "another-key")[0], 200)


if __name__ == "__main__":
    unittest.main()
