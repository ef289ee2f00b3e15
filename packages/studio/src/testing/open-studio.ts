/** Opens the page in a browser, with a fake server behind it. */
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { HelloMessage } from "../protocol.ts";
import { type Answer, FakeServer } from "./fake-server.ts";
import { HELLO, ranWell } from "./notes-programs.ts";

/** A page, and the server behind it. */
export interface OpenStudio {
  readonly page: Page;
  readonly server: FakeServer;
  /** What went wrong in it: uncaught errors, errors on the console, requests to elsewhere. */
  readonly faults: readonly string[];
}

export interface StudioOptions extends BrowserContextOptions {
  readonly hello?: Partial<HelloMessage>;
  readonly answer?: Answer;
  /** What the address ends in. */
  readonly hash?: string;
  /** Runs in the page before its own script. */
  readonly prelude?: string;
}

export async function openStudio(browser: Browser, options: StudioOptions = {}): Promise<OpenStudio> {
  const { hello, answer = ranWell, hash = "", prelude = "", ...context } = options;
  const server = await FakeServer.start({ ...HELLO, ...hello }, answer);
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: "light", ...context });
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(server.address) && !/^(blob|data):/.test(url)) faults.push(`asked for ${url}`);
  });
  await page.addInitScript(prelude);
  await page.goto(server.address + hash);
  return { page, server, faults };
}
