"""What a test of deployments stands for: a hash over every file that it depends on. The lists are here and nowhere else."""

import hashlib
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PASSED = ROOT / "tests/ops/passed"

CONTAINERS = [
    ".dockerignore", ".env.example", "config", "docker-compose*.yml", "docker-stack.yml",
    "ops/deps", "ops/docker", "ops/fleet", "ops/install-deps",
]  # fmt: skip
PACKAGES = [
    "cmake/packages.cmake", "cmake/toolchain-arm64.cmake", "docs/man", "agent/sample_config.ini", "ingest/sample_config.ini",
    "ops/arm64", "ops/completion", "ops/debian", "ops/deps", "ops/install-deps", "ops/make-sysroot", "ops/package", "ops/systemd",
]  # fmt: skip
WATCHING = ["docs/runbook.md", "ops/alertmanager", "ops/grafana", "ops/logs", "ops/observability", "ops/prometheus"]
DEPENDS_ON = {
    "alert_routes": ["ops/alertmanager", "ops/prometheus"],
    "alert_rules": WATCHING,
    "arm64": PACKAGES,
    "bad_input": CONTAINERS,
    "compose": CONTAINERS,
    "dashboards": [*WATCHING, "metrics"],
    "demo": CONTAINERS,
    "devices": CONTAINERS,
    "fleet": CONTAINERS,
    "images": CONTAINERS,
    "manual": [*PACKAGES, "agent/main.cpp", "ingest/*.cpp", "perf/sim", "tests/ops/complete.zsh"],
    "migration": [*PACKAGES, "docs/migration.md", "tests/ops/python_server.py"],
    "multi_agent": CONTAINERS,
    "observability": [*WATCHING, "metrics", "tests/ops/silent_queries.txt"],
    "observability_compose": [*WATCHING, *CONTAINERS],
    "packages": PACKAGES,
    "swarm": CONTAINERS,
    "workflows": [".github", "ops", "tests/ops/run"],
}


def own_files(name):
    """The test's own file, and those of this folder that it imports, and they."""
    found, left = set(), [f"test_{name}"]
    while left:
        path = ROOT / "tests/ops" / f"{left.pop()}.py"
        if path in found or not path.exists():
            continue
        found.add(path)
        left += re.findall(r"^(?:from|import) (\w+)", path.read_text(), re.MULTILINE)
    return {str(path.relative_to(ROOT)) for path in found}


def files(name):
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *DEPENDS_ON[name]],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return sorted({path for path in listed.stdout.splitlines() if (ROOT / path).is_file()} | own_files(name))


def fingerprint(name):
    total = hashlib.sha256()
    for path in files(name):
        content = (ROOT / path).read_bytes()
        total.update(f"{path} {len(content)} {(ROOT / path).stat().st_mode & 0o100}\n".encode() + content)
    return total.hexdigest()


def passed():
    """What is noted: test to fingerprint."""
    return dict(line.split() for line in PASSED.read_text().splitlines()) if PASSED.exists() else {}


def record(name, its_fingerprint):
    noted = passed() | {name: its_fingerprint}
    PASSED.write_text("".join(f"{test} {noted[test]}\n" for test in sorted(noted)))
