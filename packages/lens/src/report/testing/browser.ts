/** A real Chromium for the tests of the page: it comes from npm, and unpacks itself into the temporary folder. */
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { setTimeout as pause } from "node:timers/promises";
import chromium from "@sparticuz/chromium";
import { chromium as driver, type Browser, type BrowserContextOptions, type Page } from "playwright-core";

/** The browser; or, where none can start, why. */
export async function startBrowser(): Promise<Browser | { readonly missing: string }> {
  let reason: unknown;
  // Another process may be unpacking it at this moment.
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      return await driver.launch({ executablePath: await chromium.executablePath(), args: ["--no-sandbox"] });
    } catch (thrown) {
      reason = thrown;
      await pause(1000);
    }
  }
  return { missing: String(reason) };
}

/** A report in the browser, opened as a file. */
export interface OpenReport {
  readonly page: Page;
  /** What it asked the network or the disk for, besides itself. */
  readonly requests: readonly string[];
  /** What went wrong in it: uncaught errors, and errors on the console. */
  readonly faults: readonly string[];
}

let folder: string | undefined;
let reports = 0;

/** Opens a report. `hash` is what its address ends in. */
export async function openReport(
  browser: Browser,
  html: string,
  options: BrowserContextOptions = {},
  hash = "",
): Promise<OpenReport> {
  folder ??= mkdtempSync(join(tmpdir(), "turnwise-report-"));
  const file = join(folder, `report-${reports++}.html`);
  writeFileSync(file, html);
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  const requests: string[] = [];
  const faults: string[] = [];
  const address = pathToFileURL(file).href;
  page.on("request", (request) => {
    const url = request.url();
    if (url !== address && url !== address + hash && !url.startsWith("data:")) requests.push(url);
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  await page.goto(address + hash);
  await page.locator(".stage").waitFor();
  return { page, requests, faults };
}

/** Removes the files of the reports that were opened. */
export function removeReports(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  folder = undefined;
}

/** A picture to look at, where `TURNWISE_SCREENSHOTS` names a folder for them. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const where = process.env["TURNWISE_SCREENSHOTS"];
  if (where === undefined) return;
  mkdirSync(where, { recursive: true });
  await page.screenshot({ path: join(where, `${name}.png`), fullPage: true });
}
