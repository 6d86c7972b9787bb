#!/usr/bin/env python3
"""A base map of the operator's: a file that the server hands out piece by piece, or tiles of another site."""

import hashlib
import http.client
import json
import unittest

from one_server import OneServerTest
from processes import BIN

HEAD = b"PMTiles\x03"


class MapTilesTest(OneServerTest):
    def start_with_map(self, lines):
        self.start_server(more=f"[map]\n{lines}\n")

    def fetch(self, path, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", path, headers=headers or {})
            response = connection.getresponse()
            return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
        finally:
            connection.close()

    def piece(self, first, last):
        return self.fetch("/api/v1/tiles.pmtiles", {"Range": f"bytes={first}-{last}"})

    def test_a_file_is_handed_out_piece_by_piece(self):
        content = HEAD + b"".join(hashlib.sha256(str(i).encode()).digest() for i in range(200_000))
        path = self.directory / "region.pmtiles"
        path.write_bytes(content)
        self.start_with_map(f"pmtiles = {path}\nattribution = © Someone")
        told = self.api.get("/api/v1/stats")["map"]
        self.assertEqual((told["pmtiles"], told["tile_url"], told["attribution"]), (True, None, "© Someone"))
        for first, last in ((0, 126), (1000, 1000), (len(content) - 10, len(content) + 50), (777, 777 + (4 << 20) - 1)):
            status, headers, body = self.piece(first, last)
            self.assertEqual(status, 206)
            self.assertEqual(body, content[first : last + 1])
            self.assertEqual(headers["content-range"], f"bytes {first}-{first + len(body) - 1}/{len(content)}")
            self.assertTrue(headers["etag"])
        status, _, body = self.piece(0, len(content))
        self.assertEqual((status, body), (206, content[: 4 << 20]))
        self.assertEqual(self.piece(len(content), len(content) + 1)[0], 416)
        status, _, body = self.fetch("/api/v1/tiles.pmtiles")
        self.assertEqual(status, 400)
        self.assertIn("bytes=", json.loads(body)["detail"])
        self.assertEqual(self.piece("9", "8")[0], 400)

    def test_tiles_of_another_site_are_all_that_the_page_may_fetch_elsewhere(self):
        self.start_with_map("tile_url = https://tiles.example/{z}/{x}/{y}.png")
        self.assertEqual(self.api.get("/api/v1/stats")["map"]["tile_url"], "https://tiles.example/{z}/{x}/{y}.png")
        _, headers, _ = self.fetch("/")
        policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
        elsewhere = {name for name, sources in policy.items() if "tiles.example" in sources}
        self.assertEqual(elsewhere, {"img-src", "connect-src"})
        self.assertEqual(self.piece(0, 1)[0], 404)

    def test_without_one_the_page_fetches_nothing_elsewhere(self):
        self.start_with_map("")
        _, headers, _ = self.fetch("/")
        self.assertNotIn("http", headers["content-security-policy"])
        told = self.api.get("/api/v1/stats")["map"]
        self.assertEqual((told["pmtiles"], told["tile_url"], told["attribution"]), (False, None, None))

    def test_a_file_that_is_none_is_named_at_the_start(self):
        path = self.directory / "region.pmtiles"
        path.write_bytes(b"something else, long enough to be looked at" * 10)
        config = self.directory / "wrong.ini"
        config.write_text(f"[server]\nport = 0\ndata_dir = {self.directory / 'wrong'}\n[map]\npmtiles = {path}\n")
        code, out, err = self.run_to_end([BIN / "mmm-server", "--config", config])
        self.assertNotEqual(code, 0)
        self.assertIn("region.pmtiles", out + err)


if __name__ == "__main__":
    unittest.main(verbosity=2)
