/**
 * How smoothly a report with 100,000 steps pans and zooms, in a real Chromium: `node measure-frames.ts [STEPS] [TASKS]`.
 * Prints the time between frames, how many came late, and how long drawing one takes.
 */
import { htmlReport } from "../html-report.ts";
import { openReport, startBrowser } from "./browser.ts";
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
console.log(
  `${steps} steps, ${tasks} tasks: ${(html.length / 1e6).toFixed(1)} MB, open after ${opening.toFixed(0)} ms`,
);

for (const [name, before, keys] of [
  ["pan, the whole run but a little", ["+"], ["ArrowRight", "ArrowLeft"]],
  ["pan, a hundredth of the run", Array<string>(10).fill("+"), ["ArrowRight"]],
  ["zoom in and out", ["0"], [...Array<string>(20).fill("+"), ...Array<string>(20).fill("-")]],
] as const) {
  for (const key of before) await page.keyboard.press(key);
  const gaps = await page.evaluate(
    ({ keys: pressed, frames }) =>
      new Promise<number[]>((resolve) => {
        const stage = document.querySelector(".stage")!;
        const found: number[] = [];
        let last = performance.now();
        const frame = (now: number): void => {
          found.push(now - last);
          last = now;
          if (found.length >= frames) return resolve(found.slice(1));
          const key = pressed[found.length % pressed.length]!;
          stage.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
          requestAnimationFrame(frame);
        };
        requestAnimationFrame(frame);
      }),
    { keys: [...keys], frames: 180 },
  );
  const sorted = gaps.toSorted((a, b) => a - b);
  const late = gaps.filter((gap) => gap > 25).length;
  const [median, worst] = [sorted[sorted.length >> 1]!, sorted.at(-1)!];
  console.log(
    `  ${name}: ${late} of ${gaps.length} frames late; median ${median.toFixed(1)} ms, worst ${worst.toFixed(1)} ms`,
  );
}
await browser.close();
