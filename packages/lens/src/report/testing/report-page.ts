/** What the tests of the page share: a browser, what they look at, and where they point. */
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach } from "vitest";
import { removeReports, startBrowser } from "./browser.ts";

/**
 * A browser for a test file, closed when it is through; each test's pages are closed after it. Where no browser can
 * start, the tests are to be skipped, and why is printed.
 */
export async function browserForTests(): Promise<{ browser: Browser; missing: boolean }> {
  const browser = await startBrowser();
  if ("missing" in browser) {
    console.warn(`SKIPPED: tests in a browser. No Chromium could be started here: ${browser.missing}`);
    return { browser: undefined as never, missing: true };
  }
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
  });
  afterAll(async () => {
    await browser.close();
    removeReports();
  });
  return { browser, missing: false };
}

/** The panel that says what is selected. */
export const selected = (page: Page): Locator => page.locator(".details-body");

/** The window that the address names, after it has come to rest. */
export async function windowOf(page: Page): Promise<{ from: number; to: number }> {
  await page.waitForTimeout(400);
  const parts = new URLSearchParams(new URL(page.url()).hash.slice(1));
  return { from: Number(parts.get("from") ?? 0), to: Number(parts.get("to") ?? Infinity) };
}

/** The middle of a lane of a pane: 0 as it ran, 1 the what-if. `share` of the time axis from the left. */
export async function pointIn(
  page: Page,
  pane: number,
  lane: number,
  share: number,
): Promise<{ x: number; y: number }> {
  const box = (await page.locator(".lanes").nth(pane).boundingBox())!;
  const left = Math.round(Math.min(190, box.width * 0.3));
  return { x: box.x + left + (box.width - left) * share, y: box.y + lane * 32 + 16 };
}

export async function hover(page: Page, pane: number, lane: number, share: number): Promise<string> {
  const { x, y } = await pointIn(page, pane, lane, share);
  await page.mouse.move(x, y);
  return await page.locator(".tip").innerText();
}

/** What a screen reader would call what has the focus, about. */
export async function focusedLabel(page: Page): Promise<string> {
  const focused = page.locator(":focus");
  return (await focused.getAttribute("aria-label")) ?? (await focused.innerText());
}

/** How many pixels of a pane have about the colour of a variable of the style sheet. */
export async function pixels(page: Page, pane: number, variable: string): Promise<number> {
  return await page.evaluate<number>(`(() => {
    const canvas = document.querySelectorAll(".lanes canvas")[${pane}];
    const probe = document.createElement("canvas").getContext("2d");
    probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("${variable}");
    probe.fillRect(0, 0, 1, 1);
    const wanted = probe.getImageData(0, 0, 1, 1).data;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let at = 0; at < data.length; at += 4) {
      if ([0, 1, 2].every((channel) => Math.abs(data[at + channel] - wanted[channel]) < 6)) count++;
    }
    return count;
  })()`);
}
