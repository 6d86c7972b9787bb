// What the page knows of the mesh: loaded from the API, kept current by the live stream. Components read the signals.

import { batch, computed, signal } from "@preact/signals";
import { getAgents, getMessages, getNodes, getPackets, getStats } from "../api/client";
import { openLive, type Connection } from "../api/live";
import type { Agent, LiveReception, Message, Micros, Node, Packet, Stats } from "../api/types";
import { afterPainted } from "./painted";
import { reason } from "./reason";
import { addReceptions, hold, kEmptyFeed, kFeedRows, push, release, replace, type Feed } from "../logic/feed";

const kMessages = 40;
const kTextPorts = new Set([1, 7]);
// Events are gathered and shown this often: a screen that changes faster cannot be read, only burns power.
const kShowMs = 200;
// The stream tells the figures when they change. Without news for this long they are asked for: the last 60 seconds go
// on while nothing is heard, and the stream may be lost.
const kStatsMs = 10_000;
// Figures that were asked for this lately are not asked for again with the rest.
const kStatsFreshMs = 2_000;
// At most this often everything is loaded anew when the stream says that it skipped events.
const kReloadMs = 5_000;
// Texts come in conversations: the list is asked for this often at most.
const kMessagesMs = 2_000;
// Everything is loaded when the stream is open, so that nothing falls between the two; without a stream after this time.
const kStreamMs = 2_000;
// The rest waits for the first figures to be painted, at most this long.
const kFiguresMs = 1_000;
// How long after a failed question everything is asked for again.
const kRetryMs = 10_000;
// Fed by the projection lag of each second: the curve of the last two minutes.
const kLagPoints = 120;

export const connection = signal<Connection>("connecting");
export const stats = signal<Stats | null>(null);
// Whether the mesh is well is what is looked for first: what holds the page for long begins when the figures are seen.
let figuresSeen: Promise<void> | undefined;
export const afterFigures = (): Promise<void> => (figuresSeen ??= afterPainted(stats, kFiguresMs));
export const agents = signal<Agent[] | null>(null);
// The same Map object for its whole life; `nodesRevision` rises when it changed.
export const nodes = new Map<string, Node>();
export const nodesRevision = signal(0);
export const nodesLoaded = signal(false);
export const feed = signal<Feed>(kEmptyFeed);
export const feedLoaded = signal(false);
// Those of the newest events: all but the first of each packet, whose agent stands in the packet.
export const freshReceptions = signal<LiveReception[]>([]);
export const messages = signal<Message[] | null>(null);
export const lagCurve = signal<number[]>([]);
// Why loading failed, for people; null while all is well.
export const loadError = signal<string | null>(null);

// The server's clock, once a second: ages are right even where the browser's clock is not.
let clockOffset: Micros = 0;
export const now = signal<Micros>(Date.now() * 1000);
const serverNow = (): Micros => Date.now() * 1000 + clockOffset;

export const agentList = computed(() => [...(agents.value ?? [])].sort((a, b) => a.id.localeCompare(b.id)));

interface Arrived {
  packets: Packet[];
  receptions: LiveReception[];
  nodes: Node[];
  agents: Agent[];
  stats: Partial<Stats> | null;
}

const nothing = (): Arrived => ({ packets: [], receptions: [], nodes: [], agents: [], stats: null });
let arrived = nothing();
let showTimer: ReturnType<typeof setTimeout> | undefined;

function show(): void {
  showTimer = undefined;
  const batchOfEvents = arrived;
  arrived = nothing();
  batch(() => {
    feed.value = addReceptions(push(feed.value, batchOfEvents.packets), batchOfEvents.receptions);
    if (batchOfEvents.receptions.length > 0) freshReceptions.value = batchOfEvents.receptions;
    if (batchOfEvents.nodes.length > 0) {
      for (const node of batchOfEvents.nodes) nodes.set(node.id, node);
      nodesRevision.value++;
    }
    if (batchOfEvents.agents.length > 0) {
      const byId = new Map((agents.value ?? []).map((a) => [a.id, a]));
      for (const agent of batchOfEvents.agents) byId.set(agent.id, { ...byId.get(agent.id), ...agent });
      agents.value = [...byId.values()];
    }
    if (batchOfEvents.stats) applyStats(batchOfEvents.stats);
  });
  if (batchOfEvents.packets.some((p) => p.port != null && kTextPorts.has(p.port))) messagesSoon();
}

