// How soon the overview of a large mesh is seen:   node perf/web/overview_paint.mjs [TIMES]
//
// A real server with 2,000 nodes and 100,000 receptions, opened in Chromium by a browser that has nothing of it yet, beside
// the ceiling: a page of the same server that is nothing but text. Needs tests/web's packages (tests/web/run.sh installs
// them); MMM_BIN: folder of the programs.

import { launch } from "../../tests/web/browser.mjs";
import { Site, waitUntil } from "../../tests/web/site.mjs";

const kTimes = Number(process.argv[2] ?? 10);
const kWindow = { width: 1440, height: 900 };

const middle = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

// Milliseconds since the navigation began: first paint of content, and when the figures are there.
async function open(browser, url, seen) {
  const context = await browser.newContext({ viewport: kWindow });
  const page = await context.newPage();
  await page.addInitScript((seen) => {
    const look = () => {
      if (seen === null || [...document.querySelectorAll(seen)].some((each) => /\d/.test(each.textContent))) {
        requestAnimationFrame(() => (globalThis.seenAt = performance.now()));
      } else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, seen);
  await page.goto(url);
  const times = await waitUntil(
    () =>
      page.evaluate(() => {
        const painted = performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
        return painted && globalThis.seenAt ? { painted, seen: globalThis.seenAt } : null;
      }),
    `${url} is painted`,
  );
  await context.close();
  return times;
}

const site = new Site();
const browser = await launch();
try {
  await site.startServer();
  await site.load(2_000, 100_000, ["--span", "24h", "--introduce"]);
  const overview = [];
  const ceiling = [];
  for (let i = 0; i < kTimes; i++) {
    ceiling.push(await open(browser, `${site.url}/api/v1/stats`, null));
    overview.push(await open(browser, `${site.url}/`, "[data-kpi] .tile-value"));
  }
  const say = (what, values) => console.log(`${what}: p50 ${Math.round(middle(values))} ms, most ${Math.round(Math.max(...values))} ms`);
  say("plain text, first paint", ceiling.map((each) => each.painted));
  say("overview, first paint", overview.map((each) => each.painted));
  say("overview, its figures", overview.map((each) => each.seen));
  console.log(`figures to plain text: ${(middle(overview.map((each) => each.seen)) / middle(ceiling.map((each) => each.painted))).toFixed(1)}`);
} finally {
  await browser.close();
  await site.close();
}
