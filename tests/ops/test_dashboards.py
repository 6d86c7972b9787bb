"""The dashboards: made from their source, nothing left unsaid, no query for what no program serves."""

import json
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from dashboards import DASHBOARDS, ROOT, RULES, names_in, panels, recorded


class DashboardsTest(unittest.TestCase):
    def test_they_are_what_their_source_makes(self):
        with tempfile.TemporaryDirectory() as directory:
            done = subprocess.run([ROOT / "ops/grafana/generate", directory], capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            made = sorted(Path(directory).iterdir())
            self.assertEqual([path.name for path in made], [path.name for path in DASHBOARDS])
            for path, committed in zip(made, DASHBOARDS):
                self.assertEqual(path.read_text(), committed.read_text(), f"{committed.name}: run ops/grafana/generate")

    def test_each_panel_says_what_it_answers(self):
        seen = set()
        for dashboard, panel in panels():
            with self.subTest(f"{dashboard}: {panel['title']}"):
                self.assertNotIn((dashboard, panel["title"]), seen, "titles of a dashboard differ")
                seen.add((dashboard, panel["title"]))
                self.assertRegex(panel["description"], r"^[A-Za-z0-9\[].{20,}\.$")
                self.assertTrue(panel["targets"], "it asks something")
                self.assertEqual(panel["datasource"], {"type": "prometheus", "uid": "${datasource}"})
                if panel["type"] in ("stat", "timeseries"):
                    self.assertTrue(panel["fieldConfig"]["defaults"]["unit"])
        self.assertGreater(len(seen), 70)

    def test_panels_stand_beside_one_another(self):
        for path in DASHBOARDS:
            taken = {}
            for panel in json.loads(path.read_text())["panels"]:
                place = panel["gridPos"]
                self.assertLessEqual(place["x"] + place["w"], 24, panel["title"])
                for x in range(place["x"], place["x"] + place["w"]):
                    for y in range(place["y"], place["y"] + place["h"]):
                        self.assertIsNone(taken.get((x, y)), f"{path.name}: {panel['title']} lies over {taken.get((x, y))}")
                        taken[x, y] = panel["title"]

    def test_what_is_asked_for_is_served(self):
        served = set(re.findall(r"^\| `(\w+)` \|", (ROOT / "docs/metrics.md").read_text(), re.MULTILINE))
        self.assertGreater(len(served), 80)
        served |= {f"{name}_{part}" for name in served for part in ("bucket", "sum", "count")} | recorded()
        expressions = [(f"{dashboard}: {panel['title']}", target["expr"]) for dashboard, panel in panels() for target in panel["targets"]]
        expressions += [(path.name, text) for path in RULES for text in re.findall(r"expr: (?:>\n)?(.+?)(?=\n +(?:for|labels|- |\w+:)|\Z)", path.read_text(), re.DOTALL)]
        self.assertGreater(len(expressions), 150)
        for where, expression in expressions:
            names = names_in(expression)
            with self.subTest(where):
                self.assertTrue(names, expression)
                ours = {name for name in names if "mmm_" in name}
                self.assertLessEqual(ours, served, expression)

    def test_links_lead_to_dashboards_and_pages_that_there_are(self):
        uids = {json.loads(path.read_text())["uid"] for path in DASHBOARDS}
        routes = (ROOT / "dashboard/web/src/logic/view.ts").read_text()
        for path in DASHBOARDS:
            text = path.read_text()
            for uid in re.findall(r'"url": "/d/([\w-]+)', text):
                self.assertIn(uid, uids)
            for page in re.findall(r'"url": "\$\{pages\}(/\w+)', text):
                self.assertIn(f'"{page}"', routes)


if __name__ == "__main__":
    unittest.main()
