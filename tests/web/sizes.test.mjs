// Every page of meshes of all sizes, from none to ten thousand nodes, in Chromium, of a real server: it opens without a
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

// From the next page on: globalThis.longTasks and frameTimes, in milliseconds.
const noteFrames = (page) =>
  page.addInitScript(() => {
    globalThis.longTasks = [];
    globalThis.frameTimes = [];
    new PerformanceObserver((list) => globalThis.longTasks.push(...list.getEntries().map((entry) => Math.round(entry.duration)))).observe({ type: "longtask", buffered: true });
    let last = null;
    const frame = (time) => {
      if (last !== null) globalThis.frameTimes.push(time - last);
      last = time;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });

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
      if (records) await site.load(nodes, records, ["--span", "2h", "--introduce"]);
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

const kWindow = { width: 1000, height: 640 }; // a machine without a graphics card draws each pixel itself
// Elements of any page, however large the mesh is: what is long is drawn as far as it is seen.
const kElementsMax = 5_000;

describe("a mesh of ten thousand nodes", { timeout: 600_000 }, () => {
  const site = new Site();
  before(async () => {
    await site.startServer();
    await site.load(10_000, 100_000, ["--span", "2h", "--introduce"]);
  });
  after(() => site.close());

  it("has every page, each of a bounded size and loaded once", async (test) => {
    const known = (await site.api("/stats")).nodes.total;
    assert.ok(known > 9_500, `${known} nodes are known`);
    const page = await openPage(browser, `${site.url}/api/docs`, { viewport: kWindow });
    const asked = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await noteFrames(page);
    for (const path of kPaths) {
      asked.length = 0;
      const begin = Date.now();
      await page.goto(site.url + path);
      await page.locator("#content h1, #content h2").first().waitFor({ state: "attached" });
      await waitUntil(async () => (await page.locator("#content .skeleton").count()) === 0, `${path} has loaded`);
      await waitUntil(() => asked.filter((each) => each === "/api/v1/nodes").length >= Math.ceil(known / 1000), "all nodes are asked for");
      const { elements, longTasks } = await page.evaluate(() => ({ elements: document.querySelectorAll("*").length, longTasks: globalThis.longTasks }));
      assert.ok(elements < kElementsMax, `${path} has ${elements} elements`);
      assert.equal(asked.filter((each) => each === "/api/v1/nodes").length, Math.ceil(known / 1000), `${path} asks for each node once`);
      test.diagnostic(`${path}: ${Date.now() - begin} ms, ${elements} elements, long tasks: ${longTasks.join(", ") || "none"} ms`);
    }
    await close(page);
  });

  it("is shown on the map, near nodes as one mark that opens", async (test) => {
    const placed = (await site.all("/nodes?q=is:placed", "nodes")).length;
    const page = await openPage(browser, `${site.url}/api/docs`, { viewport: kWindow });
    await noteFrames(page);
    await page.goto(`${site.url}/map?panel=closed`);
    const box = page.locator(".map-box");
    await waitUntil(async () => Number(await box.getAttribute("data-placed").catch(() => 0)) === placed, () => `${placed} nodes with a position`);
    const { x, y, width, height } = await box.boundingBox();
    const [middleX, middleY] = [x + width / 2, y + height / 2];
    const canvas = page.locator("canvas.maplibregl-canvas");
    const isMark = async (px, py) => {
      await page.mouse.move(px, py);
      return canvas.evaluate((element) => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(element.style.cursor === "pointer")))));
    };
    // Marks cover the whole mesh: one is near the middle.
    const mark = await waitUntil(async () => {
      for (let step = 0; step < 40; step++) {
        const at = [middleX + ((step * 37) % 300) - 150, middleY + ((step * 53) % 240) - 120];
        if (await isMark(...at)) return at;
      }
      return null;
    }, "a mark under the pointer");
    assert.equal(await page.locator(".map-tip").count(), 0, "of many nodes nothing is told");
    assert.ok((await box.locator("*").count()) < 50, "marks are no elements");
    const frames = async (what, move) => {
      await page.evaluate(() => (globalThis.longTasks.length = globalThis.frameTimes.length = 0));
      await move();
      const { times, longTasks } = await page.evaluate(() => ({ times: globalThis.frameTimes.toSorted((a, b) => a - b), longTasks: globalThis.longTasks }));
      assert.ok(times.length > 0, `the page draws while ${what}`);
      const part = (share) => Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))]);
      test.diagnostic(`${what}: ${times.length} frames, p50 ${part(0.5)} ms, p95 ${part(0.95)} ms, most ${part(1)} ms; long tasks: ${longTasks.join(", ") || "none"} ms`);
    };
    await page.mouse.click(...mark);
    await waitUntil(() => new URL(page.url()).searchParams.has("at"), "the mark opens: the map goes nearer");
    assert.equal(await page.locator(".drawer").count(), 0);
    await page.mouse.move(middleX, middleY);
    await frames("zooming out and in", async () => {
      for (const way of [1, 1, 1, -1, -1, -1]) await page.mouse.wheel(0, way * 240);
    });
    await frames("panning", async () => {
      await page.mouse.down();
      await page.mouse.move(middleX + 260, middleY + 120, { steps: 25 });
      await page.mouse.move(middleX - 260, middleY - 60, { steps: 25 });
      await page.mouse.up();
    });
    await close(page);
  });

  it("comes to rest as a graph, without holding up the page", async (test) => {
    const page = await openPage(browser, `${site.url}/api/docs`, { viewport: kWindow });
    await noteFrames(page);
    const begin = Date.now();
    await page.goto(`${site.url}/links?view=force`);
    await page.locator('.link-canvas[data-settled="false"]').waitFor();
    // While places are found the page answers.
    await page.locator(".link-tools button").first().click();
    await page.locator('.link-canvas[data-settled="true"]').waitFor({ timeout: 120_000 });
    const longTasks = await page.evaluate(() => globalThis.longTasks);
    test.diagnostic(`at rest after ${Date.now() - begin} ms; long tasks: ${longTasks.join(", ") || "none"} ms`);
    await close(page);
  });
});

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
