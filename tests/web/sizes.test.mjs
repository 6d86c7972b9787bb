// Every page of meshes of all sizes, from none to two thousand nodes, in Chromium, of a real server: it opens without a
// fault, shows what the API has, and its memory does not grow while it is live.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { kPhone, launch, openPage } from "./browser.mjs";
import { Site, waitUntil } from "./site.mjs";

const kPaths = ["/", "/map", "/nodes", "/packets", "/messages", "/links", "/links?view=force", "/links?view=matrix", "/links?view=table", "/traceroutes", "/agents", "/settings"];
// Nodes of the mesh, and records that are heard of it: enough that each node is.
const kSizes = [
  [0, 0],
  [50, 3_000],
  [2_000, 20_000],
];

let browser;
before(async () => (browser = await launch()));
after(async () => browser?.close());

async function close(page) {
  assert.deepEqual([page.faults, await page.violations()], [[], []]);
  await page.context().close();
}

for (const [nodes, records] of kSizes) {
  describe(`a mesh of ${nodes} nodes`, { timeout: 600_000 }, () => {
    const site = new Site();
    before(async () => {
      await site.startServer();
      if (records) await site.load(nodes, records, ["--span", "2h"]);
    });
    after(() => site.close());

    it("has every page, wide and on a phone", async () => {
      for (const options of [{}, { viewport: kPhone, theme: "light" }]) {
        const page = await openPage(browser, `${site.url}/`, options);
        for (const path of kPaths) {
          await page.goto(site.url + path);
          await page.locator("#content h1, #content h2").first().waitFor({ state: "attached" });
          await waitUntil(async () => (await page.locator("#content .skeleton").count()) === 0, `${path} of ${nodes} nodes has loaded`);
          const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
          assert.ok(content <= screen, `${path} is ${content} wide on a screen of ${screen}`);
        }
        await close(page);
      }
    });

    it("shows as many nodes as the API has", async () => {
      const known = (await site.all("/nodes", "nodes")).length;
      assert.ok(known >= nodes * 0.8, `${known} of ${nodes} nodes are known`);
      const page = await openPage(browser, `${site.url}/nodes`);
      if (known === 0) await page.locator(".empty").waitFor();
      else await waitUntil(async () => (await page.locator("table.rows").getAttribute("aria-rowcount").catch(() => null)) === String(known + 1), "a row each");
      await close(page);
      const overview = await openPage(browser, `${site.url}/`);
      await waitUntil(async () => (await overview.locator('[data-kpi="nodes"] .tile-sub').innerText()).replace(/[^\d]/g, "").startsWith(String(known)), "the overview counts them");
      await close(overview);
    });
  });
}

describe("a page that is live for long", { timeout: 600_000 }, () => {
  const site = new Site();
  before(async () => {
    await site.startServer();
    await site.load(200, 3_000);
  });
  after(() => site.close());

  // Half an hour of a mesh that hears twelve packets a second, as fast as they come.
  it("does not grow", async () => {
    const page = await openPage(browser, `${site.url}/packets`);
    await page.locator("tr[data-row]").first().waitFor();
    const devtools = await page.context().newCDPSession(page);
    const newest = () => page.locator("tr[data-row]").first().getAttribute("data-row").then(Number);
    const heap = async () => {
      await devtools.send("HeapProfiler.collectGarbage");
      return (await devtools.send("Runtime.getHeapUsage")).usedSize;
    };
    // Loads, and waits until the page shows the newest of it.
    const live = async (records) => {
      await site.load(200, records, ["--rate", "6000"]);
      const { packets } = await site.api("/packets?limit=1");
      await waitUntil(async () => (await newest()) >= packets[0].id, "the page shows the newest packet");
      return heap();
    };
    // Until its lists are full.
    const full = await live(24_000);
    const later = await live(45_000);
    assert.ok(later < full * 1.3 + 4e6, `${full} bytes of heap grew to ${later}`);
    await close(page);
  });
});
