"""Checks of the lists of the read API: what their rows say, and what can be asked of them."""

import re


class ListChecks:
    """A part of a test case that has an `api` and can `fetch`."""

    def small_pages(self, path, member, limit, **query):
        rows, cursor = [], {}
        while cursor is not None:
            page = self.api.get(path, **query, **cursor, limit=limit)
            self.assertLessEqual(len(page[member]), limit)
            rows += page[member]
            cursor = {"cursor": page["next_cursor"]} if page["next_cursor"] else None
        return rows

    def check_first_agents(self):
        """A row names the agent whose reception the details have first."""
        packets = self.api.get("/api/v1/packets", limit=30, q="receptions:>1")["packets"]
        self.assertEqual(len(packets), 30)
        for packet in packets:
            detail = self.api.get(f"/api/v1/packets/{packet['id']}")
            self.assertEqual(packet["agent"], detail["receptions"][0]["agent"])
            self.assertEqual(packet["agent"], detail["agent"])
        self.assertGreater(len({p["agent"] for p in self.api.get("/api/v1/packets", limit=1000)["packets"]}), 1)
        recent = self.api.get(f"/api/v1/nodes/{packets[0]['from']}")["recent_packets"]
        listed = self.api.get("/api/v1/packets", q=f"from:{packets[0]['from']}", limit=len(recent))["packets"]
        self.assertEqual(recent, listed)
        found = self.api.get("/api/v1/search", q=str(packets[0]["id"]))["packets"]
        self.assertEqual(found[0], packets[0])

    def check_senders(self):
        everything = self.api.pages("/api/v1/messages", "messages")
        sender = max({m["from"] for m in everything}, key=lambda node: sum(m["from"] == node for m in everything))
        wanted = [m for m in everything if m["from"] == sender]
        self.assertGreater(len(wanted), 2)
        self.assertLess(len(wanted), len(everything))
        for name in (sender, str(int(sender[1:], 16))):
            self.assertEqual(self.api.get("/api/v1/messages", **{"from": name, "limit": 1000})["messages"], wanted)
        self.assertEqual(self.small_pages("/api/v1/messages", "messages", 2, **{"from": sender}), wanted)
        word = next(re.search(r"[A-Za-z]{3,}", m["text"]) for m in wanted if re.search(r"[A-Za-z]{3,}", m["text"]))[0]
        both = self.api.get("/api/v1/messages", **{"from": sender, "q": word, "limit": 1000})["messages"]
        by_words = self.api.pages("/api/v1/messages", "messages", q=word)
        self.assertTrue(both)
        self.assertEqual(both, [m for m in by_words if m["from"] == sender])
        self.assertEqual(self.api.get("/api/v1/messages", **{"from": "!77777777"})["messages"], [])
        self.assertEqual(self.fetch("/api/v1/messages", **{"from": "somebody"})[0], 400)

    def check_pairs(self):
        everything = self.api.pages("/api/v1/links", "links")
        one, other = everything[0]["from"], everything[0]["to"]
        for asked, holds in (
            ({"from": one, "to": other}, lambda link: (link["from"], link["to"]) == (one, other)),
            ({"from": one}, lambda link: link["from"] == one),
            ({"to": other}, lambda link: link["to"] == other),
            ({"node": one, "to": other}, lambda link: link["to"] == other and one in (link["from"], other)),
            ({"from": one, "to": one}, lambda link: False),
        ):
            expected = [link for link in everything if holds(link)]
            self.assertEqual(self.api.pages("/api/v1/links", "links", **asked), expected, asked)
            self.assertEqual(self.small_pages("/api/v1/links", "links", 1, **asked), expected, asked)
        self.assertEqual(self.fetch("/api/v1/links", **{"from": "somebody"})[0], 400)
