"""The packages of this tree for tests: made by ops/package, and a next version of them."""

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROLES = ("server", "agent")  # those with a service


def made_packages(arch):
    """The .deb files by package name. MMM_PACKAGES names a folder that has them already."""
    folder = os.environ.get("MMM_PACKAGES")
    if folder is None:
        folder = ROOT / "build/packages"
        subprocess.run([ROOT / "ops/package", "--arch", arch, "--out", folder], check=True, timeout=7200,
                       stdout=subprocess.DEVNULL)
    found = {}
    for name in ("mmm-server", "mmm-agent", "mmm-sim"):
        files = sorted(Path(folder).glob(f"{name}_*_{arch}.deb"))
        assert len(files) == 1, f"one package {name} for {arch} expected in {folder}, found {files}"
        found[name] = files[0]
    return found


def field_of(package, field):
    return subprocess.run(["dpkg-deb", "--field", package, field], check=True, capture_output=True, text=True).stdout.strip()


def dependencies_of(packages):
    """The names of what packages depend on, but for each other: the clean system has no network to fetch them."""
    names = {re.split(r"[ (|:]", part.strip())[0] for package in packages for part in field_of(package, "Depends").split(",")}
    return sorted(names - {field_of(package, "Package") for package in packages} - {""})


def make_next(package, folder, version, change):
    """A package as a later release would be: `change` is called with the folder of its unpacked files."""
    tree = Path(folder) / "tree"
    subprocess.run(["dpkg-deb", "--raw-extract", package, tree], check=True)
    control = tree / "DEBIAN/control"
    lines = [f"Version: {version}" if line.startswith("Version:") else line for line in control.read_text().splitlines()]
    control.write_text("\n".join(lines) + "\n")
    change(tree)
    subprocess.run(["dpkg-deb", "--build", "--root-owner-group", "-Zgzip", "-z1", tree, folder], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["rm", "-rf", tree], check=True)
