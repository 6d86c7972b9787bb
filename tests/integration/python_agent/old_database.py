"""A database as the Python version's server makes it."""

import json
import sqlite3

SCHEMA = """
CREATE TABLE agents(agent_id TEXT PRIMARY KEY, location_name TEXT, location_lat REAL, location_lon REAL, last_seen TEXT,
  packet_count INTEGER, status TEXT);
CREATE TABLE packets(id INTEGER PRIMARY KEY AUTOINCREMENT, agent_id TEXT, timestamp TEXT, from_node TEXT, to_node TEXT,
  packet_id INTEGER, channel INTEGER, type TEXT, payload TEXT, rssi INTEGER, snr REAL, hop_limit INTEGER, want_ack BOOLEAN,
  import_time TEXT DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE nodes(node_id TEXT, agent_id TEXT, last_seen TEXT, battery_level INTEGER, position_lat REAL, position_lon REAL,
  rssi INTEGER, snr REAL, updated_at TEXT, PRIMARY KEY(node_id, agent_id));
CREATE TABLE user_info(node_id TEXT PRIMARY KEY, short_name TEXT, long_name TEXT, macaddr TEXT, hw_model TEXT, role TEXT,
  battery_level INTEGER, voltage REAL, channel_utilization REAL, air_util_tx REAL, uptime_seconds INTEGER, hops_away INTEGER,
  last_heard INTEGER, is_favorite BOOLEAN, is_licensed BOOLEAN, last_updated TEXT, first_seen_by_agent TEXT, data_source TEXT);
CREATE TABLE node_name_history(id INTEGER PRIMARY KEY AUTOINCREMENT, node_id TEXT, short_name TEXT, long_name TEXT,
  changed_at TEXT, changed_by_agent TEXT);
CREATE TABLE network_routes(id INTEGER PRIMARY KEY AUTOINCREMENT, discovery_id TEXT, source_node_id TEXT, target_node_id TEXT,
  agent_id TEXT, route_path TEXT, hop_count INTEGER, total_time_ms INTEGER, discovery_timestamp TEXT, response_timestamp TEXT,
  success BOOLEAN, UNIQUE(discovery_id, agent_id));
"""
PACKET = "INSERT INTO packets(agent_id, timestamp, from_node, to_node, packet_id, channel, type, payload, hop_limit, want_ack) VALUES(?,?,?,?,?,?,?,?,?,?)"


def make(path):
    database = sqlite3.connect(path)
    database.executescript(SCHEMA)
    database.execute("INSERT INTO agents VALUES('agent_001', 'Seattle Hub', 47.6, -122.3, '2025-10-14T12:00:00+00:00', 6, 'active')")
    add_packets(database, 0, 5)
    database.execute(
        "INSERT INTO user_info VALUES('!a1b2c3d4', 'BS', 'Base', '8CaBsWLU', 'HELTEC_V3', '0', 87, 4.05, 5.1, 0.7, 86400, 2, "
        "1760440000, 0, 0, '2025-10-14T12:00:00+00:00', 'agent_001', 'meshtastic_cmd')"
    )
    database.execute("INSERT INTO node_name_history(node_id, short_name, long_name, changed_at, changed_by_agent) "
                     "VALUES('!a1b2c3d4', 'OLD', 'Before', '2025-09-01T00:00:00+00:00', 'agent_001')")
    database.execute("INSERT INTO nodes VALUES('!a1b2c3d4', 'agent_001', '2025-10-14T11:00:00+00:00', 80, 47.6, -122.3, NULL, NULL, '')")
    database.execute("INSERT INTO network_routes(discovery_id, source_node_id, target_node_id, agent_id, route_path, success) "
                     "VALUES('uuid', '!11111111', '!22222222', 'agent_001', '[\"!11111111\", \"!11111111\"]', 1)")
    database.commit()
    return database


def add_packets(database, first, count):
    """Texts, heard one a minute."""
    for i in range(first, first + count):
        time = f"2025-10-14T10:{i:02d}:00.5+00:00"
        row = ("agent_001", time, "!a1b2c3d4", "^all", 1000 + i, 0, "text_message", json.dumps(f"text {i}"), 3, 0)
        database.execute(PACKET, row)
    database.commit()


def add_odd_packets(database):
    """Values that no server wrote."""
    for row in (
        (None, None, None, None, None, None, None, None, None, None),
        ("агент", "2099-01-01", "!a1b2c3d4", "", -1, "x", "position", '{"latitude": NaN', 3, "yes"),
        ("agent_001", b"\xff\xfe", b"\xff", "^all", 2**62, 0, "other", '{"a":1},"from_node":{"b":2}', 3, 0),
        ("agent_001", "2025-10-14T10:59:00", "!a1b2c3d4", "^all", 5, 0, "telemetry", '{"device_metrics":{"voltage":NaN}}', 3, 0),
        ("agent_001", "2025-10-14T10:59:30", "!a1b2c3d4", "^all", 6, 0, "text_message", "[" * 5000, 3, 0),
    ):
        database.execute(PACKET, row)
    database.commit()
