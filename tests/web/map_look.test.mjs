// What the map looks like, by the pixels of Chromium: base maps of the operator's, and layers that stay when colours change.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { launch, openPage } from "./browser.mjs";
import { mapFile, picture, startTileServer } from "./map_files.mjs";
import { Site, waitUntil } from "./site.mjs";

const kColor = [220, 40, 200];
const kWindow = { width: 1000, height: 640 }; // small: each look at it is a picture
const kNear = 6; // how far a colour may be off, of 255
const kCredit = "© Mappers of <Somewhere>";
const kLayers = ["traceroutes", "trails", "links", "heat", "hexes"];
const kAllPaths = ["/", "/map", "/nodes", "/packets", "/messages", "/links", "/traceroutes", "/agents", "/settings"];

const pictureOf = async (page) => (await page.locator(".map-box").screenshot({ animations: "disabled" })).toString("base64");

// The map when it is drawn: two pictures in a row are the same.
async function drawn(page) {
  let last = "";
  return waitUntil(async () => {
    const now = await pictureOf(page);
    const same = now === last;
    last = now;
    return same && now;
  }, "the map is drawn");
}

// The part of the first picture's pixels that have the tiles' colour, or another one than in the second.
function share(page, one, other, kind) {
  return page.evaluate(
    async ([texts, kind, color, near]) => {
      const [a, b] = await Promise.all(
        texts.map(async (text) => {
          const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
          const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
          const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
          context.drawImage(image, 0, 0);
          return context.getImageData(0, 0, image.width, image.height).data;
        }),
      );
      let count = 0;
      for (let i = 0; i < a.length; i += 4) {
        const than = kind === "color" ? color : [b[i], b[i + 1], b[i + 2]];
        const off = Math.max(...than.map((value, channel) => Math.abs(value - a[i + channel])));
        if (kind === "color" ? off <= near : off > near) count++;
      }
      return count / (a.length / 4);
    },
    [[one, other], kind, kColor, kNear],
  );
}
const colored = (page, one) => share(page, one, one, "color");
const changed = (page, one, other) => share(page, one, other, "changed");

let browser;
before(async () => (browser = await launch()));
after(async () => browser?.close());

async function close(page, allowed = () => false) {
  assert.deepEqual([page.faults.filter((fault) => !allowed(fault)), await page.violations()], [[], []]);
  await page.context().close();
}

const shown = (page) => waitUntil(async () => (await colored(page, await pictureOf(page))) > 0.5, "the tiles are shown");

describe("tiles of another site", { timeout: 600_000 }, () => {
  const site = new Site();
  let tiles;
  before(async () => {
    tiles = await startTileServer(picture(kColor));
    await site.startServer(`[map]\ntile_url = ${tiles.origin}/some/{z}/{x}/{y}.png\nattribution = ${kCredit}\n`);
  });
  after(async () => {
    await tiles?.close();
    await site.close();
  });

  it("are asked for and shown, with whose they are, and nothing else is asked of anyone", async () => {
    const page = await openPage(browser, `${site.url}/map?at=47.6,-122.3,3`);
    await shown(page);
    assert.ok(tiles.asked.length > 0 && tiles.asked.every((path) => /^\/some\/\d+\/\d+\/\d+\.png$/.test(path)), tiles.asked.join());
    assert.equal(await page.locator(".map-foot .credit").innerText(), kCredit);
    // Also those that were under way when the page was left.
    const fromTiles = (fault) => fault.startsWith(`request to ${tiles.origin}/some/`) || fault.includes(`Failed to fetch (0): ${tiles.origin}/some/`) || fault === "console: TypeError: Failed to fetch";
    for (const path of kAllPaths) {
      await page.goto(site.url + path);
      await page.locator("#content h1, #content h2").first().waitFor({ state: "attached" });
    }
    await close(page, fromTiles);
  });

  it("are the only thing of another site that the policy lets through", async () => {
    const other = await startTileServer(picture(kColor));
    const page = await openPage(browser, `${site.url}/settings`);
    const fetched = (url) => page.evaluate((url) => fetch(url).then(() => true, () => false), url);
    assert.equal(await fetched(`${tiles.origin}/some/0/0/0.png`), true);
    assert.equal(await fetched(`${other.origin}/some/0/0/0.png`), false);
    assert.equal((await page.violations()).length, 1);
    assert.deepEqual(other.asked, []);
    await page.context().close();
    await other.close();
  });
});

describe("a map file", { timeout: 600_000 }, () => {
  const site = new Site();
  before(async () => {
    const path = join(site.directory, "region.pmtiles");
    writeFileSync(path, mapFile(picture(kColor), 4));
    await site.startServer(`[map]\npmtiles = ${path}\nattribution = ${kCredit}\n`);
  });
  after(() => site.close());

  it("is read piece by piece and shown, with whose it is", async () => {
    const page = await openPage(browser, `${site.url}/map?at=47.6,-122.3,3`);
    await shown(page);
    assert.ok(page.requested.has("/api/v1/tiles.pmtiles"));
    assert.equal(await page.locator(".map-foot .credit").innerText(), kCredit);
    await close(page);
  });
});

describe("the embedded map", { timeout: 600_000 }, () => {
  const site = new Site();
  before(async () => {
    await site.startServer();
    await site.load(200, 20_000, ["--span", "2h", "--introduce"]);
  });
  after(() => site.close());

  it("keeps its layers when the colours of the page change", async () => {
    const page = await openPage(browser, `${site.url}/map?layers=${kLayers}`, { theme: "dark", viewport: kWindow });
    for (const name of kLayers) await waitUntil(async () => /[1-9]/.test(await page.locator(`[data-layer="${name}"] .layer-note`).innerText()), `${name} has something`);
    await page.mouse.move(5, 5);
    const dark = await drawn(page);
    assert.equal(await colored(page, dark), 0);
    await page.emulateMedia({ colorScheme: "light" });
    await waitUntil(async () => (await changed(page, dark, await pictureOf(page))) > 0.5, "the map is light");
    let last = await drawn(page);
    // Each is still there: without it the map is another.
    for (const name of kLayers) {
      const button = page.locator(`[data-layer="${name}"] .layer-button`);
      assert.equal(await button.getAttribute("aria-pressed"), "true");
      await button.click();
      await page.mouse.move(5, 5);
      assert.equal(await button.getAttribute("aria-pressed"), "false");
      const before = last;
      const part = await waitUntil(async () => {
        last = await drawn(page);
        return changed(page, before, last);
      }, `the map is another without ${name}`, 20_000);
      assert.ok(part < 0.9, `${name}: ${part}`);
    }
    await close(page);
  });
});
