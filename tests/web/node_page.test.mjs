// The page about one node, in Chromium, of a real server that real agents feed from a simulated mesh.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { accessibilityFaults, kPhone, launch, openPage } from "./browser.mjs";
import { Site, waitUntil } from "./site.mjs";

const kMesh = ["--seed", "7", "--nodes", "40", "--rate", "40"];
const kKinds = ["device", "environment", "air_quality", "power", "health", "local_stats", "host", "traffic_management", "paxcounter", "store_forward"];
const kTarget = 44; // CSS pixels that a finger needs

describe("the page about a node", { timeout: 600_000 }, () => {
  const site = new Site();
  let browser;
  let id; // a busy node that has told its position and its neighbours

  const path = (of = id) => `/nodes/${encodeURIComponent(of)}`;
  const telemetry = (kind, more) => site.api(`${path()}/telemetry?kind=${kind}&limit=1000&${more}`);

  before(async () => {
    await site.startServer();
    await site.startMesh(3, kMesh);
    browser = await launch();
    await waitUntil(async () => {
      const nodes = (await site.all("/nodes", "nodes")).filter((node) => node.position && node.packets > 15 && node.battery_level !== null && node.hops_away !== null);
      const hears = new Set((await site.all("/links", "links")).map((link) => link.to));
      const talks = new Set((await site.api("/packets?q=port:text&limit=1000")).packets.map((packet) => packet.from));
      const found = nodes.filter((node) => hears.has(node.id) && talks.has(node.id)).sort((a, b) => b.packets - a.packets);
      id = found[0]?.id;
      return found.length > 0;
    }, "a node has told everything that the page shows");
  });

  after(async () => {
    await browser?.close();
    await site.close();
  });

  async function open(address, options) {
    const page = await openPage(browser, site.url + address, options);
    await page.locator(".node-head, .node-unknown").waitFor();
    return page;
  }
  async function close(page) {
    assert.deepEqual([page.faults, await page.violations()], [[], []]);
    await page.context().close();
  }

  it("is reached from the drawer, and leads to the map, the packets and back", async () => {
    const page = await openPage(browser, `${site.url}/nodes`);
    await page.locator(`tr[data-row="${id}"]`).click();
    const drawer = page.locator(".drawer");
    await drawer.getByRole("link", { name: "Whole page" }).click();
    await page.locator(".node-head").waitFor();
    assert.equal(new URL(page.url()).pathname, `/nodes/${id}`);
    assert.equal(await drawer.count(), 0);
    await page.getByRole("link", { name: "Its packets", exact: true }).click();
    await waitUntil(() => new URL(page.url()).searchParams.get("q") === `from:${id}`, "packets of this node");
    await page.goBack();
    await page.locator(".node-head").waitFor();
    await page.getByRole("link", { name: "Show on the map" }).click();
    const place = new URL(page.url());
    assert.deepEqual([place.pathname, place.searchParams.get("node")], ["/map", id]);
    await close(page);
  });

  it("says what the API says of the node and of the agents that hear it", async () => {
    const earlier = await site.api(path());
    const page = await open(path());
    assert.equal(await page.locator(".node-sub .mono").innerText(), id);
    assert.match(await page.locator(".node-head .status").innerText(), /Online/);
    if (earlier.hw_model) assert.ok((await page.locator(".node-sub").innerText()).includes(earlier.hw_model));
    // The mesh goes on: what is shown lies between what the API said before and what it says after.
    const rows = await page.locator(".node-heard tr[data-agent]").evaluateAll((all) => all.map((row) => [row.dataset.agent, Number(row.cells[1].textContent.replace(/\D/g, ""))]));
    const later = new Map((await site.api(path())).heard_by.map((by) => [by.agent, by.receptions]));
    assert.ok(rows.length > 0 && rows.length >= earlier.heard_by.length);
    for (const [agent, receptions] of rows) {
      const least = earlier.heard_by.find((by) => by.agent === agent)?.receptions ?? 0;
      assert.ok(receptions >= least && receptions <= later.get(agent), `${agent}: ${least} <= ${receptions} <= ${later.get(agent)}`);
    }
    const shares = await page.locator(".node-heard .share").allInnerTexts();
    const sum = shares.reduce((all, text) => all + Number.parseInt(text, 10), 0);
    assert.ok(Math.abs(sum - 100) <= shares.length, `shares of the receptions are of a whole: ${shares}`);
    await close(page);
  });

  it("draws every field that the node has sent, over the time that the address says", async () => {
    const page = await open(`${path()}?range=6h`);
    const shown = () => page.locator(".metric").evaluateAll((all) => all.map((metric) => metric.dataset.metric));
    await waitUntil(async () => {
      const answers = await Promise.all(kKinds.map((kind) => telemetry(kind, "step=raw&since=6h")));
      const fields = answers.flatMap(({ points }) => [...new Set(points.flatMap((point) => Object.entries(point.fields).filter(([, value]) => typeof value === "number").map(([name]) => name)))]);
      return fields.length > 3 && JSON.stringify((await shown()).sort()) === JSON.stringify(fields.sort());
    }, "a chart for each field");
    // What the mesh did before the first agent came is not known.
    await page.locator(".key-gap").waitFor();
    const last = (await telemetry("device", "step=raw&since=6h")).points.at(-1).fields.voltage;
    await waitUntil(async () => Math.abs(Number.parseFloat(await page.locator('[data-metric="voltage"] b').first().innerText()) - last) < 0.5, "the newest voltage");

    const plots = page.locator(".metric .u-over");
    await waitUntil(async () => (await plots.count()) > 3, "the charts are drawn");
    // The newest value is at the right end; the pointer there shows every chart's value at that time.
    const box = await plots.first().boundingBox();
    await waitUntil(async () => {
      await page.mouse.move(box.x + box.width * 0.5, box.y + box.height / 2);
      await page.mouse.move(box.x + box.width - 2, box.y + box.height / 2);
      return (await page.locator(".metric .chart-tip:not([hidden])").count()) > 3;
    }, "one pointer in all charts");

    await page.getByRole("button", { name: "7 days" }).click();
    assert.equal(new URL(page.url()).searchParams.get("range"), "7d");
    await page.locator(".key-band").waitFor();
    const mean = (await telemetry("device", "step=1h&since=7d")).points.at(-1).fields.voltage;
    await waitUntil(async () => Math.abs(Number.parseFloat(await page.locator('[data-metric="voltage"] b').first().innerText()) - mean.mean) < 0.5, "the mean of the hour");
    await page.goBack();
    assert.equal(new URL(page.url()).searchParams.get("range"), "6h");
    await close(page);
  });

  it("tells by hour when it was heard, to the keyboard too", async () => {
    const counted = async () => {
      const { series } = await site.api(`/series?node=${encodeURIComponent(id)}&step=1h&since=7d`);
      return series.flatMap((each) => each.points).reduce((sum, point) => sum + (point.packets ?? 0), 0);
    };
    const least = await counted();
    const page = await open(path());
    const cells = page.locator(".hours td.hour");
    await cells.first().waitFor();
    const packets = await cells.evaluateAll((all) => all.reduce((sum, cell) => sum + Number(cell.dataset.packets), 0));
    assert.ok(least > 0 && packets >= least && packets <= (await counted()), `as many packets as the API counts: ${packets}`);
    const stop = page.locator('.hours td[tabindex="0"]');
    assert.equal(await stop.count(), 1);
    await stop.focus();
    const said = page.locator(".hours-said");
    const now = await said.innerText();
    assert.equal(now, await stop.getAttribute("aria-label"));
    await page.keyboard.press("ArrowUp");
    assert.notEqual(await said.innerText(), now);
    assert.match(await said.innerText(), /nobody listened/);
    assert.equal(await stop.count(), 1);
    await page.getByRole("button", { name: "30 days" }).click();
    await waitUntil(async () => (await page.locator(".hours tbody tr").count()) === 30, "a row for each of 30 days");
    await close(page);
  });

  it("shows where the node was, and gives its track as files", async () => {
    const page = await open(path());
    await page.locator(".node-map canvas").waitFor();
    await waitUntil(async () => {
      const [newest] = (await site.api(path())).positions;
      const text = await page.locator(".node-position tbody tr").first().innerText();
      return text.includes(newest.latitude.toFixed(5)) && text.includes(newest.longitude.toFixed(5).replace("-", "−"));
    }, "the newest place is first");
    for (const [name, mark] of [["GPX", "<trkpt"], ["GeoJSON", "FeatureCollection"]]) {
      const file = await fetch(site.url + (await page.getByRole("link", { name, exact: true }).getAttribute("href")));
      assert.equal(file.status, 200);
      assert.ok((await file.text()).includes(mark), `${name} holds positions`);
    }
    await close(page);
  });

  it("lists whom it hears and who hears it, and opens a link", async () => {
    const page = await open(path());
    const links = async () => site.all(`/links?node=${encodeURIComponent(id)}`, "links");
    for (const [way, other, own] of [["in", "from", "to"], ["out", "to", "from"]]) {
      const panel = page.locator(`.node-neighbours.${way}`);
      await waitUntil(async () => {
        const found = new Set((await links()).filter((link) => link[own] === id).map((link) => link[other]));
        const all = panel.getByRole("button", { name: /Show all/ });
        if (await all.count()) await all.click();
        const rows = await panel.locator("tr[data-node]").evaluateAll((rows) => rows.map((row) => row.dataset.node));
        return rows.length === found.size && rows.every((node) => found.has(node));
      }, `neighbours ${way} equal the API`);
    }
    const row = page.locator(".node-neighbours.in tr[data-node]").first();
    const from = await row.getAttribute("data-node");
    await row.scrollIntoViewIfNeeded();
    await row.locator(".snr-curve > *").waitFor();
    await row.getByRole("link", { name: "Show this link" }).click();
    await page.locator(".drawer").waitFor();
    assert.equal(new URL(page.url()).searchParams.get("link"), `${from}-${id}`);
    await close(page);
  });

  it("shows who it says it is, and what it sent last", async () => {
    const page = await open(path());
    const { changes } = await site.api(`${path()}/history`);
    await waitUntil(async () => (await page.locator(".timeline dt").count()) >= changes.length, "every change of its identity");
    const rows = await page.locator(".node-packets tr[data-packet]").evaluateAll((all) => all.map((row) => Number(row.dataset.packet)));
    const newest = (await site.api(`/packets?q=${encodeURIComponent(`from:${id}`)}&limit=200`)).packets.map((packet) => packet.id);
    const first = newest.indexOf(rows[0]);
    assert.ok(first >= 0 && rows.length > 10, "its newest packets");
    assert.deepEqual(rows, newest.slice(first, first + rows.length));
    // Its newest messages, as the API has them of this sender, with how they were received.
    await waitUntil(async () => {
      const { messages } = await site.api(`/messages?from=${encodeURIComponent(id)}&limit=8`);
      const shown = await page.locator(".node-messages li").evaluateAll((all) => all.map((each) => [Number(each.dataset.packet), each.querySelector(".rx").textContent]));
      // One that nobody heard on the air has a word instead.
      shown.forEach((row, i) => messages[i]?.receptions === 0 && row.pop());
      const hops = (m) => (m.hops_min === m.hops_max ? `${m.hops_min} ${m.hops_min === 1 ? "hop" : "hops"}` : `${m.hops_min}–${m.hops_max} hops`);
      const wanted = messages.map((m) => (m.receptions === 0 ? [m.id] : [m.id, `rx ${m.receptions}${m.hops_min === null ? "" : ` · ${hops(m)}`}`]));
      return shown.length > 0 && JSON.stringify(shown) === JSON.stringify(wanted);
    }, "its newest messages");
    await page.locator(".node-packets tr[data-packet] a").first().click();
    await page.locator('.drawer[aria-label="Packet"]').waitFor();
    assert.equal(new URL(page.url()).pathname, `/nodes/${id}`);
    await close(page);
  });

  it("says that a node is not known", async () => {
    const page = await open(path("!0badcafe"));
    assert.match(await page.locator(".node-unknown").innerText(), /not known[\s\S]*!0badcafe/);
    // The browser notes the answer 404.
    assert.ok(page.faults.length > 0 && page.faults.every((fault) => fault.includes("404")), page.faults.join("\n"));
    page.faults.splice(0);
    await close(page);
  });

  it("can be used by everyone, and on a phone", async () => {
    for (const theme of ["dark", "light"]) {
      const page = await open(path(), { theme });
      await page.locator(".metric .u-over").first().waitFor();
      await page.locator(".hours td.hour").first().waitFor();
      assert.deepEqual(await accessibilityFaults(page), []);
      await close(page);
    }
    const page = await open(path(), { viewport: kPhone });
    await page.locator(".metric .u-over").first().waitFor();
    await page.locator(".node-packets tr[data-packet]").first().waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), kPhone.width);
    const wide = await page.locator(".node-page .panel").evaluateAll((panels) => panels.filter((panel) => panel.scrollWidth > panel.clientWidth + 1).map((panel) => panel.getAttribute("aria-label")));
    assert.deepEqual(wide, [], "nothing is cut off at the side");
    const low = await page.locator(".node-page .button, .node-page .switch button").evaluateAll((all, least) => all.filter((each) => each.offsetHeight < least).map((each) => each.textContent), kTarget);
    assert.deepEqual(low, []);
    await close(page);
  });
});
