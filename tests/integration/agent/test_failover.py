"""mmm-agent with a group of two servers: nothing is lost while they fail in turn, and TLS with an authority of its own."""

import re
import subprocess
import unittest
import urllib.request

from mesh_site import Site
from processes import BIN, ProgramTest, wait_until
from truth import Truth

PACKETS = 2500


class Failover(ProgramTest):
    def openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.directory, check=True, capture_output=True)

    def make_certificates(self):
        """An authority (ca.pem) and a certificate of its for localhost."""
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        self.openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=test authority", "-days", "2")
        self.openssl("req", *key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=spare")
        (self.directory / "names").write_text("subjectAltName = DNS:localhost\n")
        signing = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "names", "-days", "2"]
        self.openssl("x509", "-req", "-in", "server.csr", *signing, "-out", "server.pem")

    def start_with_tls(self, site):
        """Its API is not asked while it speaks TLS."""
        text = site.server_config.read_text()
        tls = f"tls_certificate = {self.directory}/server.pem\ntls_key = {self.directory}/server.key\n"
        self.plain_config = text
        site.server_config.write_text(text.replace("[server]\n", f"[server]\n{tls}"))
        site.server.start()

    def metric(self, name):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics_port}/metrics", timeout=30) as answer:
            found = re.search(rf"^{re.escape(name)} (\S+)$", answer.read().decode(), re.MULTILINE)
        return float(found[1]) if found else None

    def serving(self, server):
        return self.metric(f'mmm_agent_server_serving{{radio="meshtastic",server="{server}"}}') == 1

    def packets(self, site):
        rows = site.api.pages("/api/v1/packets", "packets")
        return {(row["from"], row["packet_id"]) for row in rows}

    def test_nothing_is_lost_while_servers_take_turns(self):
        self.make_certificates()
        main, spare = Site.named(self, "main", 1), Site.named(self, "spare", 1)
        truth_path = self.directory / "truth"
        sim = self.program(
            "sim",
            [BIN / "mmm-sim", "radio", "--listen", "127.0.0.1:0", "--seed", 3, "--nodes", 40, "--packets", PACKETS]
            + ["--rate", "100", "--start-when", "connected", "--truth", truth_path],
        ).start()
        radio = sim.wait_for_output(r"^radio 1 tcp 127\.0\.0\.1:(\d+)")[1]
        config = self.directory / "agent.ini"
        rest = f"api_key = {Site.KEY}-site-1\nreport_interval = 100ms\ngroup = site\nmax_retries = 2\ntimeout = 5\n"
        config.write_text(
            f"[agent]\nid = site-1\ndatabase_dir = {self.directory}\n[meshtastic]\ntcp_host = 127.0.0.1:{radio}\n"
            f"[server_spare]\nurl = https://localhost:{spare.port}\npriority = 2\ntls_ca_file = {self.directory}/ca.pem\n{rest}"
            f"[server_main]\nurl = http://127.0.0.1:{main.port}\npriority = 1\n{rest}"
            "[metrics]\nbind = 127.0.0.1\nport = 0\n"
        )
        main.start_server()
        self.start_with_tls(spare)
        agent = self.program("agent", [BIN / "mmm-agent", "--config", config]).start()
        self.metrics_port = agent.wait_for_output(r"metrics on http://127\.0\.0\.1:(\d+)/", path=agent.stderr_path)[1]
        sent = 'mmm_agent_upload_records_total{radio="meshtastic",server="%s"}'
        wait_until(lambda: (self.metric(sent % "main") or 0) > 100, "records go to main", alive=(agent,))
        self.assertTrue(self.serving("main"))

        main.server.kill()
        wait_until(lambda: self.serving("spare"), "records go to spare", alive=(agent,))
        wait_until(lambda: self.metric(sent % "spare") > 200, "spare gets records", alive=(agent,))
        main.start_server()
        wait_until(lambda: self.serving("main"), "main is taken again", alive=(agent,))
        spare.server.kill()
        before = self.metric(sent % "main")
        wait_until(lambda: self.metric(sent % "main") > before, "main gets records", alive=(agent,))

        sim.wait_for_output(r"^done ")
        waiting = 'mmm_agent_buffer_records{radio="meshtastic",server="group:site"}'
        wait_until(lambda: self.metric(waiting) == 0, "everything is delivered", alive=(agent,))
        ledger = {
            state: self.metric(f'mmm_agent_ledger_records{{radio="meshtastic",server="group:site",state="{state}"}}')
            for state in ("captured", "delivered", "set_aside", "filtered", "dropped", "waiting")
        }
        self.assertEqual(ledger["captured"], ledger["delivered"], ledger)
        self.assertEqual(agent.stop(), 0)

        spare.server_config.write_text(self.plain_config)
        spare.start_server()
        for site in (main, spare):
            self.addCleanup(site.api.close)
            wait_until(lambda at=site: at.api.get("/api/v1/stats")["projection"]["lag_records"] == 0, "it is indexed")
        at_main, at_spare = self.packets(main), self.packets(spare)
        self.assertGreater(len(at_spare - at_main), 50, "the spare has what main did not get")
        heard = {(f"!{sender:08x}", number) for sender, number in Truth(truth_path).receptions_by_packet()}
        self.assertGreater(len(heard), PACKETS // 2)
        self.assertEqual(heard - (at_main | at_spare), set(), "each packet is at one of them")


if __name__ == "__main__":
    unittest.main()
