"""An agent of the Python version, as far as a server sees it: its requests byte for byte, its bodies with its oddities."""

import datetime
import json
import socket
import time

from wire import field, fixed32_field


class Answer:
    def __init__(self, raw):
        head, _, self.body = raw.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        self.status = int(lines[0].split()[1])
        self.headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}

    def json(self):
        return json.loads(self.body)


def iso(seconds_ago=0.0):
    """As the agent writes times: UTC with microseconds and offset."""
    now = datetime.datetime.fromtimestamp(time.time() - seconds_ago, datetime.timezone.utc)
    return now.isoformat(timespec="microseconds")


class PythonAgent:
    def __init__(self, port, key, agent_id="agent_001", slash=""):
        self.port = port
        self.key = key
        self.agent_id = agent_id
        self.slash = slash
        self.location = {"name": "Seattle Hub", "coordinates": [47.6062, -122.3321]}

    def post_text(self, path, text, key=None):
        """One connection, these headers in this order, then reads the answer to its end."""
        body = text.encode()
        head = (
            f"POST {self.slash}{path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nContent-Type: application/json\r\n"
            f"X-API-Key: {self.key if key is None else key}\r\nAccept: */*\r\nAccept-Encoding: gzip, deflate\r\n"
            f"User-Agent: Python/3.11 aiohttp/3.8.4\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as connection:
            connection.sendall(head.encode() + body)
            raw = b""
            while b"\r\n\r\n" not in raw or len(Answer(raw).body) < int(Answer(raw).headers.get("content-length", 0)):
                piece = connection.recv(65536)
                if not piece:
                    break
                raw += piece
        return Answer(raw)

    def post(self, path, body):
        return self.post_text(path, json.dumps(body))

    def register(self):
        return self.post("/api/agent/register", {"agent_id": self.agent_id, "location": self.location})

    def data(self, packets, node_status=None):
        body = {"agent_id": self.agent_id, "location": self.location, "timestamp": iso(), "packets": packets}
        if node_status is not None:
            body["node_status"] = node_status
        return self.post("/api/agent/data", body)

    def nodedb(self, nodes):
        return self.post("/api/agent/nodedb", {"agent_id": self.agent_id, "timestamp": iso(), "nodes": nodes})

    def routes(self, routes):
        body = {"agent_id": self.agent_id, "timestamp": iso(), "routes": routes, "discovery_type": "traceroute"}
        return self.post("/api/agent/routes", body)


def packet(kind, payload, packet_id, sender="!a1b2c3d4", to="^all", **other):
    entry = {"timestamp": iso(1), "from_node": sender, "to_node": to, "packet_id": packet_id, "channel": 0, "hop_limit": 3}
    return entry | {"want_ack": False, "rssi": None, "snr": None, "type": kind, "payload": payload} | other


def upload_of_text(agent_id, sender, packet_id, text):
    """The upload of an agent of ours that heard a text on the air."""
    data = field(1, 1) + field(2, text.encode())
    heard = fixed32_field(1, sender) + fixed32_field(2, 0xFFFFFFFF) + field(4, data) + fixed32_field(6, packet_id)
    heard += field(12, (1 << 64) - 80)  # rx_rssi
    record = field(1, 1) + field(2, int(time.time() * 1e6)) + field(3, 1) + field(4, field(2, heard))
    return field(1, field(1, agent_id.encode()) + field(2, b"s" * 16)) + field(2, record)


def captured_packets():
    """One of each kind, as captured from an agent."""
    return [
        packet("position", {"latitude": 47.6062, "longitude": -122.3321, "altitude": 56, "time": 1760440000}, 3735928559),
        packet(
            "telemetry",
            {"device_metrics": {"battery_level": 101, "voltage": 4.1, "channel_utilization": 3.5, "air_util_tx": 0.4, "uptime_seconds": 3600}},
            123456789,
        ),
        packet("user_info", {"id": "!a1b2c3d4", "long_name": None, "short_name": None, "macaddr": "8CaBsWLU"}, 123456790),
        packet("text_message", "hi", 123456791, to="!0badc0de", want_ack=True),
        packet("encrypted", None, 123456792, sender=None, channel=8),
        packet("routing", {"error_reason": None}, 123456793),
        packet("traceroute", {"route": ["!11111111"], "back": []}, 123456794),
        packet("other", {"portnum": "NEIGHBORINFO_APP", "payload": "0811"}, 123456795),
    ]


def captured_status():
    return [
        {"node_id": "!a1b2c3d4", "last_seen": iso(1), "battery_level": 87, "position": [47.6062, -122.3321], "rssi": None, "snr": None}
    ]


def captured_nodedb(last_heard):
    return {
        "!a1b2c3d4": {
            "user": {"id": "!a1b2c3d4", "longName": "Base", "shortName": "BS", "macaddr": "8CaBsWLU", "hwModel": "HELTEC_V3", "role": "ROUTER", "isLicensed": False},
            "position": {"latitude": 47.6062, "longitude": -122.3321, "altitude": 56, "time": 1760440000},
            "deviceMetrics": {"batteryLevel": 87, "voltage": 4.05, "channelUtilization": 5.1, "airUtilTx": 0.7, "uptimeSeconds": 86400},
            "hopsAway": 1,
            "lastHeard": last_heard,
            "isFavorite": False,
        },
        "!0badc0de": {"user": {}, "position": {}, "deviceMetrics": {}, "hopsAway": None, "lastHeard": None, "isFavorite": False},
    }


def captured_routes():
    route = {"discovery_id": "uuid4", "source_node_id": "!11111111", "target_node_id": "!22222222", "agent_id": "agent_001"}
    route |= {"route_path": ["!11111111", "!33333333", "!11111111"], "hop_count": 2, "route_back": [], "total_time_ms": 4200}
    route |= {"discovery_timestamp": iso(5), "response_timestamp": iso(1), "success": True, "channel_index": 0}
    return [route | {"snr_towards": [6.0, -32.0], "snr_back": [], "discovery_method": "meshtastic_traceroute"}]
