// The links in Chromium: four views of who hears whom, and the drawer of one link, as a real server knows them.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { accessibilityFaults, kPhone, launch, openPage } from "./browser.mjs";
import { Site, waitUntil } from "./site.mjs";

const kMesh = ["--seed", "7", "--nodes", "60", "--rate", "60"];
const kKinds = ["direct", "neighbor_info", "traceroute"];

const wayOf = (link) => `${link.from}-${link.to}`;
const waysOf = (links) => new Set(links.map(wayOf));
const rowCount = async (page) => Number(await page.locator("table.rows").getAttribute("aria-rowcount")) - 1;
const option = (page, name) => new URL(page.url()).searchParams.get(name);
const number = (text) => Number(text.replace("−", "-").replace(/[^\d.-]/g, ""));

// Kilometres of "≈ 12 km" or "840 m".
const kilometres = (text) => number(text) / (text.endsWith("km") ? 1 : 1000);

function distance(one, other) {
  const radians = (degrees) => (degrees * Math.PI) / 180;
  const chord =
    Math.sin(radians(other.latitude - one.latitude) / 2) ** 2 +
    Math.cos(radians(one.latitude)) * Math.cos(radians(other.latitude)) * Math.sin(radians(other.longitude - one.longitude) / 2) ** 2;
  return 2 * 6371.0088 * Math.asin(Math.sqrt(chord));
}

