// The overview, in Chromium, of a real server that real agents feed from a simulated mesh.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { accessibilityFaults, kPhone, launch, openPage } from "./browser.mjs";
import { programPath, Site, waitUntil } from "./site.mjs";

// Enough nodes that every role and the hostile names are among them.
const kMesh = ["--seed", "7", "--nodes", "60", "--rate", "20"];

const figure = (page, name) =>
  page.locator(`[data-kpi="${name}"] .tile-value`).innerText().then((text) => Number(text.replace(/[^\d.]/g, "")));
const rowIds = (page) => page.locator("tr[data-packet]").evaluateAll((rows) => rows.map((row) => Number(row.dataset.packet)));

function placed(node) {
  return node.position != null && Math.abs(node.position.latitude) <= 85 && !(node.position.latitude === 0 && node.position.longitude === 0);
}

describe("the overview", { timeout: 600_000 }, () => {
  const site = new Site();
  let browser;
  let page;

  before(async () => {
    await site.startServer();
    await site.startMesh(3, kMesh);
    browser = await launch();
    page = await openPage(browser, `${site.url}/`);
    await page.locator("tr[data-packet]").first().waitFor({ timeout: 120_000 });
  });

  after(async () => {
    await browser?.close();
    await site.close();
  });

  it("is connected and shows figures that move", async () => {
    await page.locator(".connection", { hasText: "Live" }).waitFor();
    const total = () => page.locator('[data-kpi="packets"] .tile-sub').innerText();
    const before = await total();
    await waitUntil(async () => (await total()) !== before, "the packets of the day rise");
    await waitUntil(async () => (await figure(page, "packets")) > 0, "packets a minute");
  });

  it("shows as many nodes and agents as the API has", async () => {
    await waitUntil(async () => {
      const nodes = await site.all("/nodes", "nodes");
      const [shown, subtitle] = [await page.locator(".map-box").getAttribute("data-placed"), await page.locator('[data-kpi="nodes"] .tile-sub').innerText()];
      return nodes.length > 20 && Number(shown) === nodes.filter(placed).length && subtitle.startsWith(`of ${nodes.length} `);
    }, "map and figures equal the API");
    const { agents } = await site.api("/agents");
    assert.equal(agents.length, 3);
    const shown = await page.locator("tr[data-agent]").evaluateAll((rows) => rows.map((row) => row.dataset.agent));
    assert.deepEqual(shown, agents.map((agent) => agent.id).sort());
    await waitUntil(async () => (await page.locator("tr[data-agent] .status.good").count()) === 3, "all agents are ready");
  });

  it("draws the map", async () => {
    await page.locator(".map canvas.maplibregl-canvas").waitFor();
    await page.locator(".map-tools").waitFor();
    await waitUntil(() => [...page.requested].some((path) => path.startsWith("/assets/basemap-")), "a tile of the base map is asked for");
  });

  it("shows packets the moment they come, as the API has them", async () => {
    const [newest] = await rowIds(page);
    await waitUntil(async () => (await rowIds(page))[0] > newest, "a newer packet appears");
    const ids = await rowIds(page);
    assert.deepEqual(ids, [...ids].sort((a, b) => b - a));
    assert.equal(new Set(ids).size, ids.length);
    const row = await site.api(`/packets/${ids[3]}`);
    const text = await page.locator(`tr[data-packet="${ids[3]}"] .feed-rx`).innerText().catch(() => null);
    if (text !== null) assert.ok(Number(text) <= row.receptions.length);
  });

  it("holds the list still while it is read, and says how many wait", async () => {
    // To a place of the list, not to a row: rows move away as packets come.
    const list = await page.locator(".feed .panel-body").boundingBox();
    await page.mouse.move(list.x + list.width / 2, list.y + list.height / 2);
    await page.locator(".feed-held").waitFor();
    const before = await rowIds(page);
    await page.locator(".fresh", { hasText: /\d+ new/ }).waitFor();
    assert.deepEqual(await rowIds(page), before);
    await page.mouse.move(200, 20);
    await waitUntil(async () => (await rowIds(page))[0] > before[0], "the list goes on");
    assert.equal(await page.locator(".fresh").count(), 0);
  });

  it("shows hostile names and texts as text", async () => {
    const hostile = await waitUntil(async () => (await site.all("/nodes", "nodes")).find((n) => n.long_name?.includes("<img")), "a hostile name is known");
    const other = await openPage(browser, `${site.url}/?node=${encodeURIComponent(hostile.id)}`);
    const title = other.locator(".drawer h2");
    await title.filter({ hasText: "<img" }).waitFor();
    assert.equal((await title.innerText()).trim(), hostile.long_name.trim());
    assert.equal(await other.locator("img, iframe, script:not([src])").count(), 0);
    assert.deepEqual([other.faults, await other.violations()], [[], []]);
    await other.context().close();
  });

  it("opens a node and a packet from the address, by pointer and by keyboard, and goes back", async () => {
    const [id] = await rowIds(page);
    const other = await openPage(browser, `${site.url}/?packet=${id}`);
    await other.locator(".drawer .facts").waitFor();
    await other.getByRole("tab", { name: "Receptions" }).click();
    await waitUntil(async () => (await other.locator(".drawer .arrival").count()) === (await site.api(`/packets/${id}`)).receptions.length, "a row for each reception");
    await other.getByRole("tab", { name: "Decoded" }).click();
    await other.keyboard.press("Escape");
    await other.locator(".drawer").waitFor({ state: "detached" });
    assert.equal(new URL(other.url()).search, "");
    // The tab key stops once in the list, at its newest packet; arrow keys go on from there.
    const stops = other.locator('.feed tbody :is(tr, a)[tabindex="0"], .feed tbody a:not([tabindex])');
    assert.equal(await stops.count(), 1);
    await stops.focus();
    await other.locator(".feed-held").waitFor();
    const focused = () => other.evaluate(() => Number(document.activeElement.dataset.packet));
    const order = await rowIds(other);
    await other.keyboard.press("Home"); // a packet may have come just before
    assert.equal(await focused(), order[0]);
    for (const [key, row] of [["ArrowDown", 1], ["ArrowDown", 2], ["ArrowUp", 1], ["Home", 0], ["ArrowUp", 0], ["End", order.length - 1], ["Home", 0], ["ArrowDown", 1]]) {
      await other.keyboard.press(key);
      assert.equal(await focused(), order[row], key);
      assert.equal(await stops.count(), 1);
    }
    await other.keyboard.press("Enter");
    await other.locator(".drawer .facts").waitFor();
    assert.equal(new URL(other.url()).searchParams.get("packet"), String(order[1]));
    // The list goes on while the drawer has the keyboard; entered again it stands, wherever the row is by now.
    await other.keyboard.press("Escape");
    await other.locator(".drawer").waitFor({ state: "detached" });
    await stops.focus();
    await other.keyboard.press("ArrowDown");
    const opened = await focused();
    await other.keyboard.press("Space");
    await other.locator(".drawer .facts").waitFor();
    assert.equal(new URL(other.url()).searchParams.get("packet"), String(opened));
    await other.locator(".drawer .facts a").first().click();
    await other.locator('.drawer[aria-label="Node"]').waitFor();
    await other.goBack();
    await other.locator('.drawer[aria-label="Packet"]').waitFor();
    assert.deepEqual([other.faults, await other.violations()], [[], []]);
    await other.context().close();
  });

  it("remembers theme and zone", async () => {
    const other = await openPage(browser, `${site.url}/`);
    assert.equal(await other.evaluate(() => document.documentElement.dataset.theme), "dark");
    await other.getByRole("button", { name: /^Theme/ }).click();
    await other.getByRole("button", { name: /^Theme/ }).click();
    await other.getByRole("button", { name: "UTC" }).click();
    await other.reload();
    assert.equal(await other.evaluate(() => document.documentElement.dataset.theme), "light");
    assert.equal(await other.getByRole("button", { name: "UTC" }).getAttribute("aria-pressed"), "true");
    await other.locator("tr[data-packet] time").first().waitFor();
    const clock = await other.locator("tr[data-packet] time").first().evaluate((e) => [e.dateTime.slice(11, 19), e.textContent]);
    assert.equal(clock[0], clock[1]);
    await other.context().close();
  });

  it("leaves room for what packets say, and keeps scale and legend apart, on common laptops", async () => {
    for (const [width, height] of [[1440, 900], [1280, 800], [1180, 800]]) {
      const other = await openPage(browser, `${site.url}/`, { viewport: { width, height } });
      await other.locator("tr[data-packet]").first().waitFor();
      await other.locator(".map-tools").waitFor();
      const found = await other.evaluate(() => {
        const box = (selector) => document.querySelector(selector).getBoundingClientRect();
        const letters = document.querySelector(".feed-summary .clip").appendChild(document.createElement("span"));
        letters.textContent = "abcdefghijklmnopqrstuvwxy";
        const needed = letters.getBoundingClientRect().width;
        letters.remove();
        const tooLong = [...document.querySelectorAll(".feed-port")].filter((cell) => cell.scrollWidth > cell.clientWidth).length;
        const apart = (a, b) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
        return {
          content: box(".feed-summary .clip").width >= needed, tooLong,
          apart: apart(box(".legend"), box(".map-foot")) && apart(box(".map-tools"), box(".map-foot")),
        };
      });
      assert.deepEqual(found, { content: true, tooLong: 0, apart: true }, `${width} wide`);
      await other.context().close();
    }
  });

  it("fits a phone", async () => {
    const phone = await openPage(browser, `${site.url}/`, { viewport: kPhone, theme: "light" });
    await phone.locator("tr[data-packet]").first().waitFor();
    await phone.locator(".map-tools").waitFor();
    const [content, screen] = await phone.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(content <= screen, `the page is ${content} wide on a screen of ${screen}`);
    await phone.locator("tr[data-packet]").first().click();
    await phone.locator(".drawer .facts").waitFor();
    assert.ok((await phone.locator(".drawer").boundingBox()).width <= kPhone.width);
    assert.deepEqual([phone.faults, await phone.violations()], [[], []]);
    await phone.context().close();
  });

  it("is accessible: axe finds nothing serious, in both themes and with each drawer", async () => {
    const [packet] = await rowIds(page);
    const [node] = (await site.api("/nodes?limit=1")).nodes;
    const cases = [
      ["dark", ""], ["light", `?packet=${packet}`], ["dark", `?node=${node.id}`], ["light", "?agent=harbor-roof"],
    ];
    for (const [theme, query] of cases) {
      const other = await openPage(browser, `${site.url}/${query}`, { theme });
      await other.locator("tr[data-packet]").first().waitFor();
      await other.locator(".map-tools").waitFor();
      if (query) await other.locator(".drawer .drawer-section").first().waitFor();
      assert.deepEqual(await accessibilityFaults(other), [], `${theme} ${query}`);
      await other.context().close();
    }
  });

  it("loads little before the map", async () => {
    const html = await (await fetch(`${site.url}/`)).text();
    const named = [...html.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path]) => path);
    assert.ok(named.length >= 2);
    let bytes = 0;
    for (const path of named) {
      const answer = await fetch(site.url + path, { method: "HEAD", headers: { "Accept-Encoding": "gzip" } });
      assert.equal(answer.headers.get("cache-control"), "public, max-age=31536000, immutable");
      assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
      bytes += Number(answer.headers.get("content-length"));
    }
    assert.ok(bytes > 0 && bytes < 150 * 1024, `${bytes} bytes`);
  });

  it("had no error, no violation of its policy and no request to another host", async () => {
    assert.deepEqual([page.faults, await page.violations()], [[], []]);
  });
});

