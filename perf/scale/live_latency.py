"""How long after its upload a packet is seen on the live stream: uploads of one record, and a client that listens."""

import os
import re
import socket
import threading
import time

import keep_alive
import server_process

NODE = 0x5CA1AB1E
WAIT_SECONDS = 10
PROBE = re.compile(rb"probe (\d+)")


def varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def number(field, value):
    return varint(field << 3) + varint(value)


def text(field, value):
    return varint(field << 3 | 2) + varint(len(value)) + value


def fixed(field, value):
    return varint(field << 3 | 5) + value.to_bytes(4, "little")


def upload(stream, seq, packet_id):
    """An UploadRequest (core/upload/upload.proto) with one text message."""
    now_us = int(time.time() * 1e6)
    header = text(1, b"live-probe") + text(2, stream) + number(6, now_us)
    data = number(1, 1) + text(2, f"probe {packet_id}".encode())
    packet = fixed(1, NODE) + fixed(2, 0xFFFFFFFF) + text(4, data) + fixed(6, packet_id) + fixed(7, now_us // 1_000_000)
    packet += number(9, 3) + number(15, 3) + number(21, 1)  # hop limit, hop start, heard over the air
    record = number(1, seq) + number(2, now_us) + number(3, 1) + text(4, text(2, packet))
    return text(1, header) + text(2, record)


class Listener(threading.Thread):
    """Notes when the probes' events come."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.seen = {}
        self.events = 0
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=WAIT_SECONDS)
        self.socket.sendall(b"GET /api/v1/live HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n")
        # The stream begins with its first bytes: what was applied before is not sent.
        self.rest = self.socket.recv(1 << 18)
        time.sleep(1)

    def run(self):
        rest = self.rest
        while True:
            try:
                piece = self.socket.recv(1 << 18)
            except OSError:
                return
            now = time.perf_counter()
            if not piece:
                return
            rest += piece
            lines = rest.split(b"\n")
            rest = lines.pop()
            for line in lines:
                self.events += line.startswith(b"event:")
                at = line.find(b"probe ")
                if at >= 0 and line.startswith(b"data:"):
                    self.seen.setdefault(int(PROBE.search(line)[1]), now)

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.join()


def measure(port, count, pause):
    """Seconds from sending an upload until its event, for `count` uploads; None for those that were not seen."""
    listener = Listener(port)
    listener.start()
    connection = keep_alive.Connection(port)
    stream = os.urandom(16)
    headers = ["Content-Type: application/x-protobuf", f"Authorization: Bearer {server_process.KEY}"]
    sent = {}
    first = int(time.time()) % 1_000_000 * 1000 + 1
    for seq in range(1, count + 1):
        packet_id = first + seq
        body = upload(stream, seq, packet_id)
        sent[packet_id] = time.perf_counter()
        status, answer, _ = connection.ask("/api/v1/ingest", "POST", body, headers)
        if status != 200:
            raise SystemExit(f"a probe is answered {status}: {answer[:300]}")
        time.sleep(pause)
    end = time.monotonic() + WAIT_SECONDS
    while len(listener.seen) < count and time.monotonic() < end:
        time.sleep(0.05)
    listener.close()
    return [listener.seen[key] - at if key in listener.seen else None for key, at in sent.items()], listener.events
