"""Takes log lines as a collector does: an object a line over TCP."""

import json
import socketserver
import threading


class Collector:
    def __init__(self):
        self.lines = []
        collector = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                for line in self.rfile:
                    collector.lines.append(json.loads(line))

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            # A program that still has its connection holds nobody up.
            block_on_close = False

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
