// The packet inspector and the packets page's facets, in Chromium, of a real server that real agents feed.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { accessibilityFaults, kPhone, launch, openPage } from "./browser.mjs";
import { Site, waitUntil } from "./site.mjs";

const kMesh = ["--seed", "7", "--nodes", "60", "--rate", "20"];

const address = (page) => new URL(page.url()).searchParams;
const packetsOf = async (site, query) => (await site.api(`/packets?limit=50&q=${encodeURIComponent(query)}`)).packets;
const bytes = (page) => page.locator(".hex-bytes [data-byte]").allInnerTexts();
const marked = (page) => page.locator(".hex-bytes .marked").evaluateAll((cells) => cells.map((cell) => Number(cell.dataset.byte)));
const range = ({ offset, length }) => Array.from({ length }, (_, i) => offset + i);

describe("the packet inspector", { timeout: 300_000 }, () => {
  const site = new Site();
  let browser;
  let position; // a packet that all three agents heard

  before(async () => {
    await site.startServer();
    await site.startMesh(3, kMesh);
    browser = await launch();
    // One that says where: some withhold it.
    const where = (packet) => packet.payload_fields.some((field) => field.field === "latitude_i") && packet.payload_offset !== null;
    position = await waitUntil(async () => {
      for (const { id } of await packetsOf(site, "port:position -is:encrypted receptions:>2")) {
        const packet = await site.api(`/packets/${id}`);
        if (where(packet)) return packet;
      }
      return null;
    }, "three agents hear a position");
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

  it("shows every byte, and which field it is, both ways", async () => {
    const detail = await site.api(`/packets/${position.id}`);
    const page = await open(`/packets?packet=${position.id}&tab=bytes`);
    await page.locator(".hex").first().waitFor();
    assert.equal((await bytes(page)).join(""), detail.raw_hex);
    const rows = page.locator(".byte-fields tbody tr");
    assert.equal(await rows.count(), detail.raw_fields.length + detail.payload_fields.length);
    const latitude = detail.payload_fields.find((field) => field.field === "latitude_i");
    await page.locator('[data-field="payload.latitude_i"]').hover();
    const inRecord = range({ ...latitude, offset: latitude.offset + detail.payload_offset });
    await waitUntil(async () => String(await marked(page)) === String(inRecord), "the latitude's bytes are marked");
    const from = detail.raw_fields.find((field) => field.field === "packet.from");
    await page.locator(`.hex-bytes [data-byte="${from.offset + 1}"]`).hover();
    await waitUntil(async () => (await page.locator(".byte-fields tr.marked").getAttribute("data-field")) === "packet.from", "the byte's field is marked");
    assert.deepEqual(await marked(page), range(from));
    // By the keyboard alone.
    await page.locator(".hex").focus();
    await page.keyboard.press("End");
    await waitUntil(async () => (await marked(page)).at(-1) === detail.raw_hex.length / 2 - 1, "the last byte's field is marked");
    await page.locator('.byte-fields tr[tabindex="0"]').focus();
    await page.keyboard.press("Home");
    await waitUntil(async () => (await page.locator(".byte-fields tr.marked").getAttribute("data-field")) === "packet", "the first field is marked");
    await close(page);
  });

  it("shows receptions in the order of arrival, relays as candidates", async () => {
    const page = await open(`/packets?packet=${position.id}&tab=receptions`);
    await page.locator(".arrival").first().waitFor();
    const { receptions } = await site.api(`/packets/${position.id}`);
    const order = [...receptions].sort((a, b) => a.time_us - b.time_us).map((each) => each.agent);
    assert.deepEqual(await page.locator(".arrival-agent").allInnerTexts(), order);
    const shares = await page.locator(".arrival-track i").evaluateAll((bars) => bars.map((bar) => parseFloat(bar.style.width)));
    assert.deepEqual([shares[0], shares.at(-1)], [0, 100]);
    assert.deepEqual(shares, [...shares].sort((a, b) => a - b));
    // All three heard it, so that there is nothing to come.
    const relayed = await waitUntil(async () => {
      for (const { id } of await packetsOf(site, "receptions:>2 hops:>0")) {
        const packet = await site.api(`/packets/${id}`);
        if (packet.receptions.every((each) => each.hops > 0 && each.relay_node)) return packet;
      }
      return null;
    }, "a packet came over relays");
    await page.goto(`${site.url}/packets?packet=${relayed.id}&tab=receptions`);
    const relays = page.locator(".arrival-relay dd");
    await waitUntil(async () => (await relays.count()) === relayed.receptions.length, "each reception tells its relay");
    for (const text of await relays.allInnerTexts()) assert.match(text, /^0x[0-9a-f]{2}(, perhaps .+|: no known node ends in it)$/);
    await close(page);
  });

  it("shows sender and agents on a map, and lists what has no position", async () => {
    const page = await open(`/packets?packet=${position.id}&tab=map`);
    await page.locator(".packet-legend li").first().waitFor();
    const node = await site.api(`/nodes/${encodeURIComponent(position.from)}`);
    await waitUntil(async () => (await page.locator(".packet-map .map-box").getAttribute("data-points")) === String(3 + (node.position ? 1 : 0)), "a point for each place");
    await page.locator(".packet-map canvas").waitFor();
    await close(page);
  });

  it("goes through the list by keys, on the same tab, and copies", async () => {
    const page = await open("/packets");
    await page.locator("tr[data-row]").first().waitFor();
    await page.locator(".virtual").hover();
    await page.locator(".feed-held").waitFor();
    const order = await page.locator("tr[data-row]").evaluateAll((rows) => rows.map((row) => row.dataset.row));
    await page.locator("tr[data-row]").nth(2).click();
    await page.getByRole("tab", { name: "Decoded" }).focus();
    await page.keyboard.press("ArrowRight");
    await waitUntil(() => address(page).get("tab") === "bytes", "the arrow key chooses the next tab");
    for (const [key, row] of [["]", 3], ["[", 2], ["Alt+ArrowUp", 1], ["Alt+ArrowDown", 2]]) {
      await page.keyboard.press(key);
      await waitUntil(() => address(page).get("packet") === order[row], `${key} leads to row ${row}`);
    }
    assert.equal(address(page).get("tab"), "bytes");
    // Beside the table, not over it.
    const [table, drawer] = [await page.locator(".packets-body > .panel").boundingBox(), await page.locator(".drawer").boundingBox()];
    assert.ok(table.x + table.width <= drawer.x, "the inspector covers nothing");
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    for (const [item, check] of [
      ["as JSON", async (text) => assert.equal(JSON.parse(text).id, Number(order[2]))],
      ["Bytes as hex", async (text) => assert.equal(text, (await site.api(`/packets/${order[2]}`)).raw_hex)],
      ["Link to this page", async (text) => assert.equal(text, page.url())],
      ["as cURL command", async (text) => assert.equal(text, `curl -s '${site.url}/api/v1/packets/${order[2]}'`)],
    ]) {
      await page.locator(".copy-menu > button").click();
      await page.getByRole("menuitem", { name: item }).click();
      await page.locator(".copy-menu > button", { hasText: "Copied" }).waitFor();
      await check(await page.evaluate(() => navigator.clipboard.readText()));
    }
    await close(page);
  });

  it("leads from a reply to what it answers", async () => {
    const reply = await waitUntil(async () => {
      for (const { id } of await packetsOf(site, "port:text is:decoded")) {
        const packet = await site.api(`/packets/${id}`);
        const answered = packet.mesh_packet?.decoded?.reply_id;
        if (answered && (await packetsOf(site, `packet_id:${answered}`)).length > 0) return { id, answered };
      }
      return null;
    }, "a reply to a packet that is in the log");
    const page = await open(`/packets?packet=${reply.id}`);
    await page.locator(".related-packet").first().click();
    await waitUntil(async () => {
      const { packet_id } = await site.api(`/packets/${address(page).get("packet")}`);
      return packet_id === reply.answered;
    }, "what it answers is shown");
    await close(page);
  });

  it("narrows packets down by facets, counted in the rows that are loaded", async () => {
    const page = await open("/packets");
    await page.locator("tr[data-row]").first().waitFor();
    const facet = page.locator('[data-facet="port"] .facet[data-value="position"]');
    await facet.waitFor();
    const counts = await page.locator('[data-facet="port"] .count').allInnerTexts();
    const loaded = await page.locator(".facets-note").innerText();
    assert.ok(counts.reduce((sum, count) => sum + Number(count), 0) > 0);
    assert.match(loaded, /^Counts of \d+ loaded$/);
    await facet.locator(".facet-only").click();
    await waitUntil(() => address(page).get("q") === "port:position", "the term is in the query");
    await waitUntil(async () => {
      const ports = await page.locator("tr[data-row] .pill").allInnerTexts();
      return ports.length > 0 && ports.every((port) => port === "Position");
    }, "only positions are there");
    assert.equal(await page.getByRole("combobox").inputValue(), "port:position");
    await facet.locator(".facet-only").click({ modifiers: ["Alt"] });
    await waitUntil(() => address(page).get("q") === "-port:position", "it is turned over");
    await waitUntil(async () => {
      const ports = await page.locator("tr[data-row] .pill").allInnerTexts();
      return ports.length > 0 && ports.every((port) => port !== "Position");
    }, "no position is there");
    await facet.locator(".facet-without").click();
    await waitUntil(() => address(page).get("q") === null, "it is taken out");
    await page.locator('[data-facet="agent"] .facet[data-value="old-mill"] .facet-only').click();
    await waitUntil(() => address(page).get("q") === "agent:old-mill", "an agent is asked for");
    // Agents are counted by the packets that they told of first, among rows to which nothing is added.
    const [newest] = (await site.api("/packets?limit=1")).packets;
    const fixed = `id:<=${newest.id}`;
    await page.goto(`${site.url}/packets?q=${encodeURIComponent(fixed)}`);
    const firsts = (await site.api(`/packets?q=${encodeURIComponent(fixed)}&limit=200`)).packets.map((packet) => packet.agent);
    await waitUntil(async () => (await page.locator(".facets-note").innerText()) === `Counts of ${firsts.length} loaded`, "a page is loaded");
    const shown = await page.locator('[data-facet="agent"] .facet').evaluateAll((all) => all.map((each) => [each.dataset.value, Number(each.querySelector(".count").textContent)]));
    assert.deepEqual(Object.fromEntries(shown), Object.fromEntries((await site.api("/agents")).agents.map(({ id }) => [id, firsts.filter((agent) => agent === id).length])));
    assert.ok(shown.some(([, count]) => count > 0));
    await page.getByRole("button", { name: "Hide facets" }).click();
    await page.locator(".facets").waitFor({ state: "detached" });
    await page.reload();
    await page.locator(".facets-show").waitFor();
    assert.equal(await page.locator(".facets").count(), 0);
    await close(page);
  });

  it("takes its tab out of the address when it is closed", async () => {
    const page = await open(`/packets?facets=hidden&packet=${position.id}&tab=bytes`);
    await page.locator(".inspector .drawer-section").first().waitFor();
    assert.equal(address(page).get("tab"), "bytes");
    await page.keyboard.press("Escape");
    await page.locator(".drawer").waitFor({ state: "detached" });
    assert.deepEqual([...address(page).keys()], ["facets"]);
    await close(page);
  });

  it("is accessible and fits a phone, in both themes", async () => {
    for (const [theme, tab] of [["dark", "decoded"], ["light", "bytes"], ["dark", "receptions"], ["light", "map"]]) {
      const path = `/packets?packet=${position.id}&tab=${tab}`;
      const page = await open(path, { theme });
      await page.locator(".inspector .drawer-section").first().waitFor();
      assert.deepEqual(await accessibilityFaults(page), [], `${tab} ${theme}`);
      await close(page);
      const phone = await open(path, { theme, viewport: kPhone });
      await phone.locator(".inspector .drawer-section").first().waitFor();
      const sizes = await phone.evaluate(() => [document.documentElement.scrollWidth, innerWidth, document.querySelector(".drawer").scrollWidth]);
      assert.ok(sizes[0] <= sizes[1] && sizes[2] <= sizes[1], `${tab}: ${sizes}`);
      assert.deepEqual(await accessibilityFaults(phone), [], `${tab} ${theme} on a phone`);
      await close(phone);
    }
    const phone = await open("/packets", { viewport: kPhone });
    await phone.locator(".facets-show").click();
    // All in one look: what comes live may put another row in the place of one that was found.
    const heights = () => phone.evaluate(() => [...document.querySelectorAll('[data-facet="port"] .facet')].map((row) => row.getBoundingClientRect().height));
    const rows = await waitUntil(() => heights().then((all) => all.length > 0 && all), "there are ports");
    assert.ok(Math.min(...rows) >= 44, String(rows));
    assert.deepEqual(await accessibilityFaults(phone), []);
    await phone.keyboard.press("Escape");
    await phone.locator(".facets").waitFor({ state: "detached" });
    await close(phone);
  });
});
