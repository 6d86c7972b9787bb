"""What nobody honest sends: values, targets, heads that two programs read differently, bombs."""

import struct

from one_server import KEY

# As bytes, so that they need not be text.
NUMBERS = [b"-1", b"-0", b"0", b"1e9", b"99999999999999999999999", b"9" * 400, b"NaN", b"Inf", b"-Infinity", b"0x10", b"1.5", b" 1", b"+1"]
TEXTS = [
    b"", b"'; DROP TABLE packets; --", b"\" OR 1=1", b"<script>alert(1)</script>", b"../../etc/passwd", b"%s%s%n", b"\x00", b"\xff\xfe",
    b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"a" * 1500, "\u202eRTL".encode(), b"{}", b"[1", b"\r\nX-Injected: 1",
]  # fmt: skip
TARGETS = [
    "/../../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc/passwd", "/%252e%252e/etc/passwd", "/assets/../../etc/passwd",
    "/assets/..%5c..%5cetc%5cpasswd", "//etc/passwd", "/etc/passwd%00.html", "/api/v1/nodes/../../../etc/passwd", "/api/v1/nodes/%2e%2e%2f",
    "/api/v1/packets/%00", "/%", "/%zz", "/api/v1/packets?%", "/api/v1/packets?limit", "/api/v1/packets?&&&=&", "/api/v1/packets?" + "a=1&" * 200,
    "/" + "a" * 5000, "/api/v1/nodes/" + "f" * 3000,
]  # fmt: skip
# As bytes, with the statuses that they may be answered with.
ODD_TARGETS = [
    (b"http://x/healthz", (200,)), (b"HTTPS://x:1/healthz", (200,)), (b"http://user:pw@other.example/healthz", (200,)),
    (b"http://x", (200,)), (b"http://x?a", (200,)), (b"http:///healthz", (200, 400)), (b"http://x/../healthz", (400,)), (b"http://", (200, 400)),
    (b"ftp://x/healthz", (400,)), (b"x:80", (400,)), (b"healthz", (400,)), (b"?x", (400,)), (b"*", (400, 404, 405)),
    (b"\\healthz", (400,)), (b"/healthz#part", (400,)), (b"/healthz\x00", (400,)), (b"/healthz\x7f", (400,)), (b"/h\xc3\xa4", (400,)),
    (b"//healthz", (200, 308, 404)), (b"/healthz/", (200, 308, 404)), (b"/healthz//", (200, 404)), (b"/HEALTHZ", (200, 404)),
    (b"/healthz;a=b", (200, 404)), (b"/./healthz", (400,)), (b"/%2e/healthz", (400,)), (b"/api%2fv1/stats", (400,)), (b"/%c0%af", (400,)),
    (b"/healthz?" + b"a" * 3900, (200,)), (b"/" + b"%41" * 1300, (200, 404)),
]  # fmt: skip
# With a key, so that it is not for want of one that a request is refused.
HOST = b"Host: x\r\nAuthorization: Bearer " + KEY.encode() + b"\r\n"
POST = b"POST /api/v1/ingest HTTP/1.1\r\n" + HOST
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
NEXT = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
REFUSED_HEADS = (400, 413, 414, 431, 501, 505)
# Each has another meaning for this or that proxy: none may be taken for two requests, or for one with a body.
SMUGGLED = [
    POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + NEXT,
    POST + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
    POST + b"Content-Length: 4, 5\r\n\r\nabcde",
    POST + b"Content-Length: +4\r\n\r\nabcd",
    POST + b"Content-Length: -1\r\n\r\n",
    POST + b"Content-Length: 0x4\r\n\r\nabcd",
    POST + b"Content-Length: 99999999999999999999999999\r\n\r\n",
    POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    CHUNKED + b"ffffffffffffffff1\r\n",
    CHUNKED + b"-1\r\n\r\n",
    CHUNKED + b"4\nabcd\n0\n\n",
    CHUNKED + b"0x4\r\nabcd\r\n0\r\n\r\n" + NEXT,
    CHUNKED + b"+4\r\nabcd\r\n0\r\n\r\n" + NEXT,
    CHUNKED + b" 4\r\nabcd\r\n0\r\n\r\n" + NEXT,
    CHUNKED + b"4_0\r\nabcd\r\n0\r\n\r\n" + NEXT,
    CHUNKED + b"4 4\r\nabcd\r\n0\r\n\r\n" + NEXT,
    CHUNKED + b"\r\n4\r\nabcd\r\n0\r\n\r\n" + NEXT,
    CHUNKED + b"4\r\nabcdX\r\n0\r\n\r\n" + NEXT,
    CHUNKED + b"4\r\nabcd0\r\n\r\n" + NEXT,
    CHUNKED + b"4\rabcd\r0\r\r" + NEXT,
    CHUNKED + b"4;a\n=b\r\nabcd\r\n0\r\n\r\n" + NEXT,
    CHUNKED + b"4;" + b"a" * 300 + b"\r\nabcd\r\n0\r\n\r\n" + NEXT,
    CHUNKED + b"0\r\nX: a\nContent-Length: 9\r\n\r\n" + NEXT,
    CHUNKED + b"0\r\n" + b"X: aaaaaaaa\r\n" * 3000 + b"\r\n" + NEXT,
    CHUNKED + b"800001\r\nabcd",
    POST + b"Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd" + NEXT,
    POST + b"Content-Length: 4 4\r\n\r\nabcd" + NEXT,
    POST + b"Content-Length: 4\x0b\r\n\r\nabcd" + NEXT,
    POST + b"Content-Length : 4\r\n\r\nabcd" + NEXT,
    POST + b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n" + NEXT,
    POST + b"Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n" + NEXT,
    POST + b"X: a\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + NEXT,
    b"GET /healthz HTTP/1.1\r\n" + HOST + b"Content-Length: 39\r\n\r\n" + NEXT,
    b"GET /healthz HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + NEXT,
    b"GET /healthz HTTP/1.1\r\n\r\n" + NEXT,
    b"GET /healthz HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n" + NEXT,
    b"GET /healthz HTTP/1.1\r\n Host: x\r\n" + HOST + b"\r\n" + NEXT,
    b" GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n" + NEXT,
    b"POST /api/v1/ingest HTTP/1.0\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"GET /healthz HTTP/1.1\n" + HOST + b"\r\n",
    b"GET /healthz HTTP/1.1\r\n" + HOST + b"X: a\n\r\n",
    b"GET /healthz HTTP/1.1\r\n" + HOST + b"X: a\r\n b\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\n" + HOST + b"X\x00Y: a\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\n" + HOST + b": empty\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\n" + HOST + b"Bad Name: a\r\n\r\n",
    b"GET /health\tz HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET  /healthz HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /healthz HTTP/9.9\r\n" + HOST + b"\r\n",
    b"GET /healthz\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\n" + b"".join(b"X-%d: a\r\n" % i for i in range(300)) + b"\r\n",
    b"GET /healthz HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 40_000 + b"\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200,
    b"\x00" * 2000,
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
]


def zstd_frame(blocks, window):
    """A frame of `blocks` × 128 KiB of zeros: three bytes and one for each."""
    frame = struct.pack("<I", 0xFD2FB528) + bytes([0, window])
    for i in range(blocks):
        frame += struct.pack("<I", (128 << 10) << 3 | 1 << 1 | (i == blocks - 1))[:3] + b"\0"
    return frame
