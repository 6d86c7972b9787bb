"""Stands in for the Python version's server: its upload paths, its answers, its database. python_server.py CONFIG.

It stores as the original does, with its tables and its loose ways: any of the keys serves any agent, rows are not compared
with earlier ones, and a body that fails in the middle leaves what came before.
"""

import configparser
import http.server
import json
import sqlite3
import sys

PACKET_FIELDS = ("timestamp", "from_node", "to_node", "packet_id", "channel", "type", "payload", "rssi", "snr", "hop_limit",
                 "want_ack")
SCHEMA = """
CREATE TABLE IF NOT EXISTS agents(agent_id TEXT PRIMARY KEY, location_name TEXT, location_lat REAL, location_lon REAL,
  last_seen TEXT, packet_count INTEGER, status TEXT);
CREATE TABLE IF NOT EXISTS packets(id INTEGER PRIMARY KEY AUTOINCREMENT, agent_id TEXT, timestamp TEXT, from_node TEXT,
  to_node TEXT, packet_id INTEGER, channel INTEGER, type TEXT, payload TEXT, rssi INTEGER, snr REAL, hop_limit INTEGER,
  want_ack BOOLEAN, import_time TEXT DEFAULT CURRENT_TIMESTAMP);
"""


class Server:
    def __init__(self, config_file):
        config = configparser.ConfigParser()
        config.read(config_file)
        self.address = (config["server"]["host"], config.getint("server", "port"))
        self.keys = set(config["api_keys"].values())
        self.database = sqlite3.connect(config["database"]["path"])
        self.database.executescript(SCHEMA)

    def register(self, body):
        latitude, longitude = body["location"]["coordinates"]
        self.database.execute("INSERT OR REPLACE INTO agents VALUES(?, ?, ?, ?, datetime('now'), 0, 'active')",
                              (body["agent_id"], body["location"]["name"], latitude, longitude))
        return {"status": "success", "agent_id": body["agent_id"]}

    def data(self, body):
        marks = ", ".join("?" * (len(PACKET_FIELDS) + 1))
        for packet in body.get("packets", []):
            values = [packet.get(field) for field in PACKET_FIELDS]
            values[PACKET_FIELDS.index("payload")] = json.dumps(packet.get("payload"))
            self.database.execute(f"INSERT INTO packets(agent_id, {', '.join(PACKET_FIELDS)}) VALUES({marks})",
                                  [body["agent_id"], *values])
        return {"status": "success", "received": len(body.get("packets", []))}

    @staticmethod
    def nodedb(body):
        return {"status": "success", "updated": len(body["nodes"])}


def handler_of(server):
    routes = {"/api/agent/register": server.register, "/api/agent/data": server.data, "/api/agent/nodedb": server.nodedb}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("X-API-Key") not in server.keys:
                self.answer(401, {"error": "Invalid API key"})
            elif self.path not in routes:
                self.answer(404, {})
            else:
                try:
                    answer = routes[self.path](json.loads(body))
                except (KeyError, TypeError, ValueError) as error:
                    self.answer(400, {"error": str(error)})
                    return
                server.database.commit()
                self.answer(200, answer)

        def answer(self, status, content):
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


if __name__ == "__main__":
    SERVER = Server(sys.argv[1])
    http.server.HTTPServer(SERVER.address, handler_of(SERVER)).serve_forever()
