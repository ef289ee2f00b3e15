/**
 * How smoothly the page of `turnwise studio` pans, zooms and plays a run of 100,000 steps, in a real Chromium:
 * `npm run bench:studio -- [STEPS] [TASKS]`. Prints the ratio of dropped frames, the frames a second, how long the page's
 * script ran for each (on a busy machine that tells more), and how long the page takes until it shows the run.
 */
import { loadavg } from "node:os";
import { startBrowser } from "../packages/lens/src/report/testing/browser.ts";
import { timeBetweenFrames } from "../packages/lens/src/report/testing/frames.ts";
import { randomTrace } from "../packages/lens/src/report/testing/random-trace.ts";
import { summarise } from "../packages/lens/src/analysis/summarise.ts";
import { ranAs } from "../packages/studio/src/testing/notes-programs.ts";
import { openStudio } from "../packages/studio/src/testing/open-studio.ts";

const [steps = 100_000, tasks = 300] = process.argv.slice(2).map(Number);
/** A frame of a display with 60 of them a second, in milliseconds. */
const FRAME = 1000 / 60;
const FRAMES = 240;

const times = (count: number, key: string): string[] => Array.from({ length: count }, () => key);

const trace = randomTrace(1, { steps, tasks, blocked: 0.0003 });
const summary = summarise(trace);
const browser = await startBrowser();
if ("missing" in browser) throw new Error(browser.missing);

const { page, server } = await openStudio(browser, {
  hello: { shown: 1 },
  answer: ({ slot, run }) => ranAs(slot, run, trace, summary),
});
const paint = await page.evaluate<number>(`new Promise((resolve) => {
  new PerformanceObserver((list) => resolve(list.getEntries()[0].startTime)).observe({ type: "largest-contentful-paint", buffered: true });
})`);
await page.locator(".pane").waitFor();
const shown = await page.evaluate<number>("performance.now()");
console.log(
  `${steps.toLocaleString("en-GB")} steps, ${tasks} tasks: first useful paint after ${paint.toFixed(0)} ms, the run is there after ${shown.toFixed(0)} ms; machine's load ${loadavg()[0]!.toFixed(1)}`,
);
await page.locator(".cm-content").waitFor();
await page.locator(".stage").focus();
const session = await page.context().newCDPSession(page);
await session.send("Performance.enable");
/** Seconds in which the page's script has run. */
const scripting = async (): Promise<number> => {
  const { metrics } = await session.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "ScriptDuration")!.value;
};

for (const [name, first, keys] of [
  ["pan, the whole run but a little", ["0", "+"], ["ArrowRight", "ArrowLeft"]],
  ["pan, a hundredth of the run", ["0", ...times(10, "+")], ["ArrowRight"]],
  ["zoom in and out", ["0"], [...times(20, "+"), ...times(20, "-")]],
  ["step forwards", ["0", ...times(10, "+")], ["n"]],
  ["play", ["0", "Home", " "], []],
] as const) {
  for (const key of first) await page.keyboard.press(key);
  const before = await scripting();
  const gaps = await timeBetweenFrames(page, keys, FRAMES);
  const script = ((await scripting()) - before) / gaps.length;
  const seconds = gaps.reduce((sum, gap) => sum + gap, 0) / 1000;
  const dropped = gaps.reduce((sum, gap) => sum + Math.max(0, Math.round(gap / FRAME) - 1), 0);
  const ratio = dropped / (gaps.length + dropped);
  console.log(
    `  ${name}: ${(ratio * 100).toFixed(1)} % of frames dropped, ${(gaps.length / seconds).toFixed(1)} frames a second, worst gap ${Math.max(...gaps).toFixed(0)} ms; script ${(script * 1000).toFixed(1)} ms a frame`,
  );
}
await browser.close();
await server.close();
