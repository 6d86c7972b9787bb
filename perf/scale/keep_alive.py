"""One HTTP/1.1 connection that stays open, and times what it asks: less than http.client does, to be less in the way."""

import json
import socket
import time


class Connection:
    def __init__(self, port):
        self.port = port
        self.socket = None
        self.rest = b""

    def ask(self, path, method="GET", body=b"", headers=()):
        """Status, body, and seconds from the first byte sent to the last one read. Connects when it is not connected."""
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=30)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.rest = b""
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", *headers]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        request = ("\r\n".join(lines) + "\r\n\r\n").encode() + body
        begin = time.perf_counter()
        self.socket.sendall(request)
        head = self.read_until(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        answer = self.read(length)
        seconds = time.perf_counter() - begin
        return int(head[9:12]), answer, seconds

    def json(self, path):
        status, body, _ = self.ask(path)
        if status != 200:
            raise SystemExit(f"{path} is answered {status}: {body[:300].decode()}")
        return json.loads(body)

    def more(self):
        piece = self.socket.recv(1 << 18)
        if not piece:
            raise ConnectionError("the server closed the connection")
        return piece

    def read_until(self, end):
        while end not in self.rest:
            self.rest += self.more()
        head, _, self.rest = self.rest.partition(end)
        return head

    def read(self, length):
        pieces = [self.rest]
        have = len(self.rest)
        while have < length:
            pieces.append(self.more())
            have += len(pieces[-1])
        whole = b"".join(pieces)
        self.rest = whole[length:]
        return whole[:length]
