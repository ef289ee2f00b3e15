/**
 * How smoothly a report with 100,000 steps pans and zooms, in a real Chromium: `node measure-frames.ts [STEPS] [TASKS]`.
 * Prints how many frames came late, the time between them, and how long the page's script ran for each.
 */
import { loadavg } from "node:os";
import { htmlReport } from "../html-report.ts";
import { openReport, removeReports, startBrowser } from "./browser.ts";
import { timeBetweenFrames } from "./frames.ts";
import { randomTrace } from "./random-trace.ts";
import { summaryOf } from "./trace-builder.ts";

const [steps = 100_000, tasks = 300] = process.argv.slice(2).map(Number);
const trace = randomTrace(1, { steps, tasks, blocked: 0.0003 });
const html = htmlReport(trace, summaryOf(trace));
const browser = await startBrowser();
if ("missing" in browser) throw new Error(browser.missing);

const opened = performance.now();
const { page } = await openReport(browser, html);
const opening = performance.now() - opened;
await page.locator(".stage").focus();
const session = await page.context().newCDPSession(page);
await session.send("Performance.enable");
/** Seconds in which the page's script has run. */
const scripting = async (): Promise<number> => {
  const { metrics } = await session.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "ScriptDuration")!.value;
};
console.log(
  `${steps} steps, ${tasks} tasks: ${(html.length / 1e6).toFixed(1)} MB, open after ${opening.toFixed(0)} ms; machine's load ${loadavg()[0]!.toFixed(1)}`,
);

for (const [name, first, keys] of [
  ["pan, the whole run but a little", ["+"], ["ArrowRight", "ArrowLeft"]],
  ["pan, a hundredth of the run", Array<string>(10).fill("+"), ["ArrowRight"]],
  ["zoom in and out", ["0"], [...Array<string>(20).fill("+"), ...Array<string>(20).fill("-")]],
] as const) {
  for (const key of first) await page.keyboard.press(key);
  const before = await scripting();
  const gaps = await timeBetweenFrames(page, keys, 180);
  const sorted = gaps.toSorted((a, b) => a - b);
  const late = gaps.filter((gap) => gap > 25).length;
  const [median, worst] = [sorted[sorted.length >> 1]!, sorted.at(-1)!];
  const perFrame = ((await scripting()) - before) / gaps.length;
  console.log(
    `  ${name}: ${late} of ${gaps.length} frames late; median ${median.toFixed(1)} ms, worst ${worst.toFixed(1)} ms; script ${(perFrame * 1000).toFixed(1)} ms a frame`,
  );
}
await browser.close();
removeReports();