describe("a restart of the server", { timeout: 600_000 }, () => {
  const site = new Site();
  let browser;
  after(async () => {
    await browser?.close();
    await site.close();
  });

  it("is said, and the page goes on without a gap", async () => {
    await site.startServer();
    await site.startMesh(1, ["--seed", "3", "--nodes", "25", "--rate", "5"]);
    browser = await launch();
    const page = await openPage(browser, `${site.url}/`, { expectLostServer: true });
    await page.locator("tr[data-packet]").first().waitFor({ timeout: 120_000 });
    await page.evaluate(() => (globalThis.sameDocument = true));
    const top = () => page.locator(".overview").evaluate((e) => e.getBoundingClientRect().top);
    const topBefore = await top();
    await site.server.stop();
    await page.locator(".connection", { hasText: "Reconnecting" }).waitFor();
    const [last] = await rowIds(page);
    // It is said once, at the top: even when questions fail meanwhile, nothing covers the page or moves it.
    await page.waitForEvent("requestfailed", { predicate: (request) => request.url().endsWith("/stats"), timeout: 60_000 });
    assert.deepEqual([await page.locator(".load-error").count(), await top()], [0, topBefore]);
    await site.startServer();
    await page.locator(".connection", { hasText: "Live" }).waitFor({ timeout: 60_000 });
    await waitUntil(async () => (await rowIds(page))[0] > last, "new packets appear");
    assert.equal(await page.evaluate(() => globalThis.sameDocument), true, "the page was loaded anew");
    // Every packet since the list's oldest is there: the API's list holds no id that the page left out.
    await waitUntil(async () => {
      const { packets } = await site.api("/packets?limit=60");
      const shown = new Set(await rowIds(page));
      const settled = packets.filter((p) => p.time_us < Date.now() * 1000 - 3e6);
      return settled.length > 0 && settled.every((p) => shown.has(p.id));
    }, "the page has every packet that the API has");
  });
});

