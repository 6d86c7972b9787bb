"""The Debian packages in a clean Debian with a systemd of its own: installed, configured, upgraded, removed, purged."""

import json
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from clean_system import System, make_system, wait_until
from packages import made_packages, make_next

PAGES = "http://localhost:8082"
APT = ["apt-get", "install", "--yes", "--allow-downgrades", "-o", "Dpkg::Options::=--force-confold"]
AS_USER = ["runuser", "-u", "meshymcmapface", "--"]
EXPOSURE_MAX = 2.0
NEXT_VERSION = "99.1"


class PackagesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = Path(tempfile.mkdtemp(prefix="mmm-packages-"))
        cls.addClassCleanup(shutil.rmtree, cls.directory, ignore_errors=True)
        cls.directory.chmod(0o755)
        arch = subprocess.run(["dpkg", "--print-architecture"], check=True, capture_output=True, text=True).stdout.strip()
        cls.packages = made_packages(arch)
        cls.offered = cls.directory / "packages"
        (cls.offered / "now").mkdir(parents=True)
        (cls.offered / "next").mkdir()
        for package in cls.packages.values():
            shutil.copy(package, cls.offered / "now")
            make_next(package, cls.offered / "next", NEXT_VERSION, cls.change_defaults)
        make_system(cls.directory / "made", cls.packages.values())

    @staticmethod
    def change_defaults(tree):
        """The next version has other defaults, so that dpkg has something to decide."""
        for file in tree.glob("etc/meshymcmapface/*.ini"):
            file.write_text("# A line that the next version has.\n" + file.read_text())

    def boot(self):
        self.system = System(self.directory / "made", self.directory / self._testMethodName, self.offered)
        self.addCleanup(self.system.close)

    def install(self, *names, version="now"):
        files = [f"/packages/{version}/{file.name}" for file in sorted((self.offered / version).glob("*.deb"))
                 if file.name.split("_")[0] in names]
        self.assertEqual(len(files), len(names))
        return self.system.output(*APT, *files)

    def active(self, unit):
        return self.system.run("systemctl", "is-active", unit).stdout.strip()

    def receptions(self):
        body = self.system.fetch(f"{PAGES}/api/v1/stats")
        return json.loads(body)["receptions"]["total"] if body else 0

    def links_of(self, agent_id):
        body = self.system.fetch(f"{PAGES}/api/v1/agents")
        agents = json.loads(body)["agents"] if body else []
        return [radio["link"]["state"] for agent in agents if agent["id"] == agent_id for radio in agent["radios"]]

    def wait_for_journal(self, unit, pattern):
        return wait_until(lambda: re.search(pattern, self.system.journal(unit), re.MULTILINE),
                          lambda: f"{unit} says {pattern!r}:\n{self.system.journal(unit)[-3000:]}")

    def configure_agent(self, radio, key):
        """Edits the package's file as a person would; the sample's own lines must be there."""
        file = self.system.path("/etc/meshymcmapface/agent.ini")
        text = file.read_text()
        for old, new in (("id = my-site", "id = hill"), ("connection_type = auto", radio), ("api_key = put-the-key-here", key)):
            self.assertEqual(text.count(f"\n{old}\n"), 1, old)
            text = text.replace(f"\n{old}\n", f"\n{new}\n")
        file.write_text(text)

    def start_radios(self):
        """One on TCP and one on a serial line, which is the service's own user's as a real one is its group's."""
        for name, options in (
            ("tcp", ["--listen", "127.0.0.1:4403", "--seed", "1"]),
            ("serial", ["--pty", "/run/radio/line", "--seed", "2"]),
        ):
            self.system.output("systemd-run", f"--unit=radio-{name}", "--property=User=meshymcmapface",
                               "--property=RuntimeDirectory=radio", "--property=RuntimeDirectoryPreserve=yes",
                               "mmm-sim", "radio", "--rate", "20", *options)
        wait_until(lambda: self.system.run("test", "-e", "/run/radio/line").returncode == 0, "mmm-sim makes its serial line")

    def check_service(self, unit):
        """What systemd itself says of the unit's sandbox."""
        said = self.system.output("systemd-analyze", "security", "--no-pager", unit)
        exposure = float(re.search(r"Overall exposure level for \S+: ([\d.]+)", said)[1])
        self.assertLessEqual(exposure, EXPOSURE_MAX, said)
        verdict = self.system.run("systemd-analyze", "verify", "--man=no", f"/lib/systemd/system/{unit}")
        self.assertEqual((verdict.returncode, verdict.stderr), (0, ""))

    def test_the_life_of_an_installation(self):
        self.boot()
        said = self.install("mmm-server", "mmm-agent", "mmm-sim")
        self.assertIn("mmm-agent is not started: put radio, url and api_key into /etc/meshymcmapface/agent.ini", said)
        self.check_fresh_installation()
        self.check_service("mmm-server.service")
        self.check_service("mmm-agent.service")

        config = "--config=/etc/meshymcmapface/server.ini"
        key = self.system.output(*AS_USER, "mmm-server", "keys", "add", "hill", config)
        self.start_radios()
        self.configure_agent("tcp_host = 127.0.0.1\n[meshtastic_2]\ndevice_path = /run/radio/line", f"api_key = {key}")
        self.system.output("systemctl", "enable", "--now", "mmm-agent")
        self.assertEqual(self.active("mmm-agent"), "active")
        wait_until(lambda: self.receptions() > 50, lambda: "packets arrive:\n" + self.system.journal("mmm-agent")[-3000:])
        wait_until(lambda: self.links_of("hill") == ["ready", "ready"], lambda: f"both radios are there: {self.links_of('hill')}")
        self.check_processes()
        self.check_reload()

        self.check_upgrade()
        self.check_removal_and_return()
        self.check_purge()

    def check_fresh_installation(self):
        self.assertEqual(self.active("mmm-server"), "active", self.system.journal("mmm-server"))
        self.assertEqual(self.system.run("systemctl", "is-enabled", "mmm-server").stdout.strip(), "enabled")
        self.assertEqual(self.active("mmm-agent"), "inactive", "nothing says yet which radio is its")
        self.assertEqual(self.system.run("systemctl", "is-enabled", "mmm-agent").stdout.strip(), "disabled")
        wait_until(lambda: self.system.fetch(f"{PAGES}/healthz"), "the server serves")
        for path, expected in (
            ("/etc/meshymcmapface/server.ini", "640 root meshymcmapface"),
            ("/etc/meshymcmapface/agent.ini", "640 root meshymcmapface"),
            ("/var/lib/meshymcmapface/server", "750 meshymcmapface meshymcmapface"),
            ("/var/lib/meshymcmapface/agent", "750 meshymcmapface meshymcmapface"),
        ):
            self.assertEqual(self.system.output("stat", "--format=%a %U %G", path), expected, path)
        account = self.system.output("getent", "passwd", "meshymcmapface").split(":")
        self.assertEqual(account[-1], "/usr/sbin/nologin")
        for role in ("server", "agent"):
            said = self.system.output(*AS_USER, f"mmm-{role}", "check-config", "--config", f"/etc/meshymcmapface/{role}.ini")
            self.assertIn("the configuration is good", said)

    def check_processes(self):
        """They run as the unit's user, without a capability, and the agent alone has the group of serial lines."""
        dialout = self.system.output("getent", "group", "dialout").split(":")[2]
        user = self.system.output("id", "-u", "meshymcmapface")
        for unit, has_dialout in (("mmm-server", False), ("mmm-agent", True)):
            process = self.system.property(unit, "MainPID")
            status = self.system.output("cat", f"/proc/{process}/status")
            self.assertEqual(re.search(r"^Uid:\s+(\d+)", status, re.MULTILINE)[1], user)
            self.assertEqual(re.search(r"^CapBnd:\s+(\w+)", status, re.MULTILINE)[1], "0" * 16)
            groups = re.search(r"^Groups:(.*)$", status, re.MULTILINE)[1].split()
            self.assertEqual(dialout in groups, has_dialout, unit)
            self.assertEqual(self.system.property(unit, "StatusText"), "serving" if unit == "mmm-server" else "recording")

    def check_reload(self):
        for unit, pattern in (("mmm-server", r"reloaded"), ("mmm-agent", r"reloaded: 1 server")):
            before = self.system.property(unit, "MainPID")
            self.system.output("systemctl", "reload", unit)
            self.wait_for_journal(unit, pattern)
            self.assertEqual(self.system.property(unit, "MainPID"), before)

    def check_upgrade(self):
        config = self.system.path("/etc/meshymcmapface/agent.ini")
        mine = config.read_text()
        processes = {unit: self.system.property(unit, "MainPID") for unit in ("mmm-server", "mmm-agent")}
        before = self.receptions()
        self.install("mmm-server", "mmm-agent", "mmm-sim", version="next")
        self.assertEqual(self.system.output("dpkg-query", "--show", "--showformat=${Version}", "mmm-server"), NEXT_VERSION)
        for unit, process in processes.items():
            self.assertEqual(self.active(unit), "active")
            self.assertNotEqual(self.system.property(unit, "MainPID"), process, f"{unit} runs what was installed")
        wait_until(lambda: self.receptions() > before, "what was recorded is there, and more comes")
        self.assertEqual(config.read_text(), mine, "what was changed stays")
        offered = self.system.path("/etc/meshymcmapface/agent.ini.dpkg-dist")
        self.assertTrue(offered.read_text().startswith("# A line that the next version has."))
        unchanged = self.system.path("/etc/meshymcmapface/server.ini")
        self.assertTrue(unchanged.read_text().startswith("# A line that the next version has."), "what was not changed follows")
        self.assertEqual(self.system.output("stat", "--format=%a %U %G", "/etc/meshymcmapface/server.ini"),
                         "640 root meshymcmapface")

    def check_removal_and_return(self):
        packets = self.receptions()
        self.system.output("apt-get", "remove", "--yes", "mmm-server", "mmm-agent")
        for unit in ("mmm-server", "mmm-agent"):
            self.assertEqual(self.active(unit), "inactive")
            self.assertNotEqual(self.system.run("pgrep", "-x", unit).returncode, 0, f"{unit} is still running")
        self.assertTrue(self.system.path("/var/lib/meshymcmapface/server/log").is_dir())
        self.assertTrue(self.system.path("/etc/meshymcmapface/agent.ini").is_file())
        self.install("mmm-server", "mmm-agent", version="next")
        wait_until(lambda: self.receptions() >= packets, "a server that comes back has what it had")
        self.assertEqual(self.system.run("systemctl", "is-enabled", "mmm-agent").stdout.strip(), "enabled", "as it was before")

    def check_purge(self):
        for unit in ("radio-tcp", "radio-serial"):
            self.system.output("systemctl", "stop", unit)
        self.system.output("apt-get", "purge", "--yes", "mmm-server", "mmm-agent", "mmm-sim")
        # Not ours: the packages on offer, apt's and systemd's records of what happened.
        left = self.system.output(
            "find", "/", "-xdev", "(", "-path", "/packages", "-o", "-path", "/proc", "-o", "-path", "/var/log/apt", ")", "-prune",
            "-o", "(", "-name", "*mmm-*", "-o", "-name", "*meshymcmapface*", ")", "-print")
        self.assertEqual(left, "")
        self.assertEqual(self.system.run("getent", "passwd", "meshymcmapface").returncode, 0, "its number is not given again")

    def test_lintian_has_nothing_to_say(self):
        verdict = subprocess.run(["lintian", "--allow-root", "--fail-on", "error,warning", *self.packages.values()],
                                 capture_output=True, text=True, check=False)
        self.assertEqual((verdict.returncode, verdict.stdout), (0, ""), verdict.stderr)

    def test_what_is_wrong_is_said_in_the_journal(self):
        self.boot()
        self.install("mmm-server", "mmm-agent", "mmm-sim")
        self.configure_agent("tcp_host = 127.0.0.1", "api_key_file = /etc/meshymcmapface/hill.key")
        self.system.run("systemctl", "start", "mmm-agent")
        self.wait_for_journal("mmm-agent", r"api_key_file.*/etc/meshymcmapface/hill\.key.*")

        # A key that only root may read.
        key = self.system.path("/etc/meshymcmapface/hill.key")
        key.write_text("a-key-that-the-server-does-not-know\n")
        key.chmod(0o600)
        self.wait_for_journal("mmm-agent", r"api_key_file.*/etc/meshymcmapface/hill\.key.*[Pp]ermission")
        self.system.output("chgrp", "meshymcmapface", "/etc/meshymcmapface/hill.key")
        key.chmod(0o640)
        # It comes by itself once that is mended.
        wait_until(lambda: self.active("mmm-agent") == "active", lambda: self.system.journal("mmm-agent")[-3000:])

        # A serial line that is root's alone.
        self.system.output("systemd-run", "--unit=roots-radio", "mmm-sim", "radio", "--pty", "/run/line")
        wait_until(lambda: self.system.run("test", "-e", "/run/line").returncode == 0, "mmm-sim makes its serial line")
        self.system.output("chmod", "600", self.system.output("readlink", "-f", "/run/line"))
        config = self.system.path("/etc/meshymcmapface/agent.ini")
        config.write_text(config.read_text().replace("tcp_host = 127.0.0.1", "device_path = /run/line"))
        self.system.output("systemctl", "restart", "mmm-agent")
        self.wait_for_journal("mmm-agent", r"/run/line.*[Pp]ermission.*group")
        self.assertEqual(self.active("mmm-agent"), "active", "it waits for the line")

        # A configuration that the server may not read, and a place that its sandbox does not let it write.
        self.system.output("chmod", "600", "/etc/meshymcmapface/server.ini")
        self.system.output("chgrp", "root", "/etc/meshymcmapface/server.ini")
        self.system.run("systemctl", "restart", "mmm-server")
        self.wait_for_journal("mmm-server", r"/etc/meshymcmapface/server\.ini.*[Pp]ermission")
        self.system.output("chgrp", "meshymcmapface", "/etc/meshymcmapface/server.ini")
        self.system.output("chmod", "640", "/etc/meshymcmapface/server.ini")
        file = self.system.path("/etc/meshymcmapface/server.ini")
        file.write_text(file.read_text().replace("data_dir = /var/lib/meshymcmapface/server", "data_dir = /srv/mesh"))
        self.system.run("systemctl", "restart", "mmm-server")
        self.wait_for_journal("mmm-server", r"/srv/mesh.*([Rr]ead-only|not writable)")


if __name__ == "__main__":
    unittest.main(verbosity=2)
