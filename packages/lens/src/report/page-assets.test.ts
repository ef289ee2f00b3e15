import { expect, test } from "vitest";
import { htmlReport } from "./html-report.ts";
import { pageAssets } from "./page-assets.ts";
import { blockingRun } from "./testing/notes-traces.ts";
import { randomTrace } from "./testing/random-trace.ts";
import { step, summaryOf, traceOf } from "./testing/trace-builder.ts";

test("the page's script and style need nothing from elsewhere", () => {
  const { script, style } = pageAssets();
  expect(script).not.toMatch(/\bimport\b/);
  expect(style).not.toMatch(/@import|url\(/);
  expect(script + style).not.toMatch(/https?:/);
});

test("nothing in it ends the element that it is in", () => {
  const { script, style } = pageAssets();
  expect(script).not.toMatch(/<\/script|<!--/i);
  expect(style).not.toMatch(/<\/style/i);
});

test("a report has one script, whatever the trace says", () => {
  const evil = "</script><script>alert(1)</script><!--";
  const trace = traceOf({ duration: 1, steps: [step(null, 0, 1, { callback: evil, on: evil })] });
  const scripts = (html: string): number => html.match(/<\/?script/g)!.length;
  const { trace: plain, summary } = blockingRun();
  expect(scripts(htmlReport(trace, summaryOf(trace)))).toBe(scripts(htmlReport(plain, summary)));
});

test("100,000 steps take less than 100 bytes each", () => {
  const trace = randomTrace(1, { steps: 100_000, tasks: 300 });
  expect(htmlReport(trace, summaryOf(trace)).length).toBeLessThan(100_000 * 100);
});