describe("a fresh server", { timeout: 120_000 }, () => {
  const site = new Site();
  let browser;
  after(async () => {
    await browser?.close();
    await site.close();
  });

  it("says what to do first", async () => {
    await site.startServer();
    browser = await launch();
    const page = await openPage(browser, `${site.url}/`);
    await page.getByText("No agent yet").waitFor();
    await page.locator('[data-kpi="health"] .tile-value', { hasText: "Unheard" }).waitFor();
    // What the page shows is what the agent takes, once the key is in.
    const code = page.locator('[data-command="config"]');
    const shown = await code.innerText();
    assert.match(shown, new RegExp(`^url = ${site.url}$`, "m"));
    assert.match(shown, /^api_key = <the key>$/m);
    const config = join(site.directory, "multi_agent_config.ini");
    writeFileSync(config, shown.replace("<the key>", "0123456789abcdef0123456789abcdef"));
    execFileSync(programPath("mmm-agent"), ["check-config", "--config", config], { cwd: site.directory, timeout: 30_000 });
    assert.equal(await page.locator('[data-command="run"]').innerText(), "mmm-agent --config multi_agent_config.ini");
    for (const text of await page.locator("[data-command]").all()) {
      const [inside, whole] = await text.evaluate((e) => [e.clientWidth, e.scrollWidth]);
      assert.ok(whole <= inside, "a command is cut");
    }
    assert.ok(await page.locator(".agents .panel-body").evaluate((e) => e.scrollHeight <= e.clientHeight), "the first steps are cut");
    // Over plain HTTP a browser offers no clipboard; where the old way does not work either, the text is at least selected.
    await page.evaluate(() => {
      Object.defineProperty(navigator, "clipboard", { value: undefined });
      document.execCommand = () => false;
    });
    await page.locator(".command button").first().click();
    await page.getByText("Selected: press Ctrl+C").waitFor();
    assert.equal(await page.evaluate(() => String(getSelection()).trim()), shown.trim());
    await page.getByText("No node has sent its position yet.").waitFor();
    assert.equal(await figure(page, "nodes"), 0);
    assert.deepEqual([page.faults, await page.violations()], [[], []]);
  });
});
