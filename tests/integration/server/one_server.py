"""A test of one server over its port, with a key for every agent."""

from mesh_site import Api
from processes import BIN, ProgramTest, wait_until

KEY = "one-server-test-key"


class OneServerTest(ProgramTest):
    def start_server(self, metrics="enabled = false", more=""):
        self.config = self.directory / "server.ini"
        self.config.write_text(
            f"[server]\nport = 0\ndata_dir = {self.directory / 'data'}\n[metrics]\n{metrics}\n[api_keys]\nall = {KEY}\n{more}"
        )
        # Each start has files of its own: the port is read from what this one says.
        self.server = self.program(f"server-{len(self.programs)}", [BIN / "mmm-server", "--config", self.config]).start()
        found = self.server.wait_for_output(r"serves http://127\.0\.0\.1:(\d+)/", path=self.server.stderr_path)
        self.port = int(found[1])
        self.api = Api(self.port)
        self.addCleanup(self.api.close)

    def load(self, records, agents, nodes, batch):
        """What a fleet of agents has to say, until the index has it."""
        code, _, err = self.run_to_end(
            [BIN / "mmm-sim", "load", "--server", f"http://127.0.0.1:{self.port}", "--key", KEY]
            + ["--records", records, "--agents", agents, "--nodes", nodes, "--batch", batch]
        )
        self.assertEqual(code, 0, err)
        self.wait_until_projected()

    def wait_until_projected(self):
        wait_until(
            lambda: self.api.get("/api/v1/stats")["projection"]["lag_records"] == 0, "the index follows", alive=(self.server,)
        )
