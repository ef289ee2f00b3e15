/** A headless Chromium: this machine's own, or else the one that comes from npm. */
import { existsSync } from "node:fs";
import packed from "@sparticuz/chromium";
import puppeteer, { type Browser } from "puppeteer-core";

const USUAL_PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Starts one, of the path in the environment's CHROMIUM_PATH where there is that. */
export async function startBrowser(): Promise<Browser> {
  const own = process.env["CHROMIUM_PATH"] ?? USUAL_PLACES.find((path) => existsSync(path));
  return await puppeteer.launch({
    executablePath: own ?? (await packed.executablePath()), // Unpacks it, the first time.
    headless: "shell",
    // The pages are ours; root, as in a container, has no sandbox.
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
    defaultViewport: { width: 800, height: 600 },
    // Puppeteer would end the process; `asyncio.run` cancels the program instead, and that closes the browser.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}
