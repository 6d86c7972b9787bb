"""Reads what the simulator says it delivered: the oracle."""

import json
from collections import defaultdict

import wire

SIMULATOR_PORT = 69


class Truth:
    def __init__(self, path):
        self.lines = defaultdict(list)
        with open(path, encoding="utf-8") as file:
            for line in file:
                entry = json.loads(line)
                self.lines[entry["type"]].append(entry)

    @property
    def packets(self):
        return self.lines["packet"]

    def heard(self):
        """The packets heard on the air: neither cached data, nor the radio's own, nor the simulated radio's doubles."""
        return [p for p in self.packets if not (p["replay"] or p["simulated"] or p["own"])]

    def of_radio(self, number):
        return [p for p in self.packets if p["radio"] == number]

    def receptions_by_packet(self):
        """(from, id) → receptions, for packets that have an id."""
        packets = defaultdict(list)
        for packet in self.heard():
            if packet["id"] != 0:
                packets[packet["from"], packet["id"]].append(packet)
        return packets

    def node_numbers(self):
        """Every node that a packet came from or a radio's node list named."""
        numbers = {p["from"] for p in self.packets if not p["simulated"]}
        numbers |= {n["num"] for n in self.lines["node_info"]}
        return numbers

    def positions(self):
        """node → the set of (latitude_i, longitude_i) that it sent and a radio delivered."""
        positions = defaultdict(set)
        for packet in self.packets:
            if packet["port"] != 3 or packet["encrypted"] or packet["malformed"] or packet["simulated"]:
                continue
            position = wire.message(bytes.fromhex(packet["payload_hex"]))
            if 1 in position and 2 in position:
                positions[packet["from"]].add((wire.sfixed32(position[1]), wire.sfixed32(position[2])))
        return positions

    def secrets(self):
        return [(s["name"], bytes.fromhex(s["hex"])) for s in self.lines["secret"]]
