"""Rules of the sources that no compiler checks. Prints FILE:LINE: what is wrong, for each breach, and fails.

Run alone: python3 tests/tidy/check_sources.py
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

# What each folder may include besides itself; the longest prefix of a file's path counts. tests and perf may include all.
ARROWS = {
    "metrics": [],
    "core/base": [],
    "core/sqlite": ["core/base"],
    "core/log": ["core/base"],
    "core/config": ["core/base"],
    "core/async": ["core/base", "core/log"],
    "core/http": ["core/base", "core/log", "core/async", "metrics"],
    "core/log_shipping": ["core/base", "core/log", "core/config", "core/async", "core/http", "metrics"],
    "core/mesh": ["core/base"],
    "core/upload": ["core/base"],
    "core/python": ["core/base", "core/mesh"],
    "core/store": ["core/base", "core/log", "core/async", "core/sqlite", "core/mesh", "core/upload", "metrics"],
    "agent": ["core", "metrics"],
    "ingest": ["core", "metrics"],
    "ingest/main.cpp": ["ingest", "dashboard", "core", "metrics"],
    "dashboard": ["core", "metrics"],
    "perf/sim": ["core", "metrics"],
    "perf": [""],
    "tests": [""],
}

LINES_MAX = {".css": 700}
LINES_MAX_DEFAULT = 400
GENERATED = ".d.ts"
SOURCES = {".cpp", ".h"}
SCRIPTS = {".py", ".sh", ".cmake", ".mjs", ".ts", ".tsx", ".css", ".proto"}
PATH_START = re.compile(r"^(agent|core|dashboard|ingest|metrics|perf|tests)/")
INCLUDE = re.compile(r'^\s*#include\s+(["<])([^">]+)[">]')

# (pattern, where it is allowed, why): patterns that must not stand in .cpp and .h files.
FORBIDDEN = [
    (
        r"\b(system_clock|steady_clock)::now\(|\bsteady_timer\b",
        r"core/base/time\.cpp|core/async/.*|core/http/.*|perf/sim/radio/wakeup\.h|perf/(?!sim/).*|tests/.*",
        "take the time from a TimeSource (core/async/time_source.h), so that tests can run on virtual time",
    ),
    (
        r"\bco_spawn\b|\bdetached\b",
        r"core/async/.*|core/http/.*|ingest/control/ask\.cpp|tests/.*|perf/(?!sim/).*",
        "spawn through a TaskGroup (core/async/task_group.h), which waits for what it started",
    ),
    (r"catch \(\.\.\.\)", r"core/async/.*|tests/.*", "name what is caught: this hides bugs"),
    (r"#include <boost/(asio|beast)\.hpp>", r"core/separate_compilation/.*", "include what is used: this costs seconds"),
    (r"#include <boost/beast", r"core/http/.*|core/separate_compilation/.*|tests/.*", "Beast stops at core/http"),
    (r"#include <spdlog/", r"core/log/log\.cpp", "spdlog stops at core/log/log.cpp: its headers cost seconds"),
    (r'"mmm_(agent|server)_\w+"', r"metrics/catalog_\w+\.h|tests/.*", "metrics are named in metrics/catalog_*.h only"),
    (
        r"\bstd::(thread|async)\b",
        r"core/.*|ingest/project.*|dashboard/live/.*|tests/.*|perf/.*",
        "each thread has its place: use core's pools and contexts",
    ),
    (r"\busing namespace (?!std::\w+_literals\b)", r"tests/.*", "name what is used"),
]
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


def tracked():
    """Files of the project, those not yet added too."""
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.splitlines()
    return [name for name in sorted(set(names)) if (ROOT / name).is_file()]


def folder_of(name):
    """The longest key of ARROWS that the path starts with."""
    return max((key for key in ARROWS if name == key or name.startswith(key + "/")), key=len, default=None)


def check_arrow(name, included):
    """Why this include goes against the arrows, or None."""
    folder = folder_of(name)
    if folder is None or not PATH_START.match(included):
        return None
    allowed = [folder, *ARROWS[folder]]
    if any(prefix == "" or included.startswith(prefix + "/") for prefix in allowed):
        return None
    return f"{folder} must not include {included}; of ours it may include {', '.join(allowed)}"


def without_comments(lines):
    """The lines of C++ code, blank where a comment stands."""
    return [re.sub(r"(^|\s)//.*", "", line) for line in lines]


def own_header_first(name, lines):
    """A .cpp includes the header of its own name first, which shows that the header stands alone."""
    header = name[: -len(".cpp")] + ".h"
    if not (ROOT / header).is_file():
        return None
    for number, line in enumerate(lines, 1):
        found = INCLUDE.match(line)
        if found:
            return None if found[2] == header else (number, f'#include "{header}" must stand first')
    return 1, f'#include "{header}" is missing'


def check_source(name, lines):
    code = without_comments(lines)
    if name.endswith(".h"):
        first = next((line for line in code if line.strip()), "")
        if first.strip() != "#pragma once":
            yield 1, "a header starts with #pragma once"
    else:
        breach = own_header_first(name, lines)
        if breach:
            yield breach
    for number, line in enumerate(code, 1):
        found = INCLUDE.match(line)
        if found:
            breach = check_arrow(name, found[2])
            if breach:
                yield number, breach
        for pattern, allowed, why in FORBIDDEN:
            if re.search(pattern, line) and not re.fullmatch(allowed, name):
                yield number, f"{re.search(pattern, line)[0]}: {why}"


def check_text(name, lines):
    lines_max = LINES_MAX.get(pathlib.PurePath(name).suffix, LINES_MAX_DEFAULT)
    if len(lines) > lines_max and not name.endswith(GENERATED):
        yield lines_max, f"{len(lines)} lines; a file has at most {lines_max}: part it"
    for number, line in enumerate(lines, 1):
        if UNFINISHED.search(line) and name != "tests/tidy/check_sources.py":
            yield number, "finish it, or write an issue: marks of unfinished work do not stay in the sources"


def check_documents():
    """Links between documents lead somewhere, and every package has its reason in docs/dependencies.md."""
    documents = [name for name in tracked() if name.endswith(".md") and not name.startswith("tests/fixtures/")]
    for name in documents:
        for number, line in enumerate((ROOT / name).read_text().splitlines(), 1):
            for target in re.findall(r"\]\(([^)#]+)[^)]*\)", line):
                if "://" not in target and not ((ROOT / name).parent / target).exists():
                    yield f"{name}:{number}: the link {target} leads nowhere"
    reasons = (ROOT / "docs/dependencies.md").read_text()
    for number, line in enumerate((ROOT / "ops/deps").read_text().splitlines(), 1):
        if line and not line.startswith("#") and f"`{line.split()[1]}`" not in reasons:
            yield f"ops/deps:{number}: {line.split()[1]} is not in docs/dependencies.md, with the reason why it is needed"


def breaches():
    for name in tracked():
        suffix = pathlib.PurePath(name).suffix
        is_script = suffix in SCRIPTS or name.startswith("ops/") and suffix == ""
        if suffix not in SOURCES and not is_script or name.startswith("tests/fixtures/"):
            continue
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        for number, what in check_text(name, lines):
            yield f"{name}:{number}: {what}"
        if suffix in SOURCES:
            for number, what in check_source(name, lines):
                yield f"{name}:{number}: {what}"
    yield from check_documents()


def main():
    found = list(breaches())
    print("\n".join(found) or "the sources keep all rules")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
