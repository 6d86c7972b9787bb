"""Manual pages and completions know exactly what the programs know: each is compared with --help."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from help_text import read_help

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("MMM_BIN", ROOT / "build/release/bin")).resolve()
PROGRAMS = ("mmm-server", "mmm-agent", "mmm-sim")
HELP = {"-h", "--help"}


def plain(text):
    """The characters of a line of a manual page, without its fonts."""
    return re.sub(r"\\f[BIR]", "", text).replace("\\-", "-")


def read_page(file):
    """The page's headings of commands, and under each the options and the arguments that it describes."""
    found = {(): (set(), set())}
    at = None
    lines = file.read_text().splitlines()
    for number, line in enumerate(lines):
        if line == ".SH OPTIONS":
            at = ()
        elif line.startswith(".SS "):
            at = tuple(word for word in plain(line[4:]).split() if not re.fullmatch("[A-Z]+|file", word))
            found[at] = (set(), set())
        elif line.startswith(".SH "):
            at = None
        elif line == ".TP" and at is not None:
            entry = plain(lines[number + 1])
            options = set(re.findall(r"(?<!\S)--?[a-z][a-z-]*", entry))
            found[at][0].update(options)
            if not options:
                found[at][1].add(entry.split()[0])
    return found


class ManualTest(unittest.TestCase):
    maxDiff = None

    def test_pages_describe_every_command_and_option_and_no_other(self):
        for program in PROGRAMS:
            page = read_page(ROOT / f"docs/man/{program}.1")
            said = {command.path: (command.options - HELP if command.path else command.options, command.positionals)
                    for command in read_help(BIN / program).walk()}
            self.assertEqual(page, said, program)

    def test_pages_can_be_shown(self):
        for program in PROGRAMS:
            shown = subprocess.run(["man", "--warnings", "--encoding=utf8", "--local-file", ROOT / f"docs/man/{program}.1"],
                                   check=True, capture_output=True, text=True, env=dict(os.environ, MANPAGER="cat", MANWIDTH="100"))
            self.assertEqual(shown.stderr, "", program)
            self.assertIn(f"{program} - ", shown.stdout)


class CompletionTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="mmm-completion-")
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)
        (self.directory / "a-file").touch()
        self.environment = dict(os.environ, PATH=f"{BIN}:{os.environ['PATH']}", XDG_CONFIG_HOME=str(self.directory / "config"),
                                HOME=str(self.directory), TERM="dumb")

    def ask(self, *command):
        answer = subprocess.run(command, cwd=self.directory, env=self.environment, capture_output=True, text=True, timeout=60,
                                check=True, stdin=subprocess.DEVNULL)
        return answer.stdout.splitlines()

    def bash(self, *words):
        script = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _mmm; printf "%s\\n" "${COMPREPLY[@]}"'
        return {line for line in self.ask("bash", "-c", script, "bash", ROOT / "ops/completion/mmm.bash", *words) if line}

    def fish(self, *words):
        folder = self.directory / "config/fish/completions"
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "ops/completion/mmm.fish", folder / f"{words[0]}.fish")
        return {line.split("\t")[0] for line in self.ask("fish", "-c", "complete --do-complete $argv[1]", " ".join(words))}

    def zsh(self, *words):
        folder = self.directory / "zsh"
        folder.mkdir(exist_ok=True)
        for program in PROGRAMS:
            shutil.copy(ROOT / "ops/completion/mmm.zsh", folder / f"_{program}")
        script = ROOT / "tests/ops/complete.zsh"
        return set(self.ask("zsh", "-f", script, folder, " ".join(words)))

    maxDiff = None

    def compare(self, shell):
        for program in PROGRAMS:
            top = read_help(BIN / program)
            for command in top.walk():
                if command.commands:
                    self.assertEqual(shell(program, *command.path, ""), set(command.commands), (program, command.path))
                # Options of the commands above are its own as well.
                options = set(top.options)
                below = top
                for word in command.path:
                    below = below.commands[word]
                    options |= below.options
                offered = shell(program, *command.path, "--")
                self.assertEqual(offered, {option for option in options if option.startswith("--")}, (program, command.path))
        self.assertEqual(shell("mmm-sim", "load", "--compress", ""), {"none", "zstd"})
        self.assertEqual(shell("mmm-server", "--config", "a-"), {"a-file"})
        self.assertEqual(shell("mmm-server", "import", "a-"), {"a-file"})

    def test_bash(self):
        self.compare(self.bash)

    def test_fish(self):
        self.compare(self.fish)

    def test_zsh(self):
        self.compare(self.zsh)


if __name__ == "__main__":
    unittest.main(verbosity=2)
