import { expect, test, vi } from "vitest";
import { systemTime } from "./clock.ts";

/** By so many seconds at most the two clocks are apart, unless the machine is busy just when the module is loaded. */
const APART = 1e-4;

test("is performance.now(), in seconds, and never goes back", () => {
  for (let i = 0, last = 0; i < 10_000; i++) {
    const before = performance.now() / 1000;
    const now = systemTime();
    const after = performance.now() / 1000;
    expect(now).toBeGreaterThanOrEqual(before - APART);
    expect(now).toBeLessThanOrEqual(after + APART);
    expect(now).toBeGreaterThanOrEqual(last);
    last = now;
  }
});

test.each([
  ["over the end of the low half", 2n ** 32n - 1n, 2n],
  ["a year after the machine started", 10n ** 9n * 86_400n * 365n, 1_500_000_000n],
])("counts nanoseconds %s", async (_, start, passes) => {
  let now = start;
  vi.resetModules();
  vi.stubGlobal("process", { ...process, hrtime: { bigint: () => now } });
  vi.stubGlobal("performance", { now: () => 0 });
  try {
    const { systemTime: stubbed } = await import("./clock.ts");
    expect(stubbed()).toBe(0);
    now += passes;
    expect(stubbed()).toBeCloseTo(Number(passes) / 1e9, 12);
  } finally {
    vi.unstubAllGlobals();
  }
});

test("is performance.now() where there is no clock of nanoseconds", async () => {
  vi.resetModules();
  vi.stubGlobal("process", undefined);
  vi.stubGlobal("performance", { now: () => 1500 });
  try {
    const { systemTime: stubbed } = await import("./clock.ts");
    expect(stubbed()).toBe(1.5);
  } finally {
    vi.unstubAllGlobals();
  }
});
