// The page of an agent with two radios, in Chromium, of a real server that the agent feeds from a simulated mesh.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { accessibilityFaults, kPhone, launch, openPage } from "./browser.mjs";
import { Site, waitUntil } from "./site.mjs";

describe("an agent with two radios", { timeout: 300_000 }, () => {
  const site = new Site();
  let browser;
  let agent;

  before(async () => {
    await site.startServer();
    browser = await launch();
    await site.startMesh(2, ["--seed", "7", "--nodes", "40", "--rate", "20"], 1);
    agent = await waitUntil(async () => {
      const [first] = await site.all("/agents", "agents");
      return first?.radios.length === 2 && first.radios.every(({ link, radio }) => link.state === "ready" && radio.id) ? first : null;
    }, "both radios are ready");
  });

  after(async () => {
    await browser?.close();
    await site.close();
  });

  it("is told as one, whose books are the sum", () => {
    const { ledger, radios } = agent;
    for (const term of Object.keys(ledger)) assert.equal(ledger[term], radios[0].ledger[term] + radios[1].ledger[term], term);
    assert.deepEqual(radios.map(({ name }) => name), ["meshtastic", "meshtastic_2"]);
    assert.notEqual(radios[0].radio.id, radios[1].radio.id);
    assert.equal(agent.radio.id, radios[0].radio.id);
    assert.equal(agent.link.state, "ready");
  });

  for (const [width, options] of Object.entries({ "a wide screen": {}, "a phone": kPhone })) {
    it(`shows each, on ${width}`, async () => {
      const page = await openPage(browser, `${site.url}/agents/${agent.id}`, options);
      await page.locator(".agent-radio").nth(1).waitFor();
      assert.deepEqual(await page.locator(".agent-radio h2").allInnerTexts(), ["meshtastic", "meshtastic_2"]);
      for (const [i, { radio }] of agent.radios.entries()) {
        const shown = page.locator(".agent-radio").nth(i);
        assert.equal(await shown.locator(`a[href*="${radio.id.replace("!", "%21")}"]`).count(), 1);
        assert.equal(await shown.locator(".status.good").count(), 1);
      }
      assert.deepEqual(await accessibilityFaults(page), []);
      if (process.env.MMM_SHOTS) await page.screenshot({ path: `${process.env.MMM_SHOTS}/agent-radios-${width.replace(/\W/g, "-")}.png`, fullPage: true });
      assert.deepEqual([page.faults, await page.violations()], [[], []]);
      await page.context().close();
    });
  }
});
