// A whole installation for a test or a picture: a simulated mesh, a server, and an agent beside each of its radios.
// Programs run in a directory of their own on ports that were free, and are gone when close() returns.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const kBin = resolve(process.env.MMM_BIN ?? "../../build/dev/bin");
const kKey = "web-test-key-0123456789abcdef0123456789";
// The path of one of the programs.
export function programPath(name) {
  return join(kBin, name);
}

// Generous, because a loaded machine is slow: a bound ends a hung test, it never decides a passing one.
const kWaitMs = 120_000;
const kStopMs = 15_000;

// Where the agents stand: around the middle of the simulated mesh.
const kCenter = [47.6062, -122.3321];
const kPlaces = [
  ["harbor-roof", "Harbor, Pier 3", 0.004, -0.012],
  ["summit-relay", "Summit relay", 0.05, 0.03],
  ["old-mill", "Old mill", -0.04, 0.06],
];

// Calls `condition` until it gives something true, and gives that. `what` it is, or a function that says so, is for the
// failure.
export async function waitUntil(condition, what, waitMs = kWaitMs) {
  const end = Date.now() + waitMs;
  for (let pause = 20; ; pause = Math.min(pause * 1.5, 400)) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${waitMs / 1000} s in vain: ${typeof what === "function" ? what() : what}`);
    await new Promise((done) => setTimeout(done, pause));
  }
}

function freePort() {
  return new Promise((done, fail) => {
    const listener = createServer();
    listener.on("error", fail);
    listener.listen(0, "127.0.0.1", () => {
      const { port } = listener.address();
      listener.close(() => done(port));
    });
  });
}

class Program {
  constructor(name, command, directory) {
    this.output = join(directory, `${name}.out`);
    const out = openSync(this.output, "a");
    this.process = spawn(command[0], command.slice(1), { cwd: directory, stdio: ["ignore", out, out], env: { PATH: process.env.PATH } });
    this.ended = new Promise((done) => this.process.once("exit", (code, signal) => done(code ?? signal)));
    this.process.once("error", (error) => writeFileSync(this.output, String(error), { flag: "a" }));
  }

  text() {
    return readFileSync(this.output, "utf8");
  }

  // The first match of `pattern` in what the program printed.
  find(pattern) {
    return waitUntil(() => {
      if (this.process.exitCode !== null) throw new Error(`the program ended:\n${this.text()}`);
      return pattern.exec(this.text());
    }, () => `output ${pattern}, there is only:\n${this.text()}`);
  }

  async stop() {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill("SIGTERM");
    const timer = setTimeout(() => this.process.kill("SIGKILL"), kStopMs);
    await this.ended;
    clearTimeout(timer);
  }
}

export class Site {
  constructor() {
    this.directory = mkdtempSync(join(tmpdir(), "mmm-web-"));
    this.programs = [];
  }

  run(name, command) {
    const program = new Program(name, command, this.directory);
    this.programs.push(program);
    return program;
  }

  // Starts the server alone: a fresh installation without any agent. `more`: lines of its configuration.
  async startServer(more = "") {
    this.port ??= await freePort();
    this.url = `http://127.0.0.1:${this.port}`;
    const config = join(this.directory, "server_config.ini");
    const keys = kPlaces.map(([id]) => `${id} = ${kKey}-${id}\n`).join("");
    writeFileSync(
      config,
      `[server]\nhost = 127.0.0.1\nport = ${this.port}\nsite_name = Puget Sound Mesh\ndata_dir = ${join(this.directory, "server")}\n` +
        `[metrics]\nbind = 127.0.0.1\nport = 0\n[api_keys]\n${keys}fleet = ${kKey}-fleet\n${more}`,
    );
    this.server = this.run("server", [programPath("mmm-server"), "--config", config]);
    await waitUntil(async () => {
      if (this.server.process.exitCode !== null) throw new Error(`mmm-server ended:\n${this.server.text()}`);
      return (await fetch(`${this.url}/readyz`).catch(() => null))?.ok;
    }, "the server is ready");
  }

  // Starts the mesh and an agent at each of `radios` radios, or fewer of which the last has those that are left.
  // `simulation`: more arguments of mmm-sim radio.
  async startMesh(radios, simulation, agents = radios) {
    this.mesh = this.run("mesh", [
      programPath("mmm-sim"), "radio", "--center", kCenter.join(","), "--start-when", "connected",
      ...Array.from({ length: radios }, () => ["--listen", "127.0.0.1:0"]).flat(), ...simulation,
    ]);
    const ports = [];
    for (let number = 1; number <= radios; number++) {
      ports.push((await this.mesh.find(new RegExp(`^radio ${number} .*:(\\d+)$`, "m")))[1]);
    }
    for (let agent = 1; agent <= agents; agent++) this.startAgent(kPlaces[agent - 1], ports.splice(0, agent === agents ? Infinity : 1));
  }

  startAgent([id, name, north, east], radioPorts) {
    const radios = radioPorts.map((port, i) => `[meshtastic${i === 0 ? "" : `_${i + 1}`}]\nconnection_type = tcp\ntcp_host = 127.0.0.1:${port}\n`);
    const directory = join(this.directory, id);
    mkdirSync(directory);
    const config = join(directory, "agent.ini");
    writeFileSync(
      config,
      `[agent]\nid = ${id}\nlocation_name = ${name}\nlocation_lat = ${kCenter[0] + north}\nlocation_lon = ${kCenter[1] + east}\n` +
        `database_dir = ${directory}\n${radios.join("")}` +
        `[server_main]\nurl = ${this.url}\napi_key = ${kKey}-${id}\nenabled = true\nreport_interval = 1\n` +
        `[metrics]\nbind = 127.0.0.1\nport = 0\n`,
    );
    this.run(id, [programPath("mmm-agent"), "--config", config]);
  }

  // Uploads what a fleet of agents heard of a mesh of so many nodes, and waits until the index has it.
  async load(nodes, records, more = []) {
    const fleet = this.run(`fleet-${nodes}`, [
      programPath("mmm-sim"), "load", "--server", this.url, "--key", `${kKey}-fleet`, "--nodes", String(nodes), "--records", String(records),
      "--agents", "5", "--receptions-per-packet", "3", ...more,
    ]);
    assert.equal(await fleet.ended, 0, fleet.text());
    await waitUntil(async () => (await this.api("/stats")).projection.lag_records === 0, "the index has it");
  }

  // The parsed answer of the API.
  async api(path) {
    const response = await fetch(`${this.url}/api/v1${path}`);
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  // All rows of a paged list.
  async all(path, member) {
    const rows = [];
    let cursor = "";
    do {
      const page = await this.api(`${path}${path.includes("?") ? "&" : "?"}limit=1000${cursor}`);
      rows.push(...page[member]);
      cursor = page.next_cursor ? `&cursor=${encodeURIComponent(page.next_cursor)}` : "";
    } while (cursor);
    return rows;
  }

  async close() {
    for (const program of [...this.programs].reverse()) await program.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
