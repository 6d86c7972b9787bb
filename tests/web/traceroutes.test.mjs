// The page of traceroutes in Chromium, of a real server that real agents feed from a simulated mesh.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { accessibilityFaults, kPhone, launch, openPage } from "./browser.mjs";
import { Site, waitUntil } from "./site.mjs";

// Few nodes ask often for their way to the same ones.
const kMesh = ["--seed", "7", "--nodes", "14", "--rate", "30"];

describe("the page of traceroutes", { timeout: 600_000 }, () => {
  const site = new Site();
  let browser;
  let all;

  before(async () => {
    await site.startServer();
    await site.startMesh(2, kMesh);
    browser = await launch();
    await waitUntil(async () => {
      all = await site.all("/traceroutes", "traceroutes");
      return all.some((route) => !route.is_reply) && answered() !== undefined;
    }, "questions are heard, and two answers between the same nodes");
  });

  after(async () => {
    await browser?.close();
    await site.close();
  });

  const isBetween = (route, other) => [route.from, route.to].sort().join() === [other.from, other.to].sort().join();
  const answersLike = (route) => all.filter((other) => other.is_reply && isBetween(route, other));
  const answered = () => all.find((route) => route.is_reply && answersLike(route).length > 1);
  const open = (path, options) => openPage(browser, site.url + path, options);
  const keys = (page) => page.locator("tr[data-row]").evaluateAll((rows) => rows.map((row) => Number(row.dataset.row)));
  const option = (page, name) => new URL(page.url()).searchParams.get(name);
  async function close(page) {
    assert.deepEqual([page.faults, await page.violations()], [[], []]);
    await page.context().close();
  }

  it("lists them as the API does, answers and questions, and goes on live", async () => {
    const page = await open("/traceroutes");
    await page.locator("tr[data-row]").first().waitFor();
    const before = await keys(page);
    assert.deepEqual(before, [...before].sort((a, b) => b - a));
    await waitUntil(async () => (await keys(page))[0] > before[0], "a newer one appears");
    for (const [name, isReply] of [["Questions", false], ["Answers", true]]) {
      await page.getByRole("button", { name }).click();
      assert.equal(option(page, "kind"), name.toLowerCase());
      await waitUntil(async () => {
        const known = new Map((await site.all("/traceroutes", "traceroutes")).map((route) => [route.id, route.is_reply]));
        const shown = await keys(page);
        return shown.length > 0 && shown.every((id) => known.get(id) === isReply);
      }, `${name} alone are shown`);
    }
    await close(page);
  });

  it("asks for one node by its name", async () => {
    const { from } = answered();
    const node = (await site.all("/nodes", "nodes")).find((each) => each.id === from);
    const page = await open("/traceroutes");
    await page.locator("tr[data-row]").first().waitFor();
    const field = page.getByRole("combobox", { name: "Traceroutes from or to one node" });
    await field.fill("no such node");
    await field.press("Enter");
    await page.locator(".query-mistake").waitFor();
    await field.fill(node.id);
    await field.press("Enter");
    assert.equal(option(page, "of"), node.id);
    await waitUntil(async () => {
      const known = new Map((await site.all(`/traceroutes?node=${encodeURIComponent(node.id)}`, "traceroutes")).map((route) => [route.id, route]));
      const shown = await keys(page);
      return shown.length > 0 && shown.every((id) => known.has(id));
    }, "only its traceroutes are shown");
    await field.press("Escape");
    await waitUntil(() => option(page, "of") === null, "all nodes again");
    await close(page);
  });

  it("shows the way of one by its address, hop by hop with what was measured", async () => {
    const route = answered();
    const page = await open(`/traceroutes?route=${route.id}`);
    const ladders = page.locator(".ladder");
    await page.locator(".step-node").first().waitFor();
    for (const [i, steps] of [route.towards, route.back].entries()) {
      const ladder = ladders.nth(i);
      assert.equal(await ladder.locator(".step-node").count(), steps.length);
      const hrefs = await ladder.locator(".step-node").evaluateAll((nodes) => nodes.map((each) => new URL(each.querySelector("a")?.href ?? location.href).searchParams.get("node")));
      assert.deepEqual(hrefs, steps.map((step) => step.node));
      const signals = (await ladder.locator(".step-signal").allInnerTexts()).map((text) => text.replace("−", "-"));
      assert.equal(signals.length, steps.length - 1);
      for (const [hop, { snr }] of steps.slice(1).entries()) {
        if (snr === null) assert.match(signals[hop], /^\?/);
        else assert.ok(Math.abs(parseFloat(signals[hop]) - snr) <= 0.051, `${signals[hop]} is ${snr}`);
      }
    }
    const nodes = await site.all("/nodes", "nodes");
    const placed = new Set([...route.towards, ...route.back].map((step) => step.node).filter((id) => nodes.find((node) => node.id === id)?.position));
    if (placed.size > 0) await waitUntil(async () => Number(await page.locator(".map-box").getAttribute("data-points")) === placed.size, "the map has its nodes");
    await close(page);
  });

  it("tells how the route between two nodes changed", async () => {
    const route = answered();
    const page = await open(`/traceroutes?route=${route.id}`);
    const strip = page.locator(".strip .letter");
    await strip.first().waitFor();
    await waitUntil(async () => {
      all = await site.all("/traceroutes", "traceroutes");
      return (await strip.count()) === answersLike(route).length;
    }, "as many answers as the API has");
    assert.equal(await page.locator('.strip [aria-current="true"]').count(), 1);
    const routes = new Set(answersLike(route).map((other) => {
      const ways = [other.towards, other.back].map((steps) => steps.map((step) => step.node).join());
      return (other.from === route.from ? ways : ways.reverse()).join("|");
    }));
    await waitUntil(async () => (await page.locator(".kinds > li").count()) === routes.size, "as many routes");
    const chosen = option(page, "route");
    await page.locator(".strip .letter:not([aria-current])").first().click();
    await waitUntil(() => option(page, "route") !== chosen, "another one is chosen");
    await page.locator('.strip [aria-current="true"]').waitFor();
    await close(page);
  });

  it("says so when there is no such traceroute", async () => {
    const page = await open("/traceroutes?route=4711");
    await page.getByText("does not have this traceroute").waitFor();
    page.faults.splice(0, page.faults.length, ...page.faults.filter((fault) => !fault.includes("404")));
    await close(page);
  });

  it("leads from the list to one and back on a phone", async () => {
    const page = await open("/traceroutes", { viewport: kPhone });
    await page.locator("tr[data-row]").first().click();
    await page.locator(".ladder").first().waitFor();
    assert.ok(option(page, "route"));
    assert.ok(!(await page.locator(".route-list").isVisible()));
    await page.getByRole("button", { name: "All traceroutes" }).click();
    await page.locator("tr[data-row]").first().waitFor();
    assert.equal(option(page, "route"), null);
    await close(page);
  });

  it("is accessible and fits a phone, in both themes", async () => {
    const { id } = answered();
    for (const theme of ["dark", "light"]) {
      for (const [path, viewport] of [[`/traceroutes?route=${id}`, undefined], [`/traceroutes?route=${id}`, kPhone], ["/traceroutes", kPhone]]) {
        const page = await open(path, viewport ? { theme, viewport } : { theme });
        await page.locator(path.includes("route=") ? ".strip .letter" : "tr[data-row]").first().waitFor();
        const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        assert.ok(content <= screen, `it is ${content} wide on a screen of ${screen}`);
        assert.deepEqual(await accessibilityFaults(page), [], `${path} ${theme}`);
        await close(page);
      }
    }
  });
});
