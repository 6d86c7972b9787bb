"""A Docker engine of the tests' own: started when a test first needs it, with the images of this checkout built in it.

It shares nothing with an engine of this machine: data, socket and process file are in folders of its own.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from processes import Failed, wait_until

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "build/ops-engine"
BASE = "debian:bookworm-slim"
# What Debian's own slim image leaves out.
SLIM = [
    "path-exclude=/usr/share/doc/*", "path-include=/usr/share/doc/*/copyright", "path-exclude=/usr/share/man/*",
    "path-exclude=/usr/share/locale/*", "path-exclude=/usr/share/info/*", "path-exclude=/usr/share/lintian/*",
]

keep = False
_running = None


class Engine:
    def __init__(self):
        # Short, for paths of sockets are.
        self.folder = Path(tempfile.mkdtemp(prefix="mmm-ops-"))
        self.state = KEPT if keep else self.folder / "state"
        self.state.mkdir(parents=True, exist_ok=True)
        self.socket = self.folder / "docker.sock"
        # Debian's own client: one of another origin may need plugins to build.
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("DOCKER_", "COMPOSE_"))},
            "PATH": f"/usr/sbin:/usr/bin:/sbin:/bin:{os.environ['PATH']}",
            "DOCKER_HOST": f"unix://{self.socket}",
            "DOCKER_CONFIG": str(self.folder / "config"),
        }
        self.log = open(self.folder / "dockerd.log", "wb")
        self.process = subprocess.Popen(
            # It ends with the tests, whatever ends them.
            ["setpriv", "--pdeathsig", "TERM", "dockerd", "--data-root", self.state / "data", "--exec-root", self.folder / "exec",
             "--pidfile", self.folder / "docker.pid", "--host", self.environment["DOCKER_HOST"]],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, env=self.environment,
            # Ctrl-C is for the tests; they stop the engine after their containers.
            start_new_session=True,
        )
        try:
            wait_until(self.answers, "the engine answers")
            self.import_base()
            self.version = self.build()
        except BaseException:
            self.stop()
            raise

    def answers(self):
        if self.process.poll() is not None:
            raise Failed(f"dockerd ended with {self.process.returncode}:\n" + self.log_end())
        return self.run(["docker", "version"], check=False).returncode == 0

    def log_end(self):
        return "\n".join((self.folder / "dockerd.log").read_text(errors="replace").splitlines()[-15:])

    def run(self, command, check=True, seconds=600, **options):
        """Runs a program against this engine; the result has both outputs as text."""
        options.setdefault("cwd", ROOT)
        options.setdefault("stdin", subprocess.DEVNULL)
        options["env"] = {**self.environment, **options.pop("env", {})}
        result = subprocess.run(
            [str(word) for word in command], capture_output=True, text=True, errors="replace", timeout=seconds, check=False, **options
        )
        if check and result.returncode != 0:
            raise Failed(f"{command} ended with {result.returncode}:\n{(result.stdout + result.stderr)[-4000:]}")
        return result

    def docker(self, *words, **options):
        return self.run(["docker", *words], **options).stdout.strip()

    def import_base(self):
        if self.docker("images", "--quiet", BASE):
            return
        archive = self.state / "base.tar"
        options = [f"--dpkgopt={option}" for option in SLIM]
        self.run(["mmdebstrap", "--quiet", "--variant=minbase", *options, "bookworm", archive], seconds=1800)
        self.docker("import", "--change", 'CMD ["bash"]', archive, BASE)
        archive.unlink()

    def build(self):
        """The images of this checkout, as their users build them. Returns their version."""
        output = self.run([ROOT / "ops/fleet", "build"], seconds=7200).stdout
        names = [line.split()[1] for line in output.splitlines() if line.startswith("building ")]
        return names[0].rpartition(":")[2]

    def stop(self):
        if self.process.poll() is None:
            containers = self.run(["docker", "ps", "--all", "--quiet"], check=False).stdout.split()
            if containers:
                self.run(["docker", "rm", "--force", "--volumes", *containers], check=False)
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()
        # The engine leaves its own mounts when it is killed.
        for line in reversed(Path("/proc/mounts").read_text().splitlines()):
            if line.split()[1].startswith(str(self.folder)):
                subprocess.run(["umount", "--lazy", line.split()[1]], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


def shared():
    """The engine of this run."""
    global _running
    if _running is None:
        _running = Engine()
    return _running


def stop():
    global _running
    if _running is not None:
        _running.stop()
        _running = None
