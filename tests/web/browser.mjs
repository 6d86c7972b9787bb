// Chromium and a page that notes everything that must not happen.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const kArguments = [
  "--headless", "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-background-networking", "--no-first-run",
];

export const kWide = { width: 1440, height: 900 };
export const kPhone = { width: 390, height: 844 };

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: kArguments });
}

// `page.faults` collects script errors, console errors, violations of the page's policy, dialogs and requests to other
// hosts; `page.requested` the paths that the page and its workers asked for. `expectLostServer`: failed requests to the server itself are part of the test.
export async function openPage(browser, url, { viewport = kWide, theme = "dark", expectLostServer = false } = {}) {
  const phone = viewport.width < 500;
  const context = await browser.newContext({ viewport, colorScheme: theme, hasTouch: phone, isMobile: phone });
  const page = await context.newPage();
  const faults = [];
  const requested = new Set();
  const origin = new URL(url).origin;
  page.on("pageerror", (error) => faults.push(`script error: ${error.message}`));
  page.on("console", (message) => {
    const lost = expectLostServer && /ERR_CONNECTION|ERR_INCOMPLETE|ERR_EMPTY|Failed to load resource|ERR_NETWORK/.test(message.text());
    if (["error", "warning"].includes(message.type()) && !lost && !isDriverNoise(message.text())) {
      faults.push(`console: ${message.text()}`);
    }
  });
  page.on("dialog", (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    requested.add(url.pathname);
    if (url.origin !== origin) faults.push(`request to ${request.url()}`);
  });
  await page.addInitScript(() => {
    globalThis.violations = [];
    addEventListener("securitypolicyviolation", (event) => globalThis.violations.push(`${event.violatedDirective}: ${event.blockedURI}`));
  });
  await page.goto(url);
  page.faults = faults;
  page.requested = requested;
  page.violations = () => page.evaluate(() => globalThis.violations);
  return page;
}

const kAxe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// What axe finds that is serious or worse, a line each.
export async function accessibilityFaults(page) {
  await page.evaluate(`${kAxe};0`);
  return page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"] });
    return violations.filter((v) => ["serious", "critical"].includes(v.impact)).map((v) => `${v.id}: ${v.nodes[0].html}`);
  });
}

// What the software renderer of a machine without a graphics card says of itself.
function isDriverNoise(text) {
  return /GL Driver Message|GPU stall|WebGL.*(fallback|deprecated)|swiftshader/i.test(text);
}
