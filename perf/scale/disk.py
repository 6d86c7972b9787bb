"""Where the bytes on disk are. To be asked while the server does not run: the index is whole then, without a WAL."""

import sqlite3


def log_parts(directory):
    parts = {"log: tables (SST)": 0, "log: write-ahead log": 0, "log: the rest": 0}
    for file in directory.iterdir():
        kind = {".sst": "log: tables (SST)", ".log": "log: write-ahead log"}.get(file.suffix, "log: the rest")
        parts[kind] += file.stat().st_size
    return parts


def index_parts(path):
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        # The names of a WITHOUT ROWID table's index and of its table are the same.
        rows = database.execute("SELECT name, sum(pgsize), sum(payload), sum(unused) FROM dbstat GROUP BY name")
        tables = {f"index: {name}": size for name, size, _, _ in rows}
        free = database.execute("SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size")
        tables["index: free pages"] = free.fetchone()[0]
    return dict(sorted(tables.items(), key=lambda item: -item[1]))


def index_counts(path):
    """How many receptions and packets the index has, and what it has not kept."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        packets, kept = database.execute("SELECT count(*), sum(receptions) FROM packets").fetchone()
        flooded = database.execute("SELECT sum(flooded) FROM node_hours").fetchone()[0]
        nodes = database.execute("SELECT count(*) FROM nodes").fetchone()[0]
    return {"packets": packets, "receptions": kept or 0, "flooded": flooded or 0, "nodes": nodes}


def parts(data):
    return log_parts(data / "log") | index_parts(data / "index.db")
