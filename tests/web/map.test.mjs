// The map page in Chromium, of a real server that real agents feed from a simulated mesh.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { accessibilityFaults, kPhone, launch, openPage } from "./browser.mjs";
import { Site, waitUntil } from "./site.mjs";

const kMesh = ["--seed", "7", "--nodes", "60", "--rate", "20"];
const kRouters = "role:router,router_late,repeater,router_client";
const kLayerNames = ["agents", "links", "traceroutes", "trails", "precision", "heat", "hexes"];

const figure = (text) => Number(text.replace(/[^\d]/g, ""));
const figures = (text) => (text.replaceAll(",", "").match(/\d+/g) ?? []).map(Number);
const option = (page, name) => new URL(page.url()).searchParams.get(name);
const placed = async (page) => Number(await page.locator(".map-box").getAttribute("data-placed"));
const layer = (page, name) => page.locator(`[data-layer="${name}"]`);
const note = (page, name) => layer(page, name).locator(".layer-note").innerText({ timeout: 5_000 }).catch(() => "");
const rowCount = async (page) => Number(await page.locator("table.rows").getAttribute("aria-rowcount")) - 1;

const mercator = (latitude) => Math.log(Math.tan(Math.PI / 4 + (latitude * Math.PI) / 360));
const latitudeOf = (y) => (Math.atan(Math.exp(y)) * 360) / Math.PI - 90;

