// The agents' page and the page of one agent, in Chromium, of a real server that real agents feed from a simulated mesh.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { accessibilityFaults, kPhone, launch, openPage } from "./browser.mjs";
import { Site, waitUntil } from "./site.mjs";

const kMesh = ["--seed", "7", "--nodes", "60", "--rate", "20"];
const kLedgerTerms = ["delivered", "set_aside", "filtered", "waiting", "dropped"];

const number = (text) => Number(text.replace(/[^\d]/g, ""));
const share = (part, whole) => `${((part / whole) * 100).toFixed(1)} %`;

describe("the agents' pages", { timeout: 600_000 }, () => {
  const site = new Site();
  let browser;

  before(async () => {
    await site.startServer();
    browser = await launch();
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
  const agents = () => site.all("/agents", "agents");
  const term = (page, place) => page.locator(`.term[data-place="${place}"] b`).first().innerText().then(number);
  // Figures change while they are compared: what is shown lies between what the API said before and after.
  async function agrees(read, ask, what) {
    let told;
    await waitUntil(async () => {
      const first = await ask();
      const shown = await read();
      const last = await ask();
      told = `${JSON.stringify(shown)} should lie between ${JSON.stringify(first)} and ${JSON.stringify(last)}`;
      return shown >= first && shown <= last;
    }, () => `${what}: ${told}`);
  }

  it("say what to do while there is no agent", async () => {
    const page = await open("/agents");
    await page.locator('.no-agent [data-command="run"]').waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await close(page);
    const missing = await open("/agents/nobody");
    await missing.getByText("The server knows no agent of this name.").waitFor();
    await close(missing);
  });

  it("appear as they upload", async () => {
    const page = await open("/agents");
    await page.locator(".no-agent").waitFor();
    await site.startMesh(3, kMesh);
    await waitUntil(async () => (await agents()).length === 3 && (await site.api("/stats")).packets.total > 100, "three agents upload");
    await waitUntil(async () => (await page.locator("tr[data-row]").count()) === 3, "three rows");
    await close(page);
  });

  it("show books that balance and are those of the API", async () => {
    const page = await open("/agents");
    await page.locator(".equation").waitFor();
    await agrees(() => term(page, "captured"), async () => (await agents()).reduce((sum, agent) => sum + agent.ledger.captured, 0), "captured");
    await waitUntil(async () => {
      const [captured, ...places] = await page.locator(".term").evaluateAll((terms) => terms.map((each) => Number(each.querySelector("b").textContent.replace(/\D/g, ""))));
      return captured > 0 && places.length === kLedgerTerms.length && captured === places.reduce((sum, each) => sum + each, 0);
    }, "captured is the sum of the places");
    assert.equal(await page.locator(".lost-figure.nothing b").innerText(), "0");
    await close(page);
  });

  it("put agents in the order of a column; the row opens the drawer, the name and the drawer lead to the page", async () => {
    const page = await open("/agents");
    const rows = page.locator("tr[data-row]");
    await waitUntil(async () => (await rows.count()) === 3, "three rows");
    const order = () => rows.evaluateAll((list) => list.map((row) => row.dataset.row));
    assert.deepEqual(await order(), ["harbor-roof", "old-mill", "summit-relay"]);
    await page.getByRole("button", { name: "Agent", exact: true }).click();
    await waitUntil(async () => (await order())[0] === "summit-relay", "the other way round");
    assert.equal(new URL(page.url()).searchParams.get("sort"), "-name");
    await page.locator('tr[data-row="old-mill"] .col-lost').click();
    await page.locator(".drawer").getByRole("link", { name: "Whole page" }).click();
    await page.locator(".agent-head h1", { hasText: "old-mill" }).waitFor();
    assert.equal(new URL(page.url()).pathname, "/agents/old-mill");
    await page.goBack();
    await page.goBack();
    await page.locator('tr[data-row="harbor-roof"] .col-agent a').click();
    assert.equal(new URL(page.url()).pathname, "/agents/harbor-roof");
    await close(page);
  });

  it("tell the gaps of each lane by pointer and by keyboard, over the range of the address", async () => {
    const page = await open("/agents?range=7d");
    const lane = page.locator('[data-lane="old-mill"]');
    // Until the radio was there it was away: every agent has this gap.
    await lane.locator(".gap-mark").first().waitFor();
    const { gaps } = await site.api("/agents/old-mill/gaps?since=7d");
    await waitUntil(async () => (await lane.locator(".lane-note").innerText()).startsWith(`${gaps.length} gap`), "as many gaps as the API has");
    assert.equal(await lane.locator(".gap-radio_away").count(), 1);
    const told = page.locator(".lanes-panel .lane-told");
    await lane.locator(".gap-mark").first().hover();
    await waitUntil(async () => (await told.innerText()).includes("radio away"), "the cause is told");
    assert.match(await told.innerText(), /old-mill.*radio away.*not yet connected/s);
    await page.mouse.move(300, 20);
    await waitUntil(async () => !(await told.innerText()).includes("radio away"), "and no longer");
    await page.locator('[data-lane="harbor-roof"] .lane-name').focus();
    await page.keyboard.press("Tab");
    await waitUntil(async () => (await told.innerText()).startsWith("harbor-roof"), "the keyboard tells it too");
    const most = [...page.requested].filter((path) => path.endsWith("/gaps")).length;
    assert.equal(most, 3);
    await page.getByRole("button", { name: "24 h" }).click();
    assert.equal(new URL(page.url()).searchParams.get("range"), null);
    await close(page);
  });

  it("say what agents hear in common and what only one hears, as the API does", async () => {
    const page = await open("/agents");
    const cell = page.locator('.matrix [data-cell="0,1"]');
    await cell.waitFor();
    await cell.focus();
    const words = await page.locator(".overlap-panel .lane-told").innerText();
    const match = /^(\S+) heard ([\d,]+) packets; (\S+) heard ([\d,]+) of them too: (.*)$/.exec(words);
    assert.ok(match, words);
    const [, row, of, column, both, told] = match;
    assert.equal(told, number(both) === number(of) ? "100 %" : share(number(both), number(of)));
    assert.equal((await cell.innerText()).trim(), told);
    const overlap = await site.api("/agents/overlap?since=24h");
    const pair = overlap.pairs.find((each) => [each.a, each.b].sort().join() === [row, column].sort().join());
    assert.ok(number(both) > 0 && number(both) <= pair.both, `${both} were common, by now ${pair.both}`);
    await page.keyboard.press("ArrowRight");
    assert.equal(await page.evaluate(() => document.activeElement.dataset.cell), "0,2");
    const texts = await page.locator(".contributions li").allInnerTexts();
    assert.equal(texts.length, 3);
    for (const text of texts) {
      const [, only, all] = /([\d,]+) of ([\d,]+)\n/.exec(text);
      const expected = number(only) === 0 ? "0 %" : share(number(only), number(all));
      assert.match(text, new RegExp(`without it ${expected.replace(".", "\\.")} of packets vanish`));
    }
    await close(page);
  });

  it("say that a server is too old to tell", async () => {
    const page = await open("/nodes");
    await page.route("**/api/v1/agents/overlap?*", (route) => route.fulfill({ status: 404, contentType: "application/problem+json", body: "{}" }));
    await page.locator(".pages").getByRole("link", { name: "Agents", exact: true }).click();
    await page.getByText("This server is too old for this").first().waitFor();
    assert.equal(await page.locator(".matrix").count(), 0);
    page.faults.splice(0, page.faults.length, ...page.faults.filter((fault) => !fault.includes("404")));
    await close(page);
  });

  it("say in red what was lost, where and why", async () => {
    const page = await open("/nodes");
    // Real answers, with one agent's books made short: a full buffer would take a mebibyte of packets.
    await page.route("**/api/v1/agents?*", async (route) => {
      const answer = await (await route.fetch()).json();
      for (const agent of answer.agents) if (agent.id === "old-mill") Object.assign(agent.ledger, { captured: agent.ledger.captured + 12, dropped: 7 });
      await route.fulfill({ json: answer });
    });
    await page.route("**/api/v1/live*", (route) => route.abort());
    await page.goto(`${site.url}/agents`);
    await page.locator(".lost-figure.some b", { hasText: "12" }).waitFor();
    assert.equal(await page.locator(".losers li").innerText(), "old-mill: 7 dropped because the buffer was full; 5 that the books cannot explain");
    assert.equal(await page.locator('tr[data-row="old-mill"] .lost').innerText().then((text) => number(text)), 12);
    await page.context().close();
  });

  it("show one agent as the API has it", async () => {
    const page = await open("/agents/summit-relay");
    await page.locator(".agent-head h1").waitFor();
    const own = async () => (await agents()).find((agent) => agent.id === "summit-relay");
    const agent = await own();
    const head = await page.locator(".agent-head").innerText();
    for (const text of [agent.location.name, agent.radio.firmware, agent.radio.region, "Ready", ...agent.channels.map((each) => each.name)]) assert.ok(head.includes(text), `${text} in ${head}`);
    await agrees(() => term(page, "captured"), async () => (await own()).ledger.captured, "captured");
    // The nodes: all that it heard, those with a direct link with that link's signal.
    const rows = page.locator(".heard-panel tr[data-row]");
    await rows.first().waitFor();
    await agrees(
      async () => Number(await page.locator(".heard-panel table").getAttribute("aria-rowcount")) - 1,
      async () => (await site.all(`/nodes?q=${encodeURIComponent("agent:summit-relay")}`, "nodes")).length, "nodes",
    );
    const links = (await site.all(`/links?evidence=direct&node=${agent.radio.id}`, "links")).filter((link) => link.to === agent.radio.id);
    const first = await rows.first().getAttribute("data-row");
    assert.ok(links.some((link) => link.from === first), "the best signal is a direct one");
    // Relays, gaps and packets.
    const { relays } = await site.api("/agents/summit-relay/relays");
    const known = new Set(relays.map((each) => String(each.relay)));
    await page.locator("[data-relay]").first().waitFor();
    const shown = await page.locator("[data-relay]").evaluateAll((list) => list.map((row) => row.dataset.relay));
    assert.ok(shown.every((each) => known.has(each)));
    await page.locator('.gap-table [data-cause="radio_away"]').first().waitFor();
    await page.locator("[data-packet]").first().waitFor();
    const newest = await page.locator("[data-packet]").first().getAttribute("data-packet");
    const detail = await site.api(`/packets/${newest}`);
    assert.ok(detail.receptions.some((each) => each.agent === "summit-relay"), "its packets are those that it received");
    await page.getByRole("link", { name: "All its packets" }).click();
    assert.equal(new URL(page.url()).searchParams.get("q"), "agent:summit-relay");
    await close(page);
  });

  it("are accessible and fit a phone, in both themes", async () => {
    for (const [path, ready] of [["/agents", ".matrix .share"], ["/agents/old-mill", ".heard-panel tr[data-row]"]]) {
      for (const theme of ["dark", "light"]) {
        for (const viewport of [undefined, kPhone]) {
          const page = await open(path, { theme, ...(viewport && { viewport }) });
          await page.locator(ready).first().waitFor();
          const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
          assert.ok(content <= screen, `${path} is ${content} wide on a screen of ${screen}`);
          assert.deepEqual(await accessibilityFaults(page), [], `${path} ${theme} ${viewport ? "on a phone" : ""}`);
          await close(page);
        }
      }
    }
  });
});
