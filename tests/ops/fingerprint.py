"""What tests/ops/run stands for: a hash over every file that its tests depend on. The list is here and nowhere else."""

import hashlib
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PASSED = ROOT / "tests/ops/passed"

DEPENDS_ON = [
    ".dockerignore",
    ".env.example",
    ".github",
    "cmake/packages.cmake",
    "cmake/toolchain-arm64.cmake",
    "config",
    "docker-compose*.yml",
    "docker-stack.yml",
    "docs/man",
    "docs/migration.md",
    "ops/arm64",
    "ops/completion",
    "ops/debian",
    "ops/deps",
    "ops/docker",
    "ops/fleet",
    "ops/install-deps",
    "ops/make-sysroot",
    "ops/package",
    "ops/systemd",
    "tests/ops",
]


def files():
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *DEPENDS_ON],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )
    return sorted({name for name in listed.stdout.splitlines() if (ROOT / name).is_file() and ROOT / name != PASSED})


def fingerprint():
    total = hashlib.sha256()
    for name in files():
        content = (ROOT / name).read_bytes()
        total.update(f"{name} {len(content)} {(ROOT / name).stat().st_mode & 0o100}\n".encode() + content)
    return total.hexdigest()


def has_passed():
    return PASSED.exists() and PASSED.read_text().split()[:1] == [fingerprint()]


def record():
    PASSED.write_text(fingerprint() + "\n")
