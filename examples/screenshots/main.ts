/**
 * Visits pages in a headless Chromium, several at a time, and saves a screenshot of each:
 *
 *   turnwise run examples/screenshots/main.ts [--to FOLDER] [--limit N] [--timeout SECONDS] [URL...]
 *
 * Without URLs it starts a site of its own, of which one page never comes. The exit code is 1 if a page has failed.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "puppeteer-core";
import * as asyncio from "turnwise/node";
import { commandLine, misused, number } from "../command-line.ts";
import { startBrowser } from "./browser.ts";
import { PATHS, startSite } from "./site.ts";

const { values, positionals } = commandLine({
  allowPositionals: true,
  options: {
    to: { type: "string", default: "screenshots" },
    limit: { type: "string", default: "3" },
    timeout: { type: "string", default: "10" },
  },
});
const limit = number("limit", values.limit, { from: 1, whole: true });
const timeout = number("timeout", values.timeout, { from: 0 });
for (const url of positionals) if (!URL.canParse(url)) misused(`${url} is no URL`);

await asyncio.run(async () => {
  // What ends the program otherwise is taken for Ctrl-C: the browser must not outlive it.
  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    asyncio.addSignalHandler(signal, () => process.kill(process.pid, "SIGINT"));
  }
  await mkdir(values.to, { recursive: true });
  await using site = positionals.length === 0 ? await startSite() : null;
  const urls = site === null ? positionals : PATHS.map((path) => site.url + path);
  // Whatever happens below, also when it is cancelled by Ctrl-C, the browser is closed at the end of the block.
  await using browser = await startBrowser();
  const saved = await asyncio.map(urls, (url, index) => save(browser, url, index + 1), { limit });
  if (saved.includes(false)) process.exitCode = 1;
});

/** Saves a screenshot of a page. @returns whether it could: one page that fails does not stop the others. */
async function save(browser: Browser, url: string, index: number): Promise<boolean> {
  const name = new URL(url).pathname.replaceAll(/\W+/g, "-").replaceAll(/^-|-$/g, "") || "index";
  const path = join(values.to, `${index}-${name}.png`) as `${string}.png`;
  await using page = await browser.newPage();
  try {
    await asyncio.timeout(timeout, async () => {
      // Turnwise keeps the time. A page that is still loading is closed at the end of the block.
      await asyncio.interruptible(page.goto(url, { timeout: 0 }));
      await asyncio.interruptible(page.screenshot({ path }));
    });
    console.log(`${url} saved as ${path}`);
    return true;
  } catch (error) {
    if (error instanceof asyncio.CancelledError) throw error;
    const reason = error instanceof asyncio.TimeoutError ? `not there in ${timeout} s` : (error as Error).message;
    console.log(`${url} failed: ${reason}`);
    return false;
  }
}
