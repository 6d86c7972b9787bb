"""A whole installation for a test: one simulated mesh, its radios, an agent beside each, and one server."""

import http.client
import json
import re
import socket
import sqlite3
import types
import urllib.parse
import urllib.request

from processes import BIN, wait_until


def free_port():
    """A port that was free a moment ago: for programs that must come back on the same port after they were killed."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Api:
    """GETs JSON from the server over one kept connection."""

    def __init__(self, port):
        self.port = port
        self.connection = None

    def get(self, path, **query):
        """The parsed answer; raises AssertionError on another status than 200."""
        status, body = self.request(path, **query)
        assert status == 200, f"GET {path} {query}: {status} {body[:300]!r}"
        return json.loads(body)

    def request(self, path, **query):
        if query:
            path += "?" + urllib.parse.urlencode(query)
        status, _, body = self.exchange("GET", path)
        return status, body

    def exchange(self, method, target, headers=None, body=None):
        """(status, content type, body), of a stream without its body. As often as the server closes, on another connection."""
        for attempt in (1, 2):
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            try:
                self.connection.putrequest(method, target, skip_accept_encoding=True)
                for name, value in (headers or {}).items():
                    self.connection.putheader(name, value)
                if body is not None:
                    self.connection.putheader("Content-Length", str(len(body)))
                self.connection.endheaders(body)
                response = self.connection.getresponse()
                content_type = response.getheader("Content-Type", "")
                if content_type.startswith("text/event-stream"):
                    self.close()
                    return response.status, content_type, b""
                answer = response.status, content_type, response.read()
                if response.will_close:
                    self.close()
                return answer
            except (OSError, http.client.HTTPException):
                self.close()
                if attempt == 2:
                    raise
        raise AssertionError("unreachable")

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def pages(self, path, member, **query):
        """All rows of a paged list, following next_cursor to the end."""
        rows = []
        cursor = None
        while True:
            page = self.get(path, **dict(query, limit=1000, **({"cursor": cursor} if cursor else {})))
            rows += page[member]
            cursor = page.get("next_cursor")
            if not cursor:
                return rows

    def ready(self):
        try:
            return self.request("/readyz")[0] == 200
        except (OSError, http.client.HTTPException):
            return False


class Site:
    """Writes the configuration files and makes the programs; the test starts, kills and stops them."""

    KEY = "e2e-key-0123456789abcdef0123456789abcdef"

    def __init__(self, test, agents):
        self.test = test
        self.directory = test.directory
        self.port = free_port()
        self.api = Api(self.port)
        self.agent_ids = [f"site-{number}" for number in range(1, agents + 1)]
        self.data_directory = self.directory / "server"
        self.server_config = self.directory / "server_config.ini"
        self.server_config.write_text(
            f"[server]\nhost = 127.0.0.1\nport = {self.port}\nsite_name = End to end\ndata_dir = {self.data_directory}\n"
            "[metrics]\nbind = 127.0.0.1\nport = 0\n"
            "[api_keys]\n" + "".join(f"{agent} = {self.KEY}-{agent}\n" for agent in self.agent_ids)
        )
        self.server = test.program("server", [BIN / "mmm-server", "--config", self.server_config])
        self.agents = {}

    @classmethod
    def named(cls, test, name, agents):
        """One of several of a test: in a folder of its own, its programs called after it."""
        directory = test.directory / name
        directory.mkdir()
        place = types.SimpleNamespace(
            directory=directory,
            program=lambda program, arguments: test.program(f"{name}-{program}", arguments),
            run_to_end=test.run_to_end,
        )
        return cls(place, agents)

    def add_agent(self, agent_id, radio_port, metrics_port=0):
        directory = self.directory / agent_id
        directory.mkdir()
        config = directory / "multi_agent_config.ini"
        config.write_text(
            f"[agent]\nid = {agent_id}\nlocation_name = Site {agent_id}\nlocation_lat = 48.1\nlocation_lon = 11.5\n"
            f"database_dir = {directory}\n"
            f"[meshtastic]\nconnection_type = tcp\ntcp_host = 127.0.0.1:{radio_port}\n"
            f"[server_main]\nurl = http://127.0.0.1:{self.port}\napi_key = {self.KEY}-{agent_id}\nenabled = true\n"
            f"report_interval = 1\n[metrics]\nbind = 127.0.0.1\nport = {metrics_port}\n"
        )
        self.agents[agent_id] = self.test.program(agent_id, [BIN / "mmm-agent", "--config", config])
        return self.agents[agent_id]

    def start_server(self):
        self.server.start()
        wait_until(self.api.ready, "the server answers /readyz", alive=(self.server,))

    def buffer_path(self, agent_id):
        found = sorted((self.directory / agent_id).glob("*buffer*.db"))
        assert len(found) == 1, f"one buffer of {agent_id} expected, found {found}"
        return found[0]

    @staticmethod
    def buffered_records(metrics_port):
        """How many records the agent still has to deliver, from its metrics; None while it does not answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{metrics_port}/metrics", timeout=10) as response:
                text = response.read().decode()
        except OSError:
            return None
        values = re.findall(r"^mmm_agent_buffer_records(?:\{[^}]*\})? (\S+)$", text, re.MULTILINE)
        assert values, "the agent has no metric mmm_agent_buffer_records"
        return sum(float(value) for value in values)

    def export(self):
        """Every record of the packet log, as `mmm-server export` prints it; the server must be stopped."""
        code, out, err = self.test.run_to_end([BIN / "mmm-server", "export", "--config", self.server_config])
        assert code == 0, err
        return [json.loads(line) for line in out.splitlines()]

    def reindex(self):
        code, _, err = self.test.run_to_end([BIN / "mmm-server", "reindex", "--config", self.server_config], seconds=600)
        assert code == 0, err


def dump_tables(path):
    """Every row of every table of an SQLite file, by table name, in a stable order."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        names = [
            row[0]
            for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
            # How the words are packed depends on the transactions that brought them.
            if not row[0].startswith("messages_fts_")
        ]
        return {name: sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr) for name in sorted(names)}
    finally:
        connection.close()
