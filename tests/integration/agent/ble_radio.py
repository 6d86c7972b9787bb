"""A radio's side of BLE: whole messages by reads and writes, from and to a radio of mmm-sim on TCP."""

import socket
from collections import deque

from gi.repository import GLib

HEADER = b"\x94\xc3"


class Radio:
    """What the firmware does behind its characteristics. Messages that nobody read wait for the next connection."""

    def __init__(self, address, say, pin):
        self.address = address
        self.say = say
        self.pin = pin
        self.knows_bond = False
        self.lose_notifications = False
        self.notify = None  # called when there is something to read
        self.ended = None  # called when the radio restarts or drops its central: mmm-sim has ended the connection
        self.ending = False  # it will, once what mmm-sim has delivered is read
        self.waiting = deque()
        self.last_written = None
        self.received = b""
        self.socket = None

    def connected(self):
        """A central has connected: the buffer of the last write is cleared."""
        self.last_written = None

    def read(self):
        """Pops one message; empty when there is none."""
        message = self.waiting.popleft() if self.waiting else b""
        if self.ending and not self.waiting:
            self.ending = False
            # After this message has got to its reader.
            GLib.idle_add(self.ended)
        return message

    def write(self, message):
        repeat = message == self.last_written
        self.say("write", hex=message.hex(), repeat=repeat)
        self.last_written = message
        if repeat or self.ending:
            return
        if self.socket is None:
            self.open()
        try:
            self.socket.sendall(HEADER + len(message).to_bytes(2, "big") + message)
        except (BrokenPipeError, ConnectionResetError):
            pass  # receive() is told of the end, too

    def open(self):
        host, port = self.address.rsplit(":", 1)
        self.socket = socket.create_connection((host, int(port)))
        GLib.io_add_watch(self.socket, GLib.IO_IN | GLib.IO_HUP, self.receive)

    def receive(self, source, _condition):
        try:
            data = source.recv(65536)
        except ConnectionResetError:
            data = b""
        if not data:
            source.close()
            self.socket = None
            self.received = b""
            self.ending = bool(self.waiting)
            if not self.ending:
                self.ended()
            return False
        self.received += data
        arrived = False
        while len(self.received) >= 4:
            if self.received[:2] != HEADER:
                raise ValueError(f"mmm-sim sent no frame: {self.received[:16].hex()}")
            end = 4 + int.from_bytes(self.received[2:4], "big")
            if len(self.received) < end:
                break
            self.waiting.append(self.received[4:end])
            self.received = self.received[end:]
            arrived = True
        # One for several messages, as the firmware's.
        if arrived and self.notify and not self.lose_notifications:
            self.notify()
        return True
