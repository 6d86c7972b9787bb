// A stand-in for mmm-server while working on the pages: /api/v1 with a made-up mesh that lives, and the files of dist/.
//
//   node dev/mock_server.mjs [--port 8090] [--nodes 60] [--agents 3] [--rate 2] [--hostile]
//   MMM_SERVER=http://localhost:8090 npm run dev
//
// The same numbers give the same mesh. --nodes 0 is a fresh server. --hostile names nodes as an attacker would.
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values: options } = parseArgs({
  options: {
    port: { type: "string", default: "8090" },
    nodes: { type: "string", default: "60" },
    agents: { type: "string", default: "3" },
    rate: { type: "string", default: "2" },
    hostile: { type: "boolean", default: false },
  },
});
const kNodes = Number(options.nodes);
const kAgents = Number(options.agents);
const kDist = fileURLToPath(new URL("../dist/", import.meta.url));

// mulberry32: small, and the same everywhere.
let seed = 20261;
function random() {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const pick = (list) => list[Math.floor(random() * list.length)];
const gauss = () => random() + random() + random() - 1.5;
const nowUs = () => Date.now() * 1000;

const kFirst = ["Hill", "River", "North", "Old Mill", "Harbor", "Summit", "Cedar", "Quarry", "Lakeside", "Chapel", "Depot", "Ridge", "Garden", "Station", "Orchard", "Bridge"];
const kSecond = ["Base", "Roof", "Relay", "Solar", "Mobile", "Tower", "Cabin", "Van", "Attic", "Pole"];
const kRoles = ["CLIENT", "CLIENT", "CLIENT", "CLIENT", "CLIENT", "CLIENT_MUTE", "CLIENT_BASE", "ROUTER", "ROUTER_LATE", "TRACKER", "SENSOR"];
const kHardware = ["HELTEC_V3", "TBEAM", "RAK4631", "T_DECK", "STATION_G2", "SEEED_XIAO_S3"];
const kHostile = ['<img src=x onerror="alert(1)">', "\u202egnp.exe\u202c <b>bold</b>", "🦊".repeat(200), "مرحبا بالعالم", "a\nb\u0000c", "'\"><script>alert(2)</script>"];
const kTexts = ["Good morning mesh!", "Anyone on the ridge tonight?", "QSL, loud and clear", "Weather station is back up, 3.4 V", "On my way 🚴", "Test from the new antenna", "Reichweite ist super hier oben", "net at 19:00 local on LongFast"];
const kPorts = [[67, "TELEMETRY_APP", 36], [3, "POSITION_APP", 25], [4, "NODEINFO_APP", 14], [1, "TEXT_MESSAGE_APP", 7], [5, "ROUTING_APP", 6], [70, "TRACEROUTE_APP", 5], [71, "NEIGHBORINFO_APP", 3], [null, null, 4]];

const nodes = Array.from({ length: kNodes }, (_, i) => {
  const num = Math.floor(random() * 0xfffffff0) >>> 0;
  const silentUs = Math.floor(random() ** 5 * 40 * 3600e6);
  const name = options.hostile && i < kHostile.length ? kHostile[i] : `${pick(kFirst)} ${pick(kSecond)}${random() < 0.3 ? ` ${1 + Math.floor(random() * 9)}` : ""}`;
  const wide = kNodes > 500 ? 1.6 : 0.16;
  return {
    id: `!${num.toString(16).padStart(8, "0")}`,
    num,
    short_name: options.hostile && i < kHostile.length ? kHostile[i].slice(0, 4) : name.split(" ").map((w) => w[0]).join("") + (num % 97),
    long_name: random() < 0.06 ? null : name,
    hw_model: pick(kHardware),
    role: random() < 0.05 ? null : pick(kRoles),
    public_key: random() < 0.7 ? "ab".repeat(32) : null,
    is_licensed: false,
    first_heard_us: nowUs() - 5 * 86400e6,
    last_heard_us: nowUs() - silentUs,
    position: random() < 0.82 ? { latitude: 47.6 + gauss() * wide * 0.7, longitude: -122.33 + gauss() * wide, altitude: Math.round(random() * 400), precision_bits: pick([32, 16, 14]), time_us: nowUs() - silentUs } : null,
    battery_level: random() < 0.2 ? 101 : Math.round(30 + random() * 70),
    voltage: 3.3 + random() * 0.9,
    channel_utilization: random() * 24,
    air_util_tx: random() * 4,
    uptime_seconds: Math.round(random() * 1e6),
    snr: Math.round((random() * 28 - 18) * 4) / 4,
    rssi: Math.round(-128 + random() * 60),
    hops_away: Math.floor(random() * 5),
    packets: Math.round(random() * 900),
    via_mqtt: false,
  };
});

const agents = Array.from({ length: kNodes === 0 ? 0 : kAgents }, (_, i) => ({
  id: ["harbor-roof", "summit-relay", "old-mill", "north-base", "depot"][i % 5] + (i >= 5 ? `-${i}` : ""),
  location: { name: ["Harbor, Pier 3", "Summit relay", "Old Mill", "North Base", "Depot"][i % 5], latitude: 47.6 + gauss() * 0.1, longitude: -122.33 + gauss() * 0.12 },
  version: "0.1.0",
  stream_count: 1,
  first_seen_us: nowUs() - 86400e6,
  last_upload_us: i === 4 ? nowUs() - 3600e6 : nowUs(),
  clock_skew_us: i === 1 ? -2_340_000 : 12_000,
  receptions: 18_000 + i * 977,
  link: i === 2 ? { state: "connecting", description: "tcp 192.0.2.7:4403", reason: "connection refused" } : { state: "ready", description: "serial /dev/ttyUSB0", reason: null },
  radio: { num: nodes[i].num, id: nodes[i].id, firmware: "2.7.4", hw_model: "HELTEC_V3", role: "CLIENT", region: "US", modem_preset: "LONG_FAST" },
  channels: [{ index: 0, name: "LongFast", hash: 8, role: 1 }, { index: 1, name: "hikers", hash: 201, role: 2 }],
  ledger: { captured: 18_440 + i * 977, delivered: 18_433 + i * 977, duplicate: 2, set_aside: 0, dropped: 0, filtered: 4, waiting: 3 },
}));

function summaryOf(port) {
  if (port === 67) return `battery ${Math.round(40 + random() * 60)} %, ${(3.5 + random() * 0.7).toFixed(2)} V, channel ${(random() * 20).toFixed(1)} %`;
  if (port === 3) return `${(47.6 + gauss() * 0.2).toFixed(4)}, ${(-122.3 + gauss() * 0.2).toFixed(4)} · ${Math.round(random() * 300)} m`;
  if (port === 4) return "HELTEC_V3, client";
  if (port === 1) return pick(options.hostile ? kHostile : kTexts);
  if (port === 5) return "ack";
  if (port === 70) return "route !0000000a → !0000000b (5.25 dB)";
  if (port === 71) return "5 neighbors";
  return null;
}

let lastId = 0;
function makePacket(timeUs) {
  lastId = Math.max(timeUs, lastId + 1);
  const total = kPorts.reduce((sum, [, , weight]) => sum + weight, 0);
  let at = random() * total;
  const [port, name] = kPorts.find(([, , weight]) => (at -= weight) < 0) ?? kPorts[0];
  const from = pick(nodes);
  const to = random() < 0.8 || port === 1 ? null : pick(nodes);
  const hops = Math.floor(random() * 4);
  const snr = Math.round((random() * 26 - 17) * 4) / 4;
  return {
    id: lastId, time_us: lastId, from: from.id, from_name: from.long_name, to: to?.id ?? "!ffffffff", to_name: to?.long_name ?? null,
    packet_id: Math.floor(random() * 2 ** 32), port, port_name: name, channel: port === null ? pick([8, 201, 31]) : 0, hop_start: 3, hop_limit: 3 - hops, hops,
    size: 20 + Math.floor(random() * 120), flags: port === null ? ["encrypted"] : ["decrypted"], receptions: 1, best_snr: snr, best_rssi: -90, summary: summaryOf(port),
  };
}

const packets = [];
const messages = [];
let totals = { packets: 184_233, receptions: 402_118, messages: 0 };
const minute = Array.from({ length: 60 }, (_, i) => {
  const count = kNodes === 0 ? 0 : Math.round(60 * Number(options.rate) * (0.7 + 0.25 * Math.sin(i / 7) + random() * 0.25));
  return { t_us: Math.floor(nowUs() / 60e6) * 60e6 - (59 - i) * 60e6, packets: count, receptions: Math.round(count * 2.2) };
});

function remember(packet) {
  packets.unshift(packet);
  packets.length = Math.min(packets.length, 500);
  if (packet.port === 1) {
    messages.unshift({ id: packet.id, time_us: packet.time_us, from: packet.from, from_name: packet.from_name, to: packet.to, channel: 0, text: packet.summary, reply_id: null, emoji: null, receptions: packet.receptions });
    totals.messages++;
  }
}

if (kNodes > 0) for (let i = 200; i > 0; i--) {
  // Some of them a radio handed out from its memory: not heard.
  const replayed = random() < 0.15;
  const packet = makePacket(nowUs() - i * 500e3);
  remember({ ...packet, ...(replayed ? { flags: ["replay"], receptions: 0, hops: null, best_snr: null, best_rssi: null } : { receptions: 1 + Math.floor(random() * kAgents) }) });
}

function statistics(figuresOnly) {
  const online = nodes.filter((n) => nowUs() - n.last_heard_us < 7200e6).length;
  const count = (total) => ({ total, last_hour: Math.round(total / 30), last_24h: Math.round(total / 4) });
  const figures = {
    now_us: nowUs(),
    packets: kNodes ? count(totals.packets) : { total: 0, last_hour: 0, last_24h: 0 },
    receptions: kNodes ? count(totals.receptions) : { total: 0, last_hour: 0, last_24h: 0 },
    nodes: { total: nodes.length, online },
    agents: { total: agents.length, online: agents.filter((a) => nowUs() - a.last_upload_us < 300e6).length },
    messages: { total: totals.messages },
    projection: { lag_records: Math.floor(random() * 3), lag_seconds: random() * 0.12, last_id: lastId },
    site_name: "Puget Sound Mesh",
    map: { latitude: 47.6, longitude: -122.33, zoom: 9, force: false },
  };
  if (figuresOnly) return figures;
  const ports = kNodes ? kPorts.map(([port, name, weight]) => ({ port, name, packets: weight * 431 })) : [];
  return { ...figures, series: { minute, hour: [] }, ports };
}

const streams = new Set();
function send(event, data, id) {
  const text = `${id ? `id: ${id}\n` : ""}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
  for (const stream of streams) stream.write(text);
}

function tick() {
  const packet = makePacket(nowUs());
  remember(packet);
  totals.packets++;
  totals.receptions++;
  const nowMinute = Math.floor(nowUs() / 60e6) * 60e6;
  if (minute.at(-1).t_us !== nowMinute) {
    minute.push({ t_us: nowMinute, packets: 0, receptions: 0 });
    minute.shift();
  }
  minute.at(-1).packets++;
  minute.at(-1).receptions += 2;
  send("packet", packet, packet.id);
  const node = nodes.find((n) => n.id === packet.from);
  node.last_heard_us = nowUs();
  node.packets++;
  send("node", node, packet.id);
  for (let i = 0; i < Math.floor(random() * kAgents); i++) {
    setTimeout(() => {
      packet.receptions++;
      totals.receptions++;
      send("reception", { id: nowUs(), packet: packet.id, agent: agents[i].id, snr: packet.best_snr + 1, rssi: -99, hops: 1, time_us: nowUs(), flags: [], receptions: packet.receptions, best_snr: packet.best_snr, best_rssi: -90 }, packet.id);
    }, 150 + random() * 600);
  }
}

if (kNodes > 0) setInterval(tick, 1000 / Number(options.rate));
setInterval(() => send("stats", statistics(true)), 1000);
setInterval(() => {
  for (const agent of agents) {
    if (nowUs() - agent.last_upload_us > 600e6) continue;
    agent.last_upload_us = nowUs();
    agent.ledger.captured += 4;
    agent.ledger.delivered += 4;
    send("agent", agent);
  }
}, 2000);

function api(path, query) {
  if (path === "stats") return statistics(false);
  if (path === "agents") return { agents };
  if (path === "packets") return { packets: packets.slice(0, Number(query.get("limit") ?? 50)), next_cursor: null };
  if (path === "messages") return { messages: messages.slice(0, Number(query.get("limit") ?? 50)), next_cursor: null };
  if (path === "nodes") {
    const from = Number(query.get("cursor") ?? 0);
    const limit = Number(query.get("limit") ?? 100);
    return { nodes: nodes.slice(from, from + limit), next_cursor: from + limit < nodes.length ? String(from + limit) : null };
  }
  const [kind, id] = path.split("/");
  if (kind === "nodes") {
    const node = nodes.find((n) => n.id === decodeURIComponent(id));
    if (!node) return null;
    const telemetry = Array.from({ length: 60 }, (_, i) => ({ time_us: nowUs() - (60 - i) * 1800e6, battery_level: node.battery_level > 100 && i > 40 ? 101 : Math.round(90 - i * 0.6 + gauss() * 2), voltage: 4.1 - i * 0.006, channel_utilization: 8 + gauss() * 5, air_util_tx: 1.5 + gauss(), uptime_seconds: i * 1800 }));
    return { ...node, positions: [], telemetry, heard_by: agents.map((a) => ({ agent: a.id, last_us: node.last_heard_us, snr: node.snr, rssi: node.rssi, hops: node.hops_away, receptions: 40 })), recent_packets: packets.filter((p) => p.from === node.id).slice(0, 20) };
  }
  if (kind === "packets") {
    const packet = packets.find((p) => p.id === Number(id));
    if (!packet) return null;
    const receptions = Array.from({ length: packet.receptions }, (_, i) => ({ id: packet.id + i, agent: agents[i % agents.length].id, time_us: packet.time_us + i * 310e3, snr: packet.best_snr - i, rssi: -92 - i * 4, hops: packet.hops, hop_limit: packet.hop_limit, relay_node: 0x4c + i, flags: [] }));
    return { ...packet, receptions, payload: packet.summary ? { text: packet.summary, time: 1_790_000_000, snr_towards: [21, -30, -128], device_metrics: { battery_level: 80, voltage: 4.02 } } : null, raw_hex: "94c3002a".repeat(14), decode_error: packet.port === null ? "no_key" : null };
  }
  return null;
}

const kTypes = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".pbf": "application/x-protobuf" };
const kPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default";

createServer((request, response) => {
  const url = new URL(request.url, "http://localhost");
  if (url.pathname === "/api/v1/live") {
    response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
    response.write(": hello\n\n");
    streams.add(response);
    request.on("close", () => streams.delete(response));
  } else if (url.pathname.startsWith("/api/v1/")) {
    const answer = api(url.pathname.slice(8), url.searchParams);
    response.writeHead(answer ? 200 : 404, { "Content-Type": answer ? "application/json" : "application/problem+json" });
    response.end(JSON.stringify(answer ?? { title: "Not found", status: 404, detail: "There is nothing at this path." }));
  } else {
    let file = join(kDist, normalize(url.pathname));
    if (!existsSync(file) || statSync(file).isDirectory()) file = url.pathname.endsWith(".pbf") ? "" : join(kDist, "index.html");
    if (!file) return response.writeHead(204).end();
    response.writeHead(200, { "Content-Type": kTypes[extname(file)] ?? "application/octet-stream", "Content-Security-Policy": kPolicy });
    createReadStream(file).pipe(response);
  }
}).listen(Number(options.port), "127.0.0.1", () => console.log(`http://127.0.0.1:${options.port}`));
