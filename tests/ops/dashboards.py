"""What the dashboards' files and the rules hold, for the tests that ask it."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DASHBOARDS = sorted((ROOT / "ops/grafana/dashboards").glob("*.json"))
RULES = sorted((ROOT / "ops/prometheus/rules").glob("*.yml"))

# A name of a metric or of a recorded series, as both are called here; functions and labels never have such a start.
NAME = re.compile(
    r"\b((?:(?:agent|server):)?mmm_[a-z0-9_]+(?::[a-z0-9_]+)?|process_[a-z_]+|node_[a-z]+_\w+|up|ALERTS"
    r"|prometheus_\w+|alertmanager_\w+)(?=[\[{\s)/*+-]|$)"
)


def panels():
    """(dashboard's title, panel), rows left out."""
    for path in DASHBOARDS:
        dashboard = json.loads(path.read_text())
        for panel in dashboard["panels"]:
            if panel["type"] != "row":
                yield dashboard["title"], panel


def names_in(expression):
    """Metrics and recorded series that an expression asks for."""
    without_words = re.sub(r'"[^"]*"', '""', expression)
    without_labels = re.sub(r"\{[^}]*\}", "{}", without_words)
    without_groups = re.sub(r"\b(by|on|ignoring|group_left|group_right|without) *\([^)]*\)", "", without_labels)
    return set(NAME.findall(without_groups))


def recorded():
    """Names of the series that rules record."""
    return {name for path in RULES for name in re.findall(r"- record: (\S+)", path.read_text())}
