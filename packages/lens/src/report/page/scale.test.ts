import { expect, test } from "vitest";
import { ticks, View } from "./scale.ts";

const view = (extent = 10) => new View(extent, () => undefined);

test("zooming keeps the moment under the pointer where it is", () => {
  const one = view();
  one.zoom(2, 2);
  expect(one.window).toEqual({ from: 1, to: 6 });
});

test("the window never leaves the run", () => {
  const one = view();
  one.zoom(2);
  one.pan(-100);
  expect(one.window).toEqual({ from: 0, to: 5 });
  one.pan(100);
  expect(one.window).toEqual({ from: 5, to: 10 });
  one.zoom(0.001);
  expect(one.isWhole).toBe(true);
});

test("zooming in ends before times run together", () => {
  const one = view();
  for (let round = 0; round < 200; round++) one.zoom(2);
  expect(one.span).toBeGreaterThan(1e-8);
});

test("revealing moves as little as needed", () => {
  const one = view();
  one.show(0, 2);
  one.reveal(1, 1.5);
  expect(one.window).toEqual({ from: 0, to: 2 });
  one.reveal(5, 5);
  expect(one.window).toEqual({ from: 4, to: 6 });
  one.reveal(1, 6);
  expect(one.window).toEqual({ from: 0.5, to: 6.5 });
});

test("ticks are round, and their labels tell them apart", () => {
  expect(ticks({ from: 0, to: 5 }, 600, 100).map(({ label }) => label)).toEqual([
    "0 s",
    "1 s",
    "2 s",
    "3 s",
    "4 s",
    "5 s",
  ]);
  const close = ticks({ from: 1.2345, to: 1.2346 }, 600, 100).map(({ label }) => label);
  expect(new Set(close).size).toBe(close.length);
  expect(close.length).toBeGreaterThan(3);
});
