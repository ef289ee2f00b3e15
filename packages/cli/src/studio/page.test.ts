/** The page in a real Chromium, with the real server: what only both together can show. */
import { afterAll, describe, expect, test } from "vitest";
import { startBrowser } from "../../../lens/src/report/testing/browser.ts";
import { ProgramDirectory } from "../testing/program.ts";
import { Studio } from "../testing/studio.ts";

const browser = await startBrowser();
const missing = "missing" in browser;
if (missing) console.warn(`SKIPPED: tests in a browser. No Chromium could be started here: ${browser.missing}`);
afterAll(async () => {
  if (!("missing" in browser)) await browser.close();
});

const LOOPS = `import * as asyncio from "turnwise";
await asyncio.run(async () => {
  await asyncio.sleep(0.01);
  console.log("ready");
  for (;;);
});
`;

async function open(studio: Studio) {
  if ("missing" in browser) throw new Error("no browser");
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  await page.goto(studio.url);
  return { page, faults };
}

describe.skipIf(missing)("the page", { timeout: 120_000 }, () => {
  test("runs the programs that were named, shows what they did, and runs what was edited", async () => {
    using directory = new ProgramDirectory({
      "a.ts": 'console.log("from a");\n',
      "b.ts": LOOPS.replace("for (;;);", "await asyncio.sleep(0.01); // back\n"),
    });
    await using studio = await Studio.start(["a.ts", "b.ts"], directory.path);
    const { page, faults } = await open(studio);
    const [a, b] = [page.locator(".program-card").nth(0), page.locator(".program-card").nth(1)] as const;
    await a.getByText("exit code 0").waitFor();
    await b.getByText("exit code 0").waitFor();
    expect(await a.locator(".output").innerText()).toContain("from a");
    await page.locator(".pane").nth(1).waitFor();

    await a.locator(".cm-content").click();
    await page.keyboard.press("Control+A");
    await page.keyboard.type("const x = ;");
    await page.keyboard.press("Control+Enter");
    await a.locator(".error").waitFor();
    expect(await a.locator(".error").innerText()).toMatch(/at line 1/);
    expect(await a.locator(".line-fails").innerText()).toContain("const x = ;");
    expect(faults).toEqual([]);
  });

  test("stops an endless loop, and shows the line that blocks", async () => {
    using directory = new ProgramDirectory({ "loops.ts": LOOPS });
    await using studio = await Studio.start(["loops.ts"], directory.path);
    const { page, faults } = await open(studio);
    await page.locator(".output").getByText("ready").waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("stopped (SIGKILL)").waitFor();
    await page.locator(".pane").first().waitFor();
    await page.getByRole("button", { name: "Next blocked stretch" }).click();
    await page.locator(".cm-line.line-blocks").waitFor();
    expect(await page.locator(".cm-line.line-blocks").innerText()).toContain("for (;;);");
    expect(faults).toEqual([]);
  });
});