describe("the links", { timeout: 600_000 }, () => {
  const site = new Site();
  let browser;
  let links;
  let places;

  // When every kind of evidence is there the mesh falls silent, so that what is shown can be compared to the last link.
  before(async () => {
    await site.startServer();
    await site.startMesh(3, kMesh);
    browser = await launch();
    const all = () => site.all("/links", "links");
    await waitUntil(async () => {
      const found = await all();
      const both = found.filter((link) => found.some((other) => other.from === link.to && other.to === link.from));
      return kKinds.every((kind) => found.filter((link) => link.evidence === kind).length > 5) && both.length > 5;
    }, "links of every kind are known");
    await site.mesh.stop();
    let [before, unchanged] = ["", 0];
    links = await waitUntil(async () => {
      const [found, { packets, projection }] = [await all(), await site.api("/stats")];
      const now = JSON.stringify([found, packets.total]);
      unchanged = now === before && projection.lag_seconds < 1 ? unchanged + 1 : 0;
      before = now;
      return unchanged >= 8 && found;
    }, "the last link is counted");
    const nodes = await site.all("/nodes", "nodes");
    const agents = await site.all("/agents", "agents");
    places = new Map(agents.filter((agent) => agent.radio?.id && agent.location).map((agent) => [agent.radio.id, agent.location]));
    for (const { id, position } of nodes) if (position && (position.latitude !== 0 || position.longitude !== 0)) places.set(id, position);
  });

  after(async () => {
    await browser?.close();
    await site.close();
  });

  const open = (path, options) => openPage(browser, site.url + path, options);
  async function close(page) {
    assert.deepEqual([page.faults, await page.violations()], [[], []]);
    await page.context().close();
  }
  const openTable = async (query = "") => {
    const page = await open(`/links?view=table${query}`);
    await page.locator("tr[data-row]").first().waitFor();
    return page;
  };

  it("are a row for each way, as the API has them, of the evidence and the time that is asked for", async () => {
    const page = await openTable();
    assert.equal(await rowCount(page), waysOf(links).size);
    for (const [name, kind] of [["Measured", "direct"], ["Neighbour report", "neighbor_info"], ["Traceroute", "traceroute"]]) {
      const told = links.filter((link) => link.evidence === kind);
      const chip = page.locator(".chip-button", { hasText: name });
      assert.equal(number(await chip.locator(".count").innerText()), told.length, name);
      await page.goto(`${site.url}/links?view=table&evidence=${kind}`);
      await waitUntil(async () => (await rowCount(page).catch(() => -1)) === waysOf(told).size, `${name}: a row for each way`);
    }
    await page.locator(".chip-button", { hasText: "Measured" }).click();
    assert.equal(option(page, "evidence"), "direct,traceroute");
    const two = links.filter((link) => link.evidence !== "neighbor_info");
    await waitUntil(async () => (await rowCount(page)) === waysOf(two).size, "two kinds of evidence");
    await page.getByRole("group", { name: "Seen within" }).getByRole("button", { name: "1 h" }).click();
    assert.equal(option(page, "since"), "1h");
    const recent = (await site.all("/links?since=1h", "links")).filter((link) => link.evidence !== "neighbor_info");
    await waitUntil(async () => (await rowCount(page).catch(() => -1)) === waysOf(recent).size, "those of the last hour");
    await close(page);
  });

  it("say of each way what the API says of it", async () => {
    const page = await openTable("&sort=-count");
    const way = await page.locator("tr[data-row]").first().getAttribute("data-row");
    const told = links.filter((link) => wayOf(link) === way);
    const cells = await page.locator("tr[data-row]").first().locator("td").allInnerTexts();
    assert.equal(number(cells[5]), told.reduce((sum, link) => sum + link.count, 0));
    const most = Math.max(...[...waysOf(links)].map((key) => links.filter((link) => wayOf(link) === key).reduce((sum, link) => sum + link.count, 0)));
    assert.equal(number(cells[5]), most);
    const measured = told.find((link) => link.evidence === "direct") ?? told.sort((a, b) => b.last_us - a.last_us)[0];
    assert.ok(Math.abs(number(cells[3]) - measured.snr) <= 0.0501, `${cells[3]} is ${measured.snr}`);
    await close(page);
  });

  it("have the longest first, the unknown last", async () => {
    const page = await open("/links");
    await page.getByRole("button", { name: "Longest links" }).click();
    assert.deepEqual([option(page, "view"), option(page, "sort")], ["table", "-distance"]);
    const placed = links.filter((link) => places.has(link.from) && places.has(link.to));
    const longest = Math.max(...placed.map((link) => distance(places.get(link.from), places.get(link.to))));
    const first = page.locator("tr[data-row] .col-distance").first();
    await waitUntil(async () => Math.abs(kilometres(await first.innerText().catch(() => "0 m")) - longest) <= 0.5, `the longest link has ${longest} km`);
    const shown = (await page.locator("tr[data-row] .col-distance").allInnerTexts()).map(kilometres).filter((km) => !Number.isNaN(km));
    assert.ok(shown.every((km, i) => i === 0 || km <= shown[i - 1]), shown.join());
    await close(page);
  });

  it("are a graph that comes to rest, around one node when that is chosen by the keyboard", async () => {
    const page = await open("/links?view=force");
    await page.locator('.link-canvas[data-settled="true"]').waitFor();
    const nodes = new Set(links.flatMap((link) => [link.from, link.to]));
    assert.equal(await rowCount(page), nodes.size);
    await page.locator('tr[data-row][tabindex="0"]').focus();
    await page.keyboard.press("ArrowDown");
    const ego = await page.evaluate(() => document.activeElement.dataset.row);
    await page.keyboard.press("Enter");
    assert.equal(option(page, "ego"), ego);
    const touching = links.filter((link) => link.from === ego || link.to === ego);
    const around = new Set(touching.flatMap((link) => [link.from, link.to]));
    await waitUntil(async () => (await rowCount(page)) === around.size, "the node and its neighbours");
    await page.getByRole("button", { name: "2 steps" }).click();
    assert.equal(option(page, "steps"), "2");
    const further = links.filter((link) => around.has(link.from) || around.has(link.to));
    const two = new Set(further.flatMap((link) => [link.from, link.to]));
    await waitUntil(async () => (await rowCount(page)) === two.size, "two steps from the node");
    await page.locator(".ego-chip button").click();
    assert.deepEqual([option(page, "ego"), option(page, "steps")], [null, null]);
    await waitUntil(async () => (await rowCount(page)) === nodes.size, "all nodes again");
    await close(page);
  });

  it("can be pointed at in the graph: a click on a node shows what is around it", async () => {
    const page = await open("/links?view=force");
    await page.locator('.link-canvas[data-settled="true"]').waitFor();
    const box = await page.locator(".link-canvas canvas").boundingBox();
    const tip = page.locator(".link-tip", { hasText: "Nodes that it hears" });
    let at = null;
    for (let i = 0; i < 600 && !at; i++) {
      // On a spiral around the middle.
      const [x, y] = [box.x + box.width / 2 + 9 * Math.sqrt(i) * Math.cos(i * 2.4), box.y + box.height / 2 + 9 * Math.sqrt(i) * Math.sin(i * 2.4)];
      await page.mouse.move(x, y);
      if (await tip.isVisible()) at = [x, y];
    }
    assert.ok(at, "a node is found under the pointer");
    const name = (await tip.locator("bdi").first().innerText()).trim();
    await page.mouse.click(...at);
    await page.locator(".ego-chip").waitFor();
    assert.match(option(page, "ego"), /^![0-9a-f]{8}$/);
    assert.equal((await page.locator(".ego-chip").innerText()).trim(), `Around ${name}`);
    await close(page);
  });

  it("are a matrix whose cells are gone through by the keyboard and open a link", async () => {
    const page = await open("/links?view=matrix");
    const matrix = page.locator(".matrix");
    await matrix.waitFor();
    const nodes = new Set(links.flatMap((link) => [link.from, link.to]));
    assert.equal(Number(await matrix.getAttribute("data-count")), Math.min(60, nodes.size));
    await matrix.focus();
    const said = page.locator(".matrix-said");
    // From cell to cell, row after row there and back, each time until the page says so: a node may have no link with an SNR.
    const side = Number(await matrix.getAttribute("data-count"));
    let text = await said.innerText();
    for (let step = 1; step < 5 * side && !/ dB/.test(text); step++) {
      const along = Math.floor(step / side) % 2 ? "ArrowLeft" : "ArrowRight";
      await page.keyboard.press(step % side === 0 ? "ArrowDown" : along);
      const before = text;
      await waitUntil(async () => (text = await said.innerText()) !== before, () => `the cell after "${before}" is said, step ${step} of rows of ${side}`);
    }
    assert.match(text, / → .* dB, (measured|inferred)/);
    await page.keyboard.press("Enter");
    await page.locator(".drawer .both-ways").waitFor();
    const link = option(page, "link");
    const told = links.filter((each) => wayOf(each) === link);
    assert.ok(told.length > 0);
    for (const each of told) assert.match(text, new RegExp(`(receptions|reports|traceroutes): ${each.count}\\b`));
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "By name" }).click();
    assert.equal(option(page, "order"), "name");
    await close(page);
  });

  it("are lines on the map between nodes that have a position", async () => {
    const page = await open("/links");
    const map = page.locator(".link-map");
    await map.locator("canvas").waitFor();
    const pairs = new Set(links.filter((link) => places.has(link.from) && places.has(link.to)).map((link) => [link.from, link.to].sort().join()));
    await waitUntil(async () => Number(await map.getAttribute("data-pairs")) === pairs.size, `${pairs.size} lines`);
    assert.match(await page.locator(".link-foot").innerText(), new RegExp(`${pairs.size} of \\d+ links can be drawn`));
    await close(page);
  });

  it("have both ways side by side in the drawer, and how each is known", async () => {
    const measured = links.filter((link) => link.evidence === "direct");
    const both = measured.find((link) => links.some((other) => other.from === link.to && other.to === link.from));
    assert.ok(both, "a way that is measured, and the other one known");
    const page = await open(`/links?view=table&link=${both.from}-${both.to}`);
    const drawer = page.locator(".drawer");
    await drawer.locator(".both-ways").waitFor();
    const counts = await drawer.locator(".both-ways tr", { hasText: "Count" }).locator("td").allInnerTexts();
    const sum = (from, to) => links.filter((link) => link.from === from && link.to === to).reduce((total, link) => total + link.count, 0);
    assert.deepEqual(counts.map(number), [sum(both.from, both.to), sum(both.to, both.from)]);
    await drawer.getByText("received the transmitter itself").waitFor();
    await drawer.locator(".link-chart canvas").first().waitFor();
    const { hours } = await site.api(`/links/${both.from}/${both.to}?evidence=direct`);
    if (hours.length === 1) {
      const [spread] = await drawer.locator(".both-ways tr", { hasText: "SNR dB, p10" }).locator("td").allInnerTexts();
      const { p10, p50, p90 } = hours[0].snr;
      spread.split(" · ").map(number).forEach((value, i) => assert.ok(Math.abs(value - [p10, p50, p90][i]) <= 0.05, `${spread} is ${[p10, p50, p90]}`));
    }
    const agent = (await site.all("/agents", "agents")).find((each) => each.radio?.id === both.to);
    const packets = await drawer.getByRole("link", { name: `received by ${agent.id}` }).getAttribute("href");
    assert.equal(new URL(packets, site.url).searchParams.get("q"), `from:${both.from} agent:${agent.id}`);
    await drawer.getByRole("button", { name: "7 d" }).click();
    assert.equal(option(page, "link_span"), "7d");
    await close(page);
  });

  it("are asked for as one pair by the drawer", async () => {
    const { from, to } = links.find((link) => link.evidence === "direct");
    const page = await open("/settings");
    const questions = [];
    page.on("request", (request) => new URL(request.url()).pathname === "/api/v1/links" && questions.push(new URL(request.url()).searchParams));
    await page.goto(`${site.url}/settings?link=${from}-${to}`);
    await page.locator(".drawer .both-ways").waitFor();
    assert.deepEqual(questions.map((each) => `${each.get("from")} ${each.get("to")}`).sort(), [`${from} ${to}`, `${to} ${from}`].sort());
    await close(page);
  });

  it("say so when there is none, and what to do", async () => {
    const page = await open("/links?view=table&ego=!00000001");
    await page.locator(".empty").waitFor();
    await page.getByRole("button", { name: "Show all links" }).click();
    await waitUntil(async () => (await rowCount(page).catch(() => -1)) === waysOf(links).size, "all links");
    const drawer = await open("/links?view=table&link=!00000001-!00000002");
    await drawer.locator(".drawer .drawer-error").waitFor();
    await close(page);
    await close(drawer);
  });

  it("are accessible and fit a phone, in both themes", async () => {
    const ready = { map: ".link-map canvas", force: '.link-canvas[data-settled="true"]', matrix: ".matrix canvas", table: "tr[data-row]" };
    const [{ from, to }] = links.filter((link) => link.evidence === "direct");
    for (const [view, selector] of Object.entries(ready)) {
      const theme = view === "map" || view === "table" ? "light" : "dark";
      const drawer = view === "table" ? `&link=${from}-${to}` : "";
      for (const viewport of [undefined, kPhone]) {
        const page = await open(`/links?view=${view}${drawer}`, { theme, ...(viewport && { viewport }) });
        await page.locator(selector).first().waitFor();
        if (drawer) await page.locator(".drawer .both-ways").waitFor();
        assert.deepEqual(await accessibilityFaults(page), [], `${view} ${theme}`);
        assert.equal(await page.locator("img, iframe, script:not([src])").count(), 0, "no markup from names");
        const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        assert.ok(content <= screen, `${view} is ${content} wide on a screen of ${screen}`);
        await close(page);
      }
    }
  });
});
