// Makes the pictures of docs/screenshots from real programs:   node screenshots.mjs [FOLDER]
// Every page in both themes, 1440 and 390 pixels wide; an installation without an agent; and a mesh of 2,000 nodes.

import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { kPhone, kWide, launch, openPage } from "./browser.mjs";
import { Site, waitUntil } from "./site.mjs";

const folder = process.argv[2] ?? fileURLToPath(new URL("../../docs/screenshots", import.meta.url));
mkdirSync(folder, { recursive: true });

// Rings around nodes that just sent, the base map's last tiles, and graphs that move into place settle within this.
const kSettleMs = 2_500;

async function picture(browser, url, name, options) {
  const page = await openPage(browser, url, options);
  await page.locator("#content h1, #content h2").first().waitFor({ state: "attached", timeout: 60_000 });
  await page.waitForTimeout(kSettleMs);
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: options.viewport !== kPhone });
  console.log(`${name}.png`);
  await page.context().close();
}

// Both themes, wide and on a phone.
async function pictures(browser, url, name) {
  for (const theme of ["dark", "light"]) {
    await picture(browser, url, `${name}-${theme}`, { viewport: kWide, theme });
    await picture(browser, url, `${name}-phone-${theme}`, { viewport: kPhone, theme });
  }
}

// A curve needs some minutes, and they are real ones: the server counts by its own clock, whatever the mesh's is.
const kMinutesShown = 3;
const kMinutesWaitMs = (kMinutesShown + 2) * 60_000;

// The whole minutes in which packets were heard; the running one is not over.
async function busyMinutes(site) {
  const { series } = await site.api("/stats");
  return series.minute.slice(0, -1).filter((minute) => minute.packets > 0).length;
}

// `rate`: packets of the mesh in a second. Ends when `heard` nodes were.
async function busySite(nodes, rate, heard) {
  const site = new Site();
  await site.startServer();
  await site.startMesh(3, ["--seed", "7", "--nodes", String(nodes), "--rate", String(rate)]);
  await waitUntil(async () => (await site.api("/stats")).nodes.total >= heard, `${heard} nodes are heard`, 300_000);
  return site;
}

// What the pages of one thing are about: those of which most is known.
async function subjects(site) {
  const nodes = await site.all("/nodes", "nodes");
  const node = nodes.filter((n) => n.position && n.battery_level != null).sort((a, b) => b.packets - a.packets)[0];
  const { packets } = await site.api("/packets?limit=500&q=port:text,position");
  const packet = packets.sort((a, b) => b.receptions - a.receptions)[0];
  const { links } = await site.api("/links?limit=1000&evidence=direct");
  const link = links.sort((a, b) => b.count - a.count)[0];
  return { node, packet, link };
}

const browser = await launch();
const fresh = new Site();
let busy;
let large;
try {
  await fresh.startServer();
  await picture(browser, `${fresh.url}/`, "overview-empty-dark", { viewport: kWide, theme: "dark" });

  busy = await busySite(60, 8, 50);
  await waitUntil(async () => (await busyMinutes(busy)) >= kMinutesShown, `${kMinutesShown} minutes of traffic`, kMinutesWaitMs);
  const { node, packet, link } = await subjects(busy);
  const { agents } = await busy.api("/agents");
  const paths = {
    overview: "/",
    map: "/map?layers=links",
    nodes: "/nodes",
    node: `/nodes/${node.id}`,
    packets: "/packets",
    packet: `/packets?packet=${packet.id}`,
    messages: "/messages",
    links: "/links?view=force",
    link: `/links?view=matrix&link=${link.from}-${link.to}`,
    traceroutes: "/traceroutes",
    agents: "/agents",
    agent: `/agents/${agents[0].id}`,
    settings: "/settings",
  };
  for (const [name, path] of Object.entries(paths)) await pictures(browser, busy.url + path, name);
  await busy.close();

  large = await busySite(2000, 400, 1500);
  for (const [name, path] of [["overview", "/"], ["map", "/map"], ["nodes", "/nodes"], ["links", "/links?view=force"]]) {
    await picture(browser, large.url + path, `${name}-2000-nodes-dark`, { viewport: kWide, theme: "dark" });
  }
} finally {
  await browser.close();
  for (const site of [fresh, busy, large]) await site?.close();
}
