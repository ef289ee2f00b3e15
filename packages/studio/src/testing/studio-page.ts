/** What the tests of the page share: a browser, the page in it with a fake server, pictures of it. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, expect } from "vitest";
import { startBrowser } from "../../../lens/src/report/testing/browser.ts";
import type { FakeServer } from "./fake-server.ts";
import { type OpenStudio, openStudio, type StudioOptions } from "./open-studio.ts";

export { pointIn } from "../../../lens/src/report/testing/report-page.ts";

/** Where pictures of each view are left: git ignores it. */
const ARTEFACTS = fileURLToPath(new URL("../../../../artefacts/studio/", import.meta.url));

/**
 * A browser for a test file, closed when it is through; each test's pages and servers are closed after it. Where no
 * browser can start, the tests are to be skipped, and why is printed.
 */
export async function studioForTests(): Promise<{
  readonly missing: boolean;
  readonly open: (options?: StudioOptions) => Promise<OpenStudio>;
}> {
  const browser = await startBrowser();
  if ("missing" in browser) {
    console.warn(`SKIPPED: tests in a browser. No Chromium could be started here: ${browser.missing}`);
    return { missing: true, open: () => Promise.reject(new Error("no browser")) };
  }
  const servers: FakeServer[] = [];
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });
  afterAll(() => browser.close());
  return {
    missing: false,
    open: async (options) => {
      const opened = await openStudio(browser, options);
      servers.push(opened.server);
      return opened;
    },
  };
}

/** Expects what will be so in a while: the page draws later than it is told, on a busy machine much later. */
export function eventually<T>(look: () => T): ReturnType<typeof expect.poll<T>> {
  return expect.poll(look, { timeout: 15_000 });
}

/** The program with this letter. */
export function program(page: Page, letter: string): Locator {
  return page.locator(".program-card").filter({ has: page.locator(".letter", { hasText: letter }) });
}

/** What the loop of a program holds at the cursor, as it stands there. */
export function moment(page: Page, letter: string): Locator {
  return page.getByRole("region", { name: `${letter} at the cursor` });
}

/** Waits until the timelines of so many programs are there, and their editors. */
export async function recorded(page: Page, count: number): Promise<void> {
  await page
    .locator(".pane")
    .nth(count - 1)
    .waitFor();
  await page
    .locator(".cm-content")
    .nth(count - 1)
    .waitFor();
}

/** The window of time that the address names, once it has come to rest. */
export async function addressOf(page: Page): Promise<URLSearchParams> {
  await page.waitForTimeout(600);
  return new URLSearchParams(new URL(page.url()).hash.slice(1));
}

/** Leaves a picture among the artefacts of the test run. */
export async function picture(page: Page, name: string, fullPage = true): Promise<void> {
  mkdirSync(ARTEFACTS, { recursive: true });
  await page.screenshot({ path: join(ARTEFACTS, `${name}.png`), fullPage });
}
