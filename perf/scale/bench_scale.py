#!/usr/bin/env python3
"""How a server with millions of receptions answers, beside itself with few.

    perf/scale/bench_scale.py --directory DIR [--receptions 10000000] [--bin build/release/bin]

A fleet of simulated agents uploads a small backlog, the questions of a dashboard are asked while a steady stream goes
on arriving, the rest of the backlog is uploaded, and the same is asked again. DIR must be empty or not there; what is
left in it is the last state of the server's data and its log. perf/README.md says what it must show.
"""

import argparse
import json
import pathlib
import random
import subprocess
import time

import disk
import keep_alive
import live_latency
import questions
import server_process

AGENTS = 50
NODES = 2000
RECEPTIONS_PER_PACKET = 5
BATCH = 500
# The fleet's mesh sends this much in a day: a hundred packets of each node.
RECEPTIONS_A_DAY = 1_000_000
STEADY_BATCH = 50
MEASURE_SECONDS_MAX = 600


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(share * len(values)))]


class Fleet:
    """mmm-sim load."""

    def __init__(self, program, url):
        self.command = [str(program), "load", "--server", url, "--key", server_process.KEY, "--compress", "zstd", "--json"]
        self.command += ["--agents", AGENTS, "--nodes", NODES, "--receptions-per-packet", RECEPTIONS_PER_PACKET]
        self.command = [str(part) for part in self.command]

    def backlog(self, receptions, age_days):
        """Heard over as many days as so many take, until `age_days` ago."""
        span = f"{receptions / RECEPTIONS_A_DAY:.6f}d"
        options = ["--records", receptions, "--batch", BATCH, "--connections", 25, "--span", span, "--age", f"{age_days:.6f}d"]
        done = subprocess.run(self.command + [str(option) for option in options], capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    def steady(self, rate):
        options = ["--rate", rate, "--batch", STEADY_BATCH, "--connections", AGENTS, "--duration", MEASURE_SECONDS_MAX]
        return subprocess.Popen(
            self.command + [str(option) for option in options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )


def ask(connection, question, known, chance):
    """Seconds, and bytes; None when the server does not know the question."""
    path = question.path(known, chance)
    seconds = size = 0
    more = path
    while more:
        status, body, took = connection.ask(more)
        if status in (400, 404):
            return None
        if status != 200:
            raise SystemExit(f"{more} is answered {status}: {body[:300].decode()}")
        seconds += took
        size += len(body)
        cursor = json.loads(body)["next_cursor"] if question.whole_list else None
        more = f"{path}&cursor={cursor}" if cursor else None
    return seconds, size


def ask_all(port, repetitions, chance):
    """Per question its times in seconds, in random order of all; empty where the server does not know it."""
    connection = keep_alive.Connection(port)
    known = questions.learn(connection, time.time())
    answers = {question.name: [] for question in questions.QUESTIONS}
    there = [question for question in questions.QUESTIONS if ask(connection, question, known, chance)]
    # Those without a target may take long.
    rarely = max(1, repetitions // 10)
    order = [question for question in there for _ in range(repetitions if question.has_target else rarely)]
    chance.shuffle(order)
    for question in order:
        answers[question.name].append(ask(connection, question, known, chance))
    return answers


def measure(server, fleet, args, chance):
    """The questions and the live stream, while receptions go on arriving."""
    server.wait_until_projected()
    steady = fleet.steady(args.rate)
    try:
        # The fleet makes its packets first.
        before = server.metric("mmm_server_projection_records_total")
        while server.metric("mmm_server_projection_records_total") < before + args.rate:
            if steady.poll() is not None:
                raise SystemExit(f"the steady load ended: {steady.stderr.read()}")
            time.sleep(0.2)
        began, records = time.monotonic(), server.metric("mmm_server_projection_records_total")
        cpu = server.cpu_seconds()
        lives, events = live_latency.measure(server.port, args.repetitions, 0.05)
        answers = ask_all(server.port, args.repetitions, chance)
        seconds = time.monotonic() - began
        records = server.metric("mmm_server_projection_records_total") - records
        cpu = server.cpu_seconds() - cpu
        lag = server.metric("mmm_server_projection_lag_seconds")
    finally:
        steady.terminate()
        steady.wait(60)
    return {
        "answers": answers,
        "live": lives,
        "events": events,
        "rate": records / seconds,
        "seconds": seconds,
        "lag": lag,
        "cpu": cpu / seconds,
        "rss": server.memory("VmRSS"),
    }


def run(args):
    args.directory.mkdir(parents=True, exist_ok=True)
    if any(args.directory.iterdir()):
        raise SystemExit(f"{args.directory} is not empty")
    chance = random.Random(1)
    server = server_process.Server(args.bin / "mmm-server", args.directory)
    fleet = Fleet(args.bin / "mmm-sim", server.url)
    result = {"args": {name: str(value) for name, value in vars(args).items()}}
    days = args.receptions / RECEPTIONS_A_DAY
    small_days = args.small / RECEPTIONS_A_DAY
    try:
        server.start()
        fleet.backlog(args.small, days - small_days)
        print(f"{args.small} receptions are there", flush=True)
        result["small"] = measure(server, fleet, args, chance)
        cpu = server.cpu_seconds()
        load = fleet.backlog(args.receptions - args.small, 0)
        result["load"] = load
        result["projected_after"] = server.wait_until_projected()
        result["load_cpu"] = server.cpu_seconds() - cpu
        # At once: the rest takes minutes, and these are not to be had again without loading anew.
        report_load(result)
        print(f"{args.receptions} receptions are there", flush=True)
        result["large"] = measure(server, fleet, args, chance)
        server.wait_until_projected()
        server.stop()
        result["counts"] = disk.index_counts(server.data / "index.db")
        result["disk"] = disk.parts(server.data)
        result["starts"], result["cold_starts"] = [], []
        for _ in range(args.starts):
            result["starts"].append(server.start())
            server.stop()
        for _ in range(args.starts):
            server.drop_from_page_cache()
            result["cold_starts"].append(server.start())
            server.stop()
        result["peak_rss"] = server.peak_rss
    finally:
        if server.process is not None:
            server.process.kill()
            server.process.wait()
    return result


def ms(seconds):
    return f"{seconds * 1000:.1f}"


def report(result):
    small, large = result["small"], result["large"]
    counts = result["counts"]
    print(f"\n{counts['receptions']:,} receptions of {counts['packets']:,} packets, {counts['nodes']:,} nodes", end="")
    print(f"; {counts['flooded']:,} receptions beyond the flood limit\n")
    print("| question | first size: p50 / p99 ms | last size: p50 / p99 ms | ratio of p50 / p99 | kB | under 50 ms | within 1.5 |")
    print("|---|---|---|---|---|---|---|")
    for question in questions.QUESTIONS:
        before, after = small["answers"][question.name], large["answers"][question.name]
        if not before or not after:
            print(f"| {question.name} | not there yet | | | | | |")
            continue
        low = [percentile([seconds for seconds, _ in before], share) for share in (0.5, 0.99)]
        high = [percentile([seconds for seconds, _ in after], share) for share in (0.5, 0.99)]
        size = sum(size for _, size in after) / len(after) / 1000
        holds = [high[1] < 0.05, high[1] <= 1.5 * low[1]]
        words = ["yes" if hold else "**no**" for hold in holds] if question.has_target else ["", ""]
        print(
            f"| {question.name} | {ms(low[0])} / {ms(low[1])} | {ms(high[0])} / {ms(high[1])} | "
            f"{high[0] / low[0]:.2f} / {high[1] / low[1]:.2f} | {size:.0f} | {words[0]} | {words[1]} |"
        )
    for name, figures in (("first size", small), ("last size", large)):
        seen = [seconds for seconds in figures["live"] if seconds is not None]
        missing = len(figures["live"]) - len(seen)
        late = f"p50 {ms(percentile(seen, 0.5))}, p99 {ms(percentile(seen, 0.99))} ms" if seen else "none"
        print(f"\n{name}: upload to live event {late}, {missing} of {len(figures['live'])} not seen;", end=" ")
        print(f"{figures['rate']:.0f} receptions/s arrived for {figures['seconds']:.0f} s,", end=" ")
        print(f"the index {figures['lag']:.2f} s behind, {figures['cpu'] * 100:.0f} % of a core, RSS {figures['rss'] / 1e6:.0f} MB")
    print(f"RSS at most {result['peak_rss'] / 1e6:.0f} MB")
    for name, title in (("starts", "in the page cache"), ("cold_starts", "not in it")):
        starts = " / ".join(f"{ms(listening)}, {ms(ready)}" for listening, ready in result[name])
        print(f"start to listening, to ready, ms, data and program {title}: {starts}")
    total = counts["receptions"] + counts["flooded"]
    print("\n| part | MB | bytes a reception |\n|---|---|---|")
    for name, size in result["disk"].items():
        if size / total >= 0.05:
            print(f"| {name} | {size / 1e6:.1f} | {size / total:.1f} |")
    whole = sum(result["disk"].values())
    print(f"| **all** | {whole / 1e6:.1f} | **{whole / total:.1f}** |")


def report_load(result):
    load = result["load"]
    print(f"backlog: {load['records']:,} receptions uploaded in {load['seconds']:.0f} s, in the index", end=" ")
    both = load["seconds"] + result["projected_after"]
    print(f"{result['projected_after']:.0f} s later: {load['records'] / both:.0f} a second;", end=" ")
    print(f"CPU of the server {result['load_cpu'] / load['records'] * 1e6:.1f} us a reception", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--directory", type=pathlib.Path, required=True, help="for the server's data: empty, on the disk to be measured")
    parser.add_argument("--receptions", type=int, default=10_000_000, help="the last size")
    parser.add_argument("--small", type=int, default=100_000, help="the first size")
    parser.add_argument("--rate", type=int, default=5000, help="receptions a second that arrive while it is asked")
    parser.add_argument("--repetitions", type=int, default=300, help="of each question")
    parser.add_argument("--starts", type=int, default=3, help="how often it is started anew at the end")
    parser.add_argument("--bin", type=pathlib.Path, default=pathlib.Path(__file__).parents[2] / "build/release/bin")
    args = parser.parse_args()
    report(run(args))


if __name__ == "__main__":
    main()
