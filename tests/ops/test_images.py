"""What is in the images, and what is not."""

import json
import unittest
from pathlib import Path

import engine

ROOT = Path(__file__).resolve().parents[2]
KINDS = ("server", "agent", "sim")
MEGABYTE = 1_000_000
ADDED_MAX = {"server": 60 * MEGABYTE, "agent": 30 * MEGABYTE, "sim": 30 * MEGABYTE}


class DockerfileTest(unittest.TestCase):
    def test_the_build_stage_is_the_same_in_each(self):
        stages = set()
        for kind in KINDS:
            text = (ROOT / f"ops/docker/Dockerfile.{kind}").read_text()
            stage, rest = text[text.index("ARG BASE="):].split("\nFROM $BASE\n")
            self.assertIn("AS build", stage)
            self.assertNotIn("AS build", rest)
            stages.add(stage)
        self.assertEqual(len(stages), 1)

    def test_nothing_but_sources_is_sent_to_the_engine(self):
        rules = (ROOT / ".dockerignore").read_text().splitlines()
        self.assertIn("*", rules)
        for secret in ("secrets", ".env", "data", "backups", ".git"):
            self.assertFalse([rule for rule in rules if rule.startswith(f"!{secret}")], secret)


class ImageTest(unittest.TestCase):
    def setUp(self):
        self.engine = engine.shared()

    def image(self, kind):
        return f"meshymcmapface-{kind}:{self.engine.version}"

    def run_in(self, kind, script, user=()):
        return self.engine.docker("run", "--rm", "--network", "none", *user, "--entrypoint", "sh", self.image(kind), "-c", script)

    def inspect(self, image):
        return json.loads(self.engine.docker("image", "inspect", image))[0]

    def test_they_are_small(self):
        base = self.inspect(engine.BASE)["Size"]
        for kind in KINDS:
            added = self.inspect(self.image(kind))["Size"] - base
            print(f"{kind}: {added / MEGABYTE:.1f} MB on top of the base")
            self.assertLessEqual(added, ADDED_MAX[kind], kind)

    def test_they_run_without_rights(self):
        for kind in KINDS:
            said = self.engine.docker(
                "run", "--rm", "--read-only", "--cap-drop", "ALL", "--network", "none", "--security-opt", "no-new-privileges",
                self.image(kind), "--version",
            )
            self.assertRegex(said, rf"^mmm-{kind} \d+\.\d+\.\d+ \([0-9a-f]{{12}}\)$")

    def test_they_run_as_their_own_user(self):
        for kind in KINDS:
            self.assertEqual(self.run_in(kind, "id -u; id -g; id -un").split(), ["10082", "10082", "meshymcmapface"])
        self.assertLessEqual({"dialout", "plugdev"}, set(self.run_in("agent", "id -nG").split()))
        self.assertEqual(self.run_in("server", "id -nG").split(), ["meshymcmapface"])
        for kind in KINDS:
            self.assertEqual(self.run_in(kind, "stat -c %u:%a /data"), "10082:755")

    def test_they_hold_neither_compiler_nor_package_cache(self):
        for kind in KINDS:
            tools = self.run_in(kind, "for t in cc c++ gcc clang clang-19 ld lld-19 cmake ninja git node npm; do command -v $t; done; true")
            self.assertEqual(tools, "", kind)
            # Root, for the package manager's folders are its own; what is there must have come with the base.
            find = "find /var/lib/apt/lists /var/cache/apt /var/log -type f ! -name lock ! -size 0"
            base = set(self.engine.docker("run", "--rm", engine.BASE, "sh", "-c", find).split())
            self.assertLessEqual(set(self.run_in(kind, find, user=("--user", "0")).split()), base, kind)

    def test_they_say_what_they_are(self):
        for kind in KINDS:
            config = self.inspect(self.image(kind))["Config"]
            labels = config["Labels"]
            self.assertEqual(labels["org.opencontainers.image.title"], f"meshymcmapface-{kind}")
            self.assertEqual(labels["org.opencontainers.image.version"], self.engine.version)
            self.assertEqual(labels["org.opencontainers.image.licenses"], "MIT")
            self.assertRegex(labels["org.opencontainers.image.revision"], r"^[0-9a-f]{12}$")
        for kind in ("server", "agent"):
            config = self.inspect(self.image(kind))["Config"]
            self.assertEqual(config["Healthcheck"]["Test"][:3], ["CMD", f"mmm-{kind}", "healthcheck"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