function soon(): void {
  showTimer ??= setTimeout(show, kShowMs);
}

let lastStats = -Infinity;

function applyStats(change: Partial<Stats>): void {
  lastStats = performance.now();
  if (change.now_us) clockOffset = change.now_us - Date.now() * 1000;
  const known = stats.value;
  // An event may hold the figures only; the curves stay as they were loaded.
  if (known || change.series) stats.value = { ...known, ...change } as Stats;
  if (change.projection) lagCurve.value = [...lagCurve.value, change.projection.lag_seconds].slice(-kLagPoints);
}

let retryTimer: ReturnType<typeof setTimeout> | undefined;

// Runs a question and tells what it answered; what went wrong is shown and asked again later.
async function ask<T>(question: () => Promise<T>, tell: (answer: T) => void): Promise<void> {
  try {
    const answer = await question();
    batch(() => {
      tell(answer);
      loadError.value = null;
    });
  } catch (error) {
    loadError.value = reason(error);
    retryTimer ??= setTimeout(() => {
      retryTimer = undefined;
      reload();
    }, kRetryMs);
  }
}

const loadStats = () => {
  lastStats = performance.now();
  return ask(getStats, applyStats);
};
let messagesTimer: ReturnType<typeof setTimeout> | undefined;
let lastMessages = -Infinity;

const loadMessages = () => {
  lastMessages = performance.now();
  return ask(() => getMessages(kMessages), (list) => (messages.value = list));
};

function messagesSoon(): void {
  messagesTimer ??= setTimeout(() => {
    messagesTimer = undefined;
    void loadMessages();
  }, Math.max(0, lastMessages + kMessagesMs - performance.now()));
}

async function loadAll(): Promise<void> {
  await Promise.all([
    performance.now() - lastStats > kStatsFreshMs && loadStats(),
    ask(getAgents, (list) => (agents.value = list)),
    ask(() => getPackets(kFeedRows), (list) => {
      feed.value = replace(feed.value, list);
      feedLoaded.value = true;
    }),
    ask(getNodes, (list) => {
      nodes.clear();
      for (const node of list) nodes.set(node.id, node);
      nodesLoaded.value = true;
      nodesRevision.value++;
    }),
    loadMessages(),
  ]);
}

let reloadTimer: ReturnType<typeof setTimeout> | undefined;
let lastReload = -Infinity;

// Soon, and not more often than kReloadMs, however often it is asked for.
function reload(): void {
  const wait = Math.max(0, lastReload + kReloadMs - performance.now());
  reloadTimer ??= setTimeout(() => {
    reloadTimer = undefined;
    lastReload = performance.now();
    void afterFigures().then(loadAll);
  }, wait);
}

// A server that is back is asked at once for what it could not answer; what failed meanwhile is not told any more.
function onConnection(state: Connection): void {
  connection.value = state;
  if (state === "lost" && lastReload === -Infinity) reload();
  if (state !== "live") return;
  loadError.value = null;
  if (retryTimer === undefined) return;
  clearTimeout(retryTimer);
  retryTimer = undefined;
  reload();
}

export function holdFeed(): void {
  feed.value = hold(feed.value);
}

export function releaseFeed(): void {
  feed.value = release(feed.value);
}

// Begins to load and to listen; for the life of the page.
export function start(): void {
  // Unlike the rest these miss nothing by not waiting for the stream.
  void loadStats();
  openLive("/api/v1/live", {
    connection: onConnection,
    reload,
    packet: (packet) => (arrived.packets.push(packet), soon()),
    reception: (reception) => (arrived.receptions.push(reception), soon()),
    node: (node) => (arrived.nodes.push(node), soon()),
    agent: (agent) => (arrived.agents.push(agent), soon()),
    stats: (change) => ((arrived.stats = { ...arrived.stats, ...change }), soon()),
  });
  setTimeout(() => {
    if (lastReload === -Infinity) reload();
  }, kStreamMs);
  setInterval(() => (now.value = serverNow()), 1_000);
  setInterval(() => {
    if (!document.hidden && performance.now() - lastStats > kStatsMs) void loadStats();
  }, kStatsMs / 2);
}