describe("the map page", { timeout: 600_000 }, () => {
  const site = new Site();
  let browser;

  const nodesOf = (text) => site.all(`/nodes?q=${encodeURIComponent(text)}`, "nodes");
  const open = async (path, options) => {
    const page = await openPage(browser, site.url + path, options);
    await page.locator(".map-page .map-tools").waitFor();
    return page;
  };
  async function close(page) {
    assert.deepEqual([page.faults, await page.violations()], [[], []]);
    await page.context().close();
  }
  const linksOf = (answer) =>
    answer.links.map((row) => Object.fromEntries(answer.link_columns.map((name, i) => [name, row[i]]))).filter(({ from, to }) => from !== to);

  before(async () => {
    await site.startServer();
    await site.startMesh(3, kMesh);
    browser = await launch();
    await waitUntil(async () => (await nodesOf("is:placed")).length > 30, "positions are heard");
    await waitUntil(async () => (await site.api("/traceroutes?limit=5")).traceroutes.length > 1, "traceroutes are heard");
  });

  after(async () => {
    await browser?.close();
    await site.close();
  });

  it("shows the nodes that the API has, and those that the legend chooses", async () => {
    const page = await open("/map");
    await waitUntil(async () => (await placed(page)) === (await nodesOf("is:placed")).length, "as many nodes as have a position");
    const router = page.locator(".legend-entry", { hasText: "Router" });
    await router.click();
    assert.equal(await router.getAttribute("aria-pressed"), "true");
    assert.equal(option(page, "roles"), "router");
    await waitUntil(async () => {
      const count = (await nodesOf(`is:placed ${kRouters}`)).length;
      return count > 0 && (await placed(page)) === count && figure(await router.locator(".count").innerText()) === count;
    }, "routers alone");
    await page.locator(".legend-entry", { hasText: "Base" }).click();
    assert.equal(option(page, "roles"), "base,router");
    await waitUntil(async () => (await placed(page)) === (await nodesOf(`is:placed ${kRouters},client_base`)).length, "routers and bases");
    await page.locator(".legend-entry", { hasText: "longer ago" }).click();
    assert.equal(option(page, "ages"), "old");
    await waitUntil(async () => (await placed(page)) === 0, "none of them is old");
    await page.locator(".map-notice", { hasText: "No node with a position" }).waitFor();
    await page.goBack();
    await page.goBack();
    assert.equal(option(page, "roles"), "router");
    await page.locator(".legend-all").click();
    await waitUntil(async () => (await placed(page)) === (await nodesOf("is:placed")).length, "all again");
    await close(page);
  });

  it("shows what a query asks for, and says what is wrong with one", async () => {
    const page = await open("/map");
    const field = page.getByRole("combobox");
    await field.fill("role:client is:direct");
    await page.keyboard.press("Enter");
    assert.equal(option(page, "q"), "role:client is:direct");
    await waitUntil(async () => {
      const [onMap, all] = [(await nodesOf("role:client is:direct is:placed")).length, (await nodesOf("")).length];
      const status = figures(await page.locator(".map-status").innerText());
      return (await placed(page)) === onMap && status[0] === onMap && status[2] === all;
    }, "map and status equal the API");
    await field.fill("rolle:client");
    await page.keyboard.press("Enter");
    await page.locator(".query-mistake mark").waitFor();
    page.faults.splice(0, page.faults.length, ...page.faults.filter((fault) => !fault.includes("400")));
    await close(page);
  });

  it("switches layers, whose figures are the API's", async () => {
    const page = await open("/map?at=47.6,-122.3,9");
    const answers = [];
    page.on("response", async (response) => response.url().includes("links_since=1d") && answers.push(await response.json()));
    assert.equal(await layer(page, "agents").locator("button").first().getAttribute("aria-pressed"), "true");
    for (const name of kLayerNames.slice(1)) {
      const button = layer(page, name).locator(".layer-button");
      await button.click();
      assert.equal(await button.getAttribute("aria-pressed"), "true");
      assert.ok(option(page, "layers").split(",").includes(name), page.url());
    }
    await waitUntil(async () => {
      const pairs = answers.length > 0 && new Set(linksOf(answers.at(-1)).map(({ from, to }) => from + to)).size;
      const [drawn, all] = figures(await note(page, "links"));
      return drawn > 0 && drawn <= all && all === pairs;
    }, "links");
    await waitUntil(async () => {
      const [heard, all] = figures(await note(page, "hexes"));
      return heard > 0 && heard <= all && all === (await placed(page));
    }, "coverage");
    await waitUntil(async () => figures(await note(page, "traceroutes"))[0] >= 2, "traceroutes");
    await waitUntil(async () => figures(await note(page, "trails")).length === 2, "trails");
    await waitUntil(async () => {
      const rounded = (await nodesOf("is:placed")).filter(({ position }) => position.precision_bits > 0 && position.precision_bits < 32).length;
      return figures(await note(page, "precision"))[0] === rounded;
    }, "rounded positions");
    await waitUntil(async () => {
      const [most] = figures(await note(page, "heat"));
      const nodes = await nodesOf("is:placed");
      return most > 0 && nodes.some(({ packets }) => packets >= most);
    }, "heat");
    await layer(page, "hexes").getByRole("button", { name: "Receptions" }).click();
    assert.equal(option(page, "hexby"), "count");
    await page.locator(".span-choice").getByRole("button", { name: "1 h" }).click();
    assert.equal(option(page, "since"), "1h");
    await waitUntil(async () => figures(await note(page, "links"))[0] > 0, "links of an hour");
    for (const name of kLayerNames) await layer(page, name).locator(".layer-button").click();
    assert.equal(option(page, "layers"), "none");
    await page.reload();
    await page.locator(".layer").first().waitFor();
    assert.equal(await page.locator('.layer-button[aria-pressed="true"]').count(), 0);
    await close(page);
  });

  it("tells of the link under the pointer, and opens it", async () => {
    const nodes = new Map((await nodesOf("is:placed")).map((node) => [node.id, node.position]));
    const ends = linksOf(await site.api("/map?links_since=1d")).filter(({ from, to }) => nodes.has(from) && nodes.has(to));
    const away = ({ from, to }) => Math.hypot(nodes.get(from).latitude - nodes.get(to).latitude, nodes.get(from).longitude - nodes.get(to).longitude);
    const { from, to } = ends.sort((a, b) => away(b) - away(a))[0];
    const [a, b] = [nodes.get(from), nodes.get(to)];
    const latitude = latitudeOf((mercator(a.latitude) + mercator(b.latitude)) / 2).toFixed(6);
    const at = `${latitude},${((a.longitude + b.longitude) / 2).toFixed(6)},13`;
    const page = await open(`/map?q=${encodeURIComponent(`node:${from},${to}`)}&layers=links&panel=closed&at=${at}`);
    await waitUntil(async () => (await placed(page)) === 2, "two nodes are shown");
    const box = await page.locator(".map-box").boundingBox();
    const middle = [box.x + box.width / 2, box.y + box.height / 2];
    await waitUntil(async () => {
      await page.mouse.move(middle[0] - 30, middle[1] - 60);
      await page.mouse.move(...middle);
      return (await page.locator(".map-tip").count()) > 0;
    }, "the link is told");
    const told = await page.locator(".map-tip").innerText();
    assert.match(told, /→/);
    assert.match(told, /received by an agent's radio \d|reported by the receiver \d|passed by traceroutes \d/);
    await page.mouse.click(...middle);
    await page.locator('.drawer[aria-label="Link"]').waitFor();
    assert.ok([`${from}-${to}`, `${to}-${from}`].includes(option(page, "link")), page.url());
    assert.equal(option(page, "layers"), "links");
    await close(page);
  });

  it("keeps in the address where it stands, and stands there again", async () => {
    const first = await open("/map");
    await waitUntil(async () => (await placed(first)) > 0, "nodes are shown");
    assert.equal(option(first, "at"), null);
    const history = await first.evaluate(() => globalThis.history.length);
    await first.getByRole("button", { name: "Zoom in" }).click();
    await waitUntil(() => option(first, "at") !== null, "the place is in the address");
    const [latitude, longitude, zoom] = option(first, "at").split(",").map(Number);
    assert.equal(await first.evaluate(() => globalThis.history.length), history, "a move is no step of back");
    const scale = (page) => page.locator(".map-foot .scale").evaluate((bar) => [bar.textContent, bar.style.width]);
    const seen = await scale(first);
    await close(first);
    const second = await open(`/map?at=${latitude},${longitude},${zoom}`);
    assert.deepEqual(await scale(second), seen);
    // A step there and back: the place is the one that was asked for.
    await second.getByRole("button", { name: "Zoom in" }).click();
    await waitUntil(() => Number(option(second, "at").split(",")[2]) === zoom + 1, "one level nearer");
    const [north, east] = option(second, "at").split(",").map(Number);
    assert.ok(Math.abs(north - latitude) < 1e-3 && Math.abs(east - longitude) < 1e-3, second.url());
    await second.getByRole("button", { name: "Show all nodes" }).click();
    await waitUntil(() => option(second, "at") === null, "all nodes are no place");
    await close(second);
  });

  it("lists the nodes that are shown and those without a position, and opens them", async () => {
    const page = await open("/map?panel=nodes");
    const on = page.locator('[data-list="placed"] .count');
    const without = page.locator('[data-list="unplaced"]');
    await waitUntil(async () => {
      const counts = [figure(await on.innerText()), figure(await without.locator(".count").innerText())];
      return counts[0] === (await nodesOf("is:placed")).length && counts[1] === (await nodesOf("-is:placed")).length;
    }, "the counts are the API's");
    const [node] = (await nodesOf("is:placed")).filter(({ long_name: name }) => /^[a-z ]+$/i.test(name ?? ""));
    await page.getByRole("searchbox").fill(node.id);
    await waitUntil(async () => (await rowCount(page)) === 1, "one is found");
    assert.equal(option(page, "find"), node.id);
    await page.locator("tr[data-row]").click();
    await page.locator('.drawer[aria-label="Node"]').waitFor();
    assert.equal(option(page, "node"), node.id);
    const follow = page.getByRole("button", { name: "Follow the selected node" });
    await follow.click();
    await waitUntil(() => option(page, "at") !== null, "the map goes to the node");
    assert.deepEqual([option(page, "follow"), await follow.getAttribute("aria-pressed")], ["on", "true"]);
    await page.keyboard.press("Escape");
    await page.getByRole("searchbox").fill("");
    await without.click();
    assert.equal(option(page, "list"), "unplaced");
    await waitUntil(async () => {
      const all = (await nodesOf("-is:placed")).length;
      return all === 0 ? (await page.locator(".empty").count()) > 0 : (await rowCount(page).catch(() => -1)) === all;
    }, "those without a position");
    assert.equal(await page.locator("img, iframe, script:not([src])").count(), 0);
    await close(page);
  });

  it("shows what the chosen agent hears", async () => {
    const page = await open("/map?agent=harbor-roof");
    await waitUntil(async () => {
      const [all, drawn] = figures((await note(page, "agents")).replace("harbor-roof", ""));
      return all === (await nodesOf("agent:harbor-roof")).length && drawn > 0 && drawn <= all;
    }, "as many nodes as the API says");
    await close(page);
  });

  it("is accessible and fits a phone, in both themes", async () => {
    for (const theme of ["dark", "light"]) {
      const page = await open("/map?layers=agents,hexes", { theme });
      for (const [tab, shown] of [["Legend", ".layer-note"], ["Nodes", "tr[data-row]"]]) {
        const button = page.locator(".map-tab", { hasText: tab });
        await button.click();
        await page.locator(shown).first().waitFor();
        assert.deepEqual(await accessibilityFaults(page), [], `${tab} ${theme}`);
      }
      await close(page);
      const phone = await open("/map", { theme, viewport: kPhone });
      await phone.locator(".map-tab", { hasText: "Legend" }).click();
      await phone.locator(".layer").first().waitFor();
      const small = await phone
        .locator(":is(.map-side, .map-tools) button:not(:disabled)")
        .evaluateAll((buttons) => buttons.filter((button) => button.getBoundingClientRect().height < 44).map((button) => button.textContent || button.ariaLabel));
      assert.deepEqual(small, []);
      const [content, screen] = await phone.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(content <= screen, `${content} wide on a screen of ${screen}`);
      assert.deepEqual(await accessibilityFaults(phone), [], `phone ${theme}`);
      await close(phone);
    }
  });
});
