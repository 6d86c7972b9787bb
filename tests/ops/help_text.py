"""What a program says of itself with --help, as a tree of commands: the measure for manual pages and completions."""

import re
import subprocess
from dataclasses import dataclass, field

SECTION = re.compile(r"^[A-Z]\w*:$")
ENTRY = re.compile(r"^  (\S+)")


@dataclass
class Command:
    path: tuple
    options: set = field(default_factory=set)
    positionals: set = field(default_factory=set)
    commands: dict = field(default_factory=dict)

    def walk(self):
        yield self
        for command in self.commands.values():
            yield from command.walk()


def read_help(program, path=()):
    text = subprocess.run([program, *path, "--help"], check=True, capture_output=True, text=True).stdout
    command = Command(path)
    section = None
    for line in text.splitlines():
        entry = ENTRY.match(line)
        if SECTION.match(line):
            section = line
        elif section == "Options:" and entry:
            command.options.update(entry[1].split(","))
        elif section == "Positionals:" and entry:
            command.positionals.add(entry[1])
        elif section == "Subcommands:" and entry:
            command.commands[entry[1]] = read_help(program, (*path, entry[1]))
    return command
