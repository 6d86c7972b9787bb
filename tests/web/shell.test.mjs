// The frame around the pages, in Chromium, of a real server that real agents feed from a simulated mesh: the search over
// everything, the keys, the second language, the settings, and what the overview says of the mesh's health.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { accessibilityFaults, kPhone, launch, openPage } from "./browser.mjs";
import { Site, waitUntil } from "./site.mjs";
import { smallTargets } from "./targets.mjs";

const kPaths = ["/", "/map", "/nodes", "/packets", "/messages", "/links", "/traceroutes", "/agents", "/settings"];

describe("the frame", { timeout: 600_000 }, () => {
  const site = new Site();
  let browser;

  before(async () => {
    await site.startServer();
    await site.startMesh(2, ["--seed", "7", "--nodes", "50", "--rate", "20"]);
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

  it("has a way to every page, each with a title and without a fault, wide and on a phone", async () => {
    const page = await open("/");
    for (const path of kPaths) {
      await page.locator(`.pages a[href="${path}"]`).click();
      await waitUntil(() => page.locator(`.pages a[href="${path}"][aria-current]`).count(), `${path} is the page that is shown`);
      await page.locator("#content h1, #content h2").first().waitFor({ state: "attached" });
    }
    await close(page);
    const phone = await open("/", { viewport: kPhone });
    await phone.getByRole("button", { name: "More" }).click();
    await phone.getByRole("link", { name: "Settings" }).click();
    await phone.locator(".settings-page").waitFor();
    await close(phone);
  });

  it("has nothing on a phone that is too low for a finger", async () => {
    const [node] = (await site.all("/nodes", "nodes")).filter((each) => each.position).sort((a, b) => b.packets - a.packets);
    const [packet] = await waitUntil(async () => {
      const { packets } = await site.api(`/packets?q=${encodeURIComponent("receptions:>1")}&limit=1`);
      return packets.length > 0 && packets;
    }, "a packet of several receptions");
    const [link] = await waitUntil(async () => {
      const { links } = await site.api("/links?limit=1&evidence=direct");
      return links.length > 0 && links;
    }, "a link");
    const [agent] = (await site.api("/agents")).agents;
    const drawers = [
      ...["decoded", "bytes", "receptions", "map"].map((tab) => `/packets?packet=${packet.id}&tab=${tab}`),
      `/nodes?node=${node.id}`, `/agents?agent=${agent.id}`, `/links?view=table&link=${link.from}-${link.to}`,
    ];
    const others = ["/links?view=force", "/links?view=matrix", "/links?view=table", `/nodes/${node.id}`, `/agents/${agent.id}`];
    const phone = await open("/", { viewport: kPhone });
    const low = [];
    for (const path of [...kPaths, ...others, ...drawers]) {
      await phone.goto(site.url + path);
      if (drawers.includes(path)) await phone.locator(".drawer .drawer-section").first().waitFor();
      await phone.locator("#content h1, #content h2").first().waitFor({ state: "attached" });
      await waitUntil(async () => (await phone.locator(".skeleton").count()) === 0, `${path} has loaded`);
      for (const line of await smallTargets(phone)) low.push(`${path}: ${line}`);
    }
    await phone.goto(`${site.url}/packets`);
    await phone.locator(".facets-show").click();
    await phone.locator(".facets .facet").first().waitFor();
    low.push(...(await smallTargets(phone, ".facets")));
    await phone.keyboard.press("Escape");
    await phone.getByRole("button", { name: "More" }).click();
    await phone.locator(".pages-rest.open").waitFor();
    low.push(...(await smallTargets(phone, ".pages")));
    assert.deepEqual([...new Set(low)], []);
    await close(phone);
  });

  it("finds nodes, pages, agents and messages, by the keyboard alone", async () => {
    const page = await open("/nodes");
    await page.locator("tr[data-row]").first().waitFor();
    await page.keyboard.press("/");
    const field = page.getByRole("combobox", { name: "Search everything" });
    await field.waitFor();
    const [node] = (await site.all("/nodes", "nodes")).filter((n) => /^[A-Za-z ]+ \d\d$/.test(n.long_name ?? ""));
    await field.pressSequentially(node.id);
    await page.locator(`[data-hit="${node.id}"][aria-selected="true"]`).waitFor();
    await page.keyboard.press("Enter");
    await page.locator('.drawer[aria-label="Node"]').waitFor();
    assert.equal(new URL(page.url()).searchParams.get("node"), node.id);
    // The search's Escape closes the search, not what is open beside it.
    await page.keyboard.press("Control+k");
    await field.waitFor();
    await page.keyboard.press("Escape");
    await field.waitFor({ state: "detached" });
    await page.locator(".drawer").waitFor();
    await page.keyboard.press("Control+k");
    await field.pressSequentially("traceroutes");
    await page.locator('[data-hit="page traceroutes"][aria-selected="true"]').waitFor();
    await page.keyboard.press("Enter");
    await waitUntil(() => new URL(page.url()).pathname === "/traceroutes", "the page is there");
    await page.keyboard.press("/");
    await field.pressSequentially("harbor");
    await page.locator('[data-hit="agent harbor-roof"]').waitFor();
    const message = await waitUntil(async () => (await site.api("/messages?limit=100")).messages.find((m) => /\w{6}/.test(m.text)), "there is a message of words");
    const word = /\w{6,}/.exec(message.text)[0];
    await field.fill(word);
    await page.locator('[data-hit^="message "]').first().waitFor();
    assert.match(await page.locator('[data-hit^="message "]').first().innerText(), new RegExp(word, "i"));
    await close(page);
  });

  it("finds what hostile names say, as text, and takes any text", async () => {
    const page = await open("/");
    await page.locator("[data-kpi]").first().waitFor();
    await page.keyboard.press("Control+k");
    const field = page.getByRole("combobox", { name: "Search everything" });
    for (const text of ["<img", "'; DROP TABLE", "😀".repeat(60), "(((*", "%_\\"]) {
      await field.fill(text);
      await page.locator('[data-hit="ask packets"]').waitFor();
      assert.equal(await page.locator('[data-hit="ask packets"]').innerText().then((shown) => shown.includes(text.slice(0, 4))), true);
    }
    assert.equal(await page.locator("dialog img").count(), 0);
    await close(page);
  });

  it("tells its keys", async () => {
    const page = await open("/packets");
    await page.locator("tr[data-row]").first().waitFor();
    await page.keyboard.press("?");
    const help = page.getByRole("dialog", { name: "Keys" });
    await help.waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.keyboard.press("Escape");
    await help.waitFor({ state: "detached" });
    // In a field "?" and "/" are what someone types.
    await page.getByRole("combobox").click();
    await page.keyboard.type("a/?");
    assert.equal(await page.getByRole("combobox").inputValue(), "a/?");
    assert.equal(await page.locator("dialog").count(), 0);
    await close(page);
  });

  it("speaks German, remembered, on every page", async () => {
    const page = await open("/");
    await page.getByRole("button", { name: "DE: Deutsch" }).click();
    await page.getByRole("link", { name: "Überblick" }).waitFor();
    assert.equal(await page.locator("html").getAttribute("lang"), "de");
    for (const path of kPaths.slice(1)) {
      await page.locator(`.pages a[href="${path}"]`).click();
      await waitUntil(() => page.locator(`.pages a[href="${path}"][aria-current]`).count(), `${path} is the page that is shown`);
      await page.locator("#content h1, #content h2").first().waitFor({ state: "attached" });
    }
    await page.reload();
    await page.getByRole("heading", { name: "Was der Server aufhebt" }).waitFor();
    await close(page);
  });

  it("shows what the server keeps as the API has it, and changes how pages look", async () => {
    const page = await open("/settings");
    await page.locator("tr[data-part]").first().waitFor();
    const { parts } = await site.api("/storage");
    assert.deepEqual(await page.locator("tr[data-part]").evaluateAll((rows) => rows.map((row) => row.dataset.part)), parts.map((part) => part.name));
    const kept = await page.locator('tr[data-part="telemetry"] td').nth(1).innerText();
    assert.equal(kept, `${parts.find((part) => part.name === "telemetry").keep_s / 86_400} days`);
    const { privacy } = await site.api("/stats");
    const shown = await page.locator(".settings-privacy").evaluate((table) => ({ ...table.dataset }));
    assert.deepEqual(shown, { precision: String(privacy.position_precision), hidden: String(privacy.hidden_nodes), delay: String(privacy.delay_s) });
    await page.getByRole("group", { name: "Theme" }).getByRole("button", { name: "Light" }).click();
    assert.equal(await page.locator("html").getAttribute("data-theme"), "light");
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.getByRole("group", { name: "Theme" }).getByRole("button", { name: "Dark" }).click();
    assert.deepEqual(await accessibilityFaults(page), []);
    await close(page);
  });

  it("says how the mesh is, by what the server finds", async () => {
    const page = await open("/");
    await waitUntil(async () => {
      const { findings } = await site.api("/findings");
      const shown = await page.locator("[data-finding]").count();
      const [word, sub] = await page.locator('[data-kpi="health"]').locator(".tile-value, .tile-sub").allInnerTexts();
      const words = findings.length === 0 ? "Well" : findings.some((f) => f.severity === "critical") ? "Trouble" : "Warnings";
      return shown === findings.length && word === words && sub.startsWith(findings.length === 0 ? "nothing" : String(findings.length));
    }, "the word and the list are those of the findings");
    await page.locator('[data-kpi="nodes"]').click();
    assert.equal(new URL(page.url()).search, "?q=is%3Aonline");
    await close(page);
  });
});
