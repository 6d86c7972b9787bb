// The pages that are tables, in Chromium, of a real server that real agents feed from a simulated mesh.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { accessibilityFaults, kPhone, launch, openPage } from "./browser.mjs";
import { Site, waitUntil } from "./site.mjs";

const kMesh = ["--seed", "7", "--nodes", "60", "--rate", "20"];

const keys = (page) => page.locator("tr[data-row]").evaluateAll((rows) => rows.map((row) => row.dataset.row));
const rowCount = async (page) => Number(await page.locator("table.rows").getAttribute("aria-rowcount")) - 1;
const query = (page) => new URL(page.url()).searchParams.get("q");
const ids = (rows) => rows.map((row) => String(row.id));
const kWithQuery = (path, text) => `${path}?q=${encodeURIComponent(text)}`;

describe("the pages", { timeout: 600_000 }, () => {
  const site = new Site();
  let browser;

  before(async () => {
    await site.startServer();
    await site.startMesh(3, kMesh);
    browser = await launch();
    await waitUntil(async () => (await site.all("/nodes", "nodes")).length > 40, "nodes are heard");
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

  it("lead to one another, and back", async () => {
    const page = await open("/");
    await page.getByRole("link", { name: "Nodes", exact: true }).click();
    await page.locator("tr[data-row]").first().waitFor();
    assert.equal(new URL(page.url()).pathname, "/nodes");
    await page.getByRole("link", { name: "Packets", exact: true }).click();
    await page.locator("tr[data-row] .route").first().waitFor();
    assert.equal(await page.locator(".pages [aria-current]").innerText(), "Packets");
    await page.goBack();
    assert.equal(await page.locator(".pages [aria-current]").innerText(), "Nodes");
    await page.goBack();
    await page.locator(".overview").waitFor();
    await close(page);
  });

  it("show the nodes that the API has, by what is often asked and by any query", async () => {
    const page = await open("/nodes");
    await page.locator("tr[data-row]").first().waitFor();
    await waitUntil(async () => (await rowCount(page)) === (await site.all("/nodes", "nodes")).length, "as many rows as nodes");
    for (const [name, text] of [["Online", "is:online"], ["Routers", "role:router,router_late,repeater"], ["Without position", "-is:placed"]]) {
      const button = page.locator(".chip-button", { hasText: name });
      await button.click();
      assert.equal(query(page), text);
      await waitUntil(async () => {
        const found = (await site.all(`/nodes?q=${encodeURIComponent(text)}`, "nodes")).length;
        return (await rowCount(page).catch(() => -1)) === found && Number(await button.locator(".count").innerText()) === found;
      }, `${name}: rows and count equal the API`);
    }
    await page.goBack();
    await page.goBack();
    await page.goBack();
    assert.equal(query(page), null);
    await close(page);
  });

  it("complete the filter language, and say where a mistake is", async () => {
    const page = await open("/nodes");
    const field = page.getByRole("combobox");
    await field.click();
    await field.pressSequentially("rol");
    await page.getByRole("option", { name: "role:" }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    assert.equal(await field.inputValue(), "role:");
    await page.keyboard.type("rout");
    await page.getByRole("option").first().waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    assert.equal(await field.inputValue(), "role:router ");
    await page.keyboard.press("Enter");
    assert.equal(query(page), "role:router");
    await field.fill("hops:<3 rolle:router");
    await page.keyboard.press("Enter");
    const mistake = page.locator(".query-mistake");
    await mistake.waitFor();
    assert.equal(await mistake.locator("mark").innerText(), "rolle");
    assert.match(await mistake.innerText(), /Did you mean role\?/);
    await field.focus();
    await page.keyboard.press("Escape"); // the list of what may stand there
    await page.keyboard.press("Escape");
    await waitUntil(() => query(page) === null, "the query is empty again");
    page.faults.splice(0, page.faults.length, ...page.faults.filter((fault) => !fault.includes("400")));
    await close(page);
  });

  it("put nodes in the order of a column", async () => {
    const page = await open("/nodes");
    await page.locator("tr[data-row]").first().waitFor();
    await page.getByRole("button", { name: "Packets" }).click();
    await page.getByRole("button", { name: "Packets" }).click();
    assert.equal(new URL(page.url()).searchParams.get("sort"), "-packets");
    assert.equal(await page.locator('th[aria-sort="descending"]').innerText().then((text) => text.trim().split(/\s/)[0]), "Packets");
    await waitUntil(async () => {
      const counts = await page.locator("tr[data-row] td:last-child").evaluateAll((cells) => cells.map((cell) => Number(cell.textContent.replace(/\D/g, ""))));
      return counts[0] > counts.at(-1);
    }, "the busiest node is first");
    await close(page);
  });

  it("are gone through by the keyboard, row by row", async () => {
    const page = await open("/nodes?sort=name");
    await page.locator("tr[data-row]").first().waitFor();
    const reachable = page.locator('tr[data-row][tabindex="0"]');
    await reachable.focus();
    const focused = () => page.evaluate(() => document.activeElement.dataset.row);
    const order = await keys(page);
    for (const [key, row] of [["ArrowDown", 1], ["j", 2], ["k", 1], ["Home", 0]]) {
      await page.keyboard.press(key);
      assert.equal(await focused(), order[row], key);
      assert.equal(await reachable.count(), 1);
    }
    // Nodes come, and get names and with them other places, at any time: the last row is the last one of the moment.
    await waitUntil(async () => {
      await page.keyboard.press("End");
      return page.evaluate(() => document.activeElement.ariaRowIndex === document.querySelector("table.rows").ariaRowCount);
    }, "the last row");
    // Whatever moves meanwhile: the row that Enter was pressed on is opened.
    await page.evaluate(() => addEventListener("keydown", (event) => (globalThis.pressedOn = event.target.dataset?.row), { capture: true }));
    await page.keyboard.press("Enter");
    await page.locator('.drawer[aria-label="Node"]').waitFor();
    assert.equal(new URL(page.url()).searchParams.get("node"), await page.evaluate(() => globalThis.pressedOn));
    await page.keyboard.press("Escape");
    await page.locator(".drawer").waitFor({ state: "detached" });
    assert.equal(new URL(page.url()).searchParams.get("sort"), "name");
    await close(page);
  });

  it("show packets of a query as the API has them, and go on live", async () => {
    const page = await open(kWithQuery("/packets", "port:position,telemetry"));
    await page.locator("tr[data-row]").first().waitFor();
    const [newest] = await keys(page);
    await waitUntil(async () => Number((await keys(page))[0]) > Number(newest), "a newer packet appears");
    const shown = await keys(page);
    assert.deepEqual(shown, [...shown].sort((a, b) => Number(b) - Number(a)));
    const { packets } = await site.api(`/packets?limit=1000&q=${encodeURIComponent("port:position,telemetry")}`);
    const known = new Set(ids(packets));
    assert.ok(shown.every((id) => known.has(id)), "every row is one that the API gives");
    const ports = await page.locator("tr[data-row] .pill").allInnerTexts();
    assert.ok(ports.every((port) => ["Position", "Telemetry"].includes(port)), ports.join());
    await close(page);
  });

  it("hold packets still while they are read, and load older ones as they are scrolled", async () => {
    await waitUntil(async () => (await site.api("/stats")).packets.total > 500, "some hundred packets are there");
    const page = await open("/packets");
    await page.locator("tr[data-row]").first().waitFor();
    const first = await rowCount(page);
    await page.locator(".virtual").hover();
    await page.locator(".feed-held").waitFor();
    const before = await keys(page);
    await page.locator(".fresh", { hasText: /\d+ new/ }).waitFor();
    assert.deepEqual(await keys(page), before);
    await page.locator(".virtual").evaluate((box) => (box.scrollTop = box.scrollHeight));
    await waitUntil(async () => (await rowCount(page)) > first, "older packets are loaded");
    await page.locator(".fresh").click();
    await page.mouse.move(300, 20);
    await waitUntil(async () => Number((await keys(page))[0]) > Number(before[0]), "the list goes on at the newest");
    await page.locator("tr[data-row]").nth(2).click();
    await page.locator(".drawer .facts").waitFor();
    await close(page);
  });

  it("say what to do when nothing is like that", async () => {
    const page = await open(kWithQuery("/nodes", "node:!00000001"));
    await page.locator(".empty").waitFor();
    const packets = await open(kWithQuery("/packets", '"no packet says this"'));
    await packets.locator(".empty").waitFor();
    await close(page);
    await close(packets);
  });

  it("show hostile names as text", async () => {
    const hostile = await waitUntil(async () => (await site.all("/nodes", "nodes")).find((n) => n.long_name?.includes("<img")), "a hostile name is known");
    const page = await open(kWithQuery("/nodes", `node:${hostile.id}`));
    const name = page.locator(`tr[data-row="${hostile.id}"] .node-name`);
    await name.waitFor();
    assert.match(await name.innerText(), /<img/);
    await page.getByRole("combobox").fill("node:<img");
    await page.getByRole("option").first().waitFor();
    assert.equal(await page.locator("img, iframe, script:not([src])").count(), 0);
    await close(page);
  });

  it("are accessible and fit a phone, in both themes", async () => {
    for (const path of ["/nodes", "/packets"]) {
      for (const theme of ["dark", "light"]) {
        const page = await open(path, { theme });
        await page.locator("tr[data-row]").first().waitFor();
        assert.deepEqual(await accessibilityFaults(page), [], `${path} ${theme}`);
        await close(page);
        const phone = await open(path, { theme, viewport: kPhone });
        await phone.locator("tr[data-row]").first().waitFor();
        const [content, screen] = await phone.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        assert.ok(content <= screen, `${path} is ${content} wide on a screen of ${screen}`);
        assert.deepEqual(await accessibilityFaults(phone), [], `${path} ${theme} on a phone`);
        await close(phone);
      }
    }
  });
});
