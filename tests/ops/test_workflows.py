"""The public workflows: well formed, in an order that publishes only what passed, and every step is a script of this repository."""

import os
import re
import shlex
import subprocess
import unittest
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]


def workflows():
    """name → the parsed file. YAML takes the key `on` for true."""
    found = {path.name: yaml.safe_load(path.read_text()) for path in sorted((ROOT / ".github/workflows").glob("*.yml"))}
    assert found, "there are no workflows"
    return found


def steps():
    for name, workflow in workflows().items():
        for job, content in workflow["jobs"].items():
            for step in content["steps"]:
                yield f"{name}, {job}", step


class WorkflowTest(unittest.TestCase):
    def test_each_has_triggers_jobs_limits_and_few_rights(self):
        for name, workflow in workflows().items():
            self.assertTrue(workflow[True], name)
            self.assertEqual(workflow["permissions"], {"contents": "read"}, name)
            for job, content in workflow["jobs"].items():
                self.assertGreater(content["timeout-minutes"], 0, f"{name}, {job}")
                for needed in content.get("needs", []):
                    self.assertIn(needed, workflow["jobs"], f"{name}, {job}")

    def test_every_command_is_one_script_of_this_repository(self):
        commands = [(where, step["run"]) for where, step in steps() if "run" in step]
        self.assertTrue(commands)
        for where, command in commands:
            self.assertNotRegex(command, r"[;&|\n]", f"{where}: more than one command belongs into a script")
            script = ROOT / shlex.split(command)[0]
            self.assertTrue(script.is_file(), f"{where}: {script} is not there")
            self.assertTrue(os.access(script, os.X_OK), f"{where}: {script} cannot be run")
            said = subprocess.run([script, "--help"], capture_output=True, text=True, check=False) if script.name != "test" else None
            for word in shlex.split(command)[1:2]:
                self.assertRegex(said.stdout, rf"(?m)^ +{re.escape(word)}\b", f"{where}: {script} has no command {word}")

    def test_foreign_actions_have_a_version(self):
        for where, step in steps():
            self.assertEqual(("run" in step) + ("uses" in step), 1, where)
            if "uses" in step:
                self.assertRegex(step["uses"], r"^[\w.-]+/[\w.-]+@v?\d", where)

    def test_only_what_passed_is_published(self):
        release = workflows()["release.yml"]
        self.assertEqual(list(release[True]["push"]), ["tags"])
        publishing = [job for job, content in release["jobs"].items() if "write" in content.get("permissions", {}).values()]
        self.assertEqual(publishing, ["packages", "images"])
        for job in publishing:
            self.assertEqual(release["jobs"][job]["needs"], ["test", "operations"])

    def test_a_tag_that_is_not_the_version_is_refused(self):
        version = re.search(r"^ *VERSION ([\d.]+)$", (ROOT / "CMakeLists.txt").read_text(), re.MULTILINE)[1]
        for tag, code in ((f"v{version}", 0), ("v0.0.0", 1), (version, 1)):
            said = subprocess.run([ROOT / "ops/publish", "check", tag], capture_output=True, text=True, check=False)
            self.assertEqual(said.returncode, code, said.stderr)
        self.assertIn("raise the version first", said.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
