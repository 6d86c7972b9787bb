// The page of messages in Chromium, of a real server that real agents feed from a simulated mesh.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { accessibilityFaults, kPhone, launch, openPage } from "./browser.mjs";
import { Site, waitUntil } from "./site.mjs";

const kMesh = ["--seed", "7", "--nodes", "40", "--rate", "40"];
const kEveryone = "!ffffffff";

describe("the page of messages", { timeout: 600_000 }, () => {
  const site = new Site();
  let browser;
  let all;

  before(async () => {
    await site.startServer();
    await site.startMesh(2, kMesh);
    browser = await launch();
    // An answer, a reaction and a direct message whose originals are known, and more than one page of them.
    await waitUntil(async () => {
      all = await site.all("/messages", "messages");
      return all.length > 260 && reactions().length > 0 && answers().length > 0 && all.some(isDirect);
    }, "messages of every kind are heard");
  });

  after(async () => {
    await browser?.close();
    await site.close();
  });

  const isDirect = (message) => message.to !== kEveryone;
  const original = (message) => all.find((other) => other.packet_id === message.reply_id && other.emoji === null && other.id < message.id);
  const reactions = () => all.filter((message) => message.emoji === 1 && original(message));
  const answers = () => all.filter((message) => message.emoji === null && message.reply_id !== null && original(message));

  const open = (path, options) => openPage(browser, site.url + path, options);
  const row = (page, id) => page.locator(`[data-packet="${id}"]`);
  const rows = (page) => page.locator(".message-row");
  const shown = (page) => rows(page).evaluateAll((list) => list.map((each) => Number(each.dataset.packet)));
  const option = (page, name) => new URL(page.url()).searchParams.get(name);
  async function close(page) {
    assert.deepEqual([page.faults, await page.violations()], [[], []]);
    await page.context().close();
  }

  it("shows the newest at the end as the API has them, live", async () => {
    const page = await open("/messages");
    await rows(page).first().waitFor();
    const ids = await shown(page);
    assert.deepEqual(ids, [...ids].sort((a, b) => a - b));
    await waitUntil(async () => (await shown(page)).at(-1) > ids.at(-1), "a newer message appears");
    const texts = await rows(page).evaluateAll((list) => list.map((each) => [Number(each.dataset.packet), each.querySelector(".message-text").textContent]));
    const known = new Map((await site.all("/messages", "messages")).map((message) => [message.id, message]));
    for (const [id, text] of texts) {
      assert.ok(known.has(id), `${id} is one that the API gives`);
      const wanted = known.get(id).text.trim().replace(/\s+/gu, " ");
      if (wanted.length < 100 && !/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]/u.test(wanted)) assert.equal(text, wanted);
    }
    // How often it was received, and over how many hops: an old one's no longer change.
    const badges = new Map(await rows(page).evaluateAll((list) => list.map((each) => [Number(each.dataset.packet), each.querySelector(".rx").textContent])));
    const told = [...known.values()].filter((message) => badges.has(message.id) && message.receptions > 1 && message.hops_max > message.hops_min);
    assert.ok(told.length > 0, "a message that came over several ways");
    assert.ok(told.some((message) => badges.get(message.id) === `rx ${message.receptions} · ${message.hops_min}–${message.hops_max} hops`), JSON.stringify([...badges]));
    const atEnd = await page.locator(".message-box").evaluate((box) => Math.abs(box.scrollTop) < 2);
    assert.ok(atEnd, "the list begins at the newest");
    await close(page);
  });

  it("gathers reactions under their message and shows what an answer answers", async () => {
    const reaction = reactions()[0];
    const page = await open(`/messages?message=${original(reaction).id}`);
    const chips = row(page, original(reaction).id).locator(".reaction");
    await chips.first().waitFor();
    assert.equal(await row(page, reaction.id).count(), 0);
    const chip = chips.filter({ hasText: reaction.text.trim() }).first();
    await chip.click();
    const names = (await chip.locator(".reaction-names").innerText()).trim();
    assert.equal(names, await chip.getAttribute("title"));
    assert.equal(names.split(", ").length, Number(await chip.locator(".count").innerText()));

    const answer = answers()[0];
    const other = await open(`/messages?message=${answer.id}`);
    await row(other, answer.id).locator(".original").click();
    await waitUntil(() => Number(option(other, "message")) === original(answer).id, "the address names the original");
    await row(other, original(answer).id).and(other.locator(".target")).waitFor();
    await waitUntil(() => row(other, original(answer).id).evaluate((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight;
    }), "the original is on the screen");
    await other.goBack();
    assert.equal(Number(option(other, "message")), answer.id);
    await close(page);
    await close(other);
  });

  it("counts channels, and shows one of them or what is direct", async () => {
    const page = await open("/messages");
    await rows(page).first().waitFor();
    for (const place of ["0", "direct"]) {
      const tab = page.locator(`[data-place="${place}"]`);
      await tab.click();
      assert.equal(option(page, "channel"), place);
      await waitUntil(async () => (await rows(page).count()) === Number(await tab.locator(".count").innerText()), "as many rows as are counted");
      const ids = await shown(page);
      const known = new Map((await site.all("/messages", "messages")).map((message) => [message.id, message]));
      for (const id of ids) {
        const message = known.get(id);
        assert.ok(place === "direct" ? isDirect(message) : message.channel === 0 && !isDirect(message), `${id} belongs to ${place}`);
      }
    }
    const facts = rows(page).first().locator(".message-facts");
    assert.match(await facts.innerText(), /to\s.*(delivered|failed|pending|unconfirmed)/s);
    await close(page);
  });

  it("searches texts by the address", async () => {
    const word = /\p{L}{4,}/u.exec(all.find((message) => /^[\x20-\x7e]+$/.test(message.text) && /[a-z]{4,}/i.test(message.text)).text)[0];
    const page = await open("/messages");
    await rows(page).first().waitFor();
    await page.getByRole("textbox", { name: "Search the texts" }).fill(word);
    await waitUntil(() => option(page, "q") === word, "the address has the words");
    await waitUntil(async () => {
      const texts = await page.locator(".message-text").allInnerTexts();
      return texts.length > 0 && texts.every((text) => text.toLowerCase().includes(word.toLowerCase()));
    }, "only texts with the word are shown");
    await page.getByRole("textbox", { name: "Search the texts" }).fill("nobodysaysthis");
    await page.locator(".empty").waitFor();
    await page.keyboard.press("Escape");
    await rows(page).first().waitFor();
    assert.equal(option(page, "q"), null);
    await close(page);
  });

  it("loads older ones as one scrolls up, and lets new ones wait meanwhile", async () => {
    const page = await open("/messages");
    await rows(page).first().waitFor();
    const box = page.locator(".message-box");
    const [oldest] = await shown(page);
    await box.evaluate((element) => (element.scrollTop = -element.scrollHeight));
    await waitUntil(async () => (await shown(page))[0] < oldest, "older messages are loaded");
    const newest = (await shown(page)).at(-1);
    // Not a reaction: that goes under its message when that is loaded.
    const texts = new Set((await site.all("/messages", "messages")).filter((message) => message.emoji === null).map((message) => message.id));
    const middle = row(page, (await shown(page)).find((id) => id >= oldest && texts.has(id)));
    await middle.scrollIntoViewIfNeeded();
    const place = await middle.evaluate((element) => element.getBoundingClientRect().top);
    const fresh = page.locator(".fresh", { hasText: /\d+ new/ });
    await fresh.waitFor();
    assert.equal((await shown(page)).at(-1), newest);
    assert.ok(Math.abs((await middle.evaluate((element) => element.getBoundingClientRect().top)) - place) < 2, "nothing jumps");
    await fresh.click();
    await waitUntil(async () => (await shown(page)).at(-1) > newest, "the newest are shown");
    assert.ok(await box.evaluate((element) => Math.abs(element.scrollTop) < 2));
    await close(page);
  });

  it("is gone through by the keyboard, and opens packets and nodes", async () => {
    const page = await open("/messages?channel=direct");
    const reachable = page.locator('.message-row[tabindex="0"]');
    await reachable.waitFor();
    assert.equal(await reachable.count(), 1);
    await reachable.focus();
    const focused = () => page.evaluate(() => Number(document.activeElement.dataset.packet));
    const first = await focused();
    await page.keyboard.press("ArrowUp");
    assert.ok((await focused()) < first);
    const message = await focused();
    await page.keyboard.press("Enter");
    await page.locator('.drawer[aria-label="Packet"]').waitFor();
    assert.equal(Number(option(page, "packet")), message);
    await page.keyboard.press("Escape");
    await row(page, message).locator(".author").click();
    await page.locator('.drawer[aria-label="Node"]').waitFor();
    await close(page);
  });

  it("shows text from the air as text only", async () => {
    const page = await open("/messages");
    await rows(page).first().waitFor();
    assert.equal(await page.locator("main :is(img, iframe, script, video, object)").count(), 0);
    assert.equal(await page.locator(".message-text *:not(.faint)").count(), 0);
    await close(page);
  });

  it("is accessible and fits a phone, in both themes", async () => {
    for (const theme of ["dark", "light"]) {
      for (const viewport of [undefined, kPhone]) {
        const page = await open("/messages", viewport ? { theme, viewport } : { theme });
        await rows(page).first().waitFor();
        const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        assert.ok(content <= screen, `it is ${content} wide on a screen of ${screen}`);
        assert.deepEqual(await accessibilityFaults(page), [], theme);
        await close(page);
      }
    }
  });
});
