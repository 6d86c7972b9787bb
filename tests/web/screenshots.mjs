// Makes the pictures of docs/screenshots from real programs:   node screenshots.mjs [FOLDER]

import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { kPhone, kWide, launch, openPage } from "./browser.mjs";
import { Site, waitUntil } from "./site.mjs";

const folder = process.argv[2] ?? fileURLToPath(new URL("../../docs/screenshots", import.meta.url));
mkdirSync(folder, { recursive: true });

// Rings around nodes that just sent, and the base map's last tiles, settle within this.
const kSettleMs = 2_500;

async function picture(browser, url, name, options, prepare = async () => {}) {
  const page = await openPage(browser, url, options);
  await page.locator(".map-tools").waitFor({ timeout: 60_000 });
  await prepare(page);
  await page.waitForTimeout(kSettleMs);
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: options.viewport === kPhone });
  console.log(`${name}.png`);
  await page.context().close();
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

const browser = await launch();
const fresh = new Site();
let busy;
let large;
try {
  await fresh.startServer();
  await picture(browser, `${fresh.url}/`, "overview-empty-dark", { viewport: kWide, theme: "dark" });

  busy = await busySite(60, 8, 50);
  const url = `${busy.url}/`;
  await waitUntil(async () => (await busyMinutes(busy)) >= kMinutesShown, `${kMinutesShown} minutes of traffic`, kMinutesWaitMs);
  for (const theme of ["dark", "light"]) {
    await picture(browser, url, `overview-${theme}`, { viewport: kWide, theme });
    await picture(browser, url, `overview-phone-${theme}`, { viewport: kPhone, theme });
  }
  const nodes = await busy.all("/nodes", "nodes");
  const node = nodes.filter((n) => n.position && n.battery_level != null).sort((a, b) => b.packets - a.packets)[0];
  await picture(browser, `${url}?node=${node.id}`, "node-dark", { viewport: kWide, theme: "dark" });
  const { packets } = await busy.api("/packets?limit=100");
  const packet = packets.sort((a, b) => b.receptions - a.receptions)[0];
  await picture(browser, `${url}?packet=${packet.id}`, "packet-light", { viewport: kWide, theme: "light" });
  await busy.close();

  large = await busySite(2000, 400, 1500);
  await picture(browser, `${large.url}/`, "overview-2000-nodes-dark", { viewport: kWide, theme: "dark" });
} finally {
  await browser.close();
  for (const site of [fresh, busy, large]) await site?.close();
}
