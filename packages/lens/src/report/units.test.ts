import { expect, test } from "vitest";
import { inUnits } from "./units.ts";

test("lengths are in a unit that suits them", () => {
  const lengths = [0, 1.4e-7, 9.999e-7, 3.456e-6, 3.456e-5, 0.000345, 0.0012, 0.012, 0.25, 5.016, 75];
  expect(lengths.map(inUnits)).toEqual([
    "0 s",
    "140 ns",
    "1.00 µs",
    "3.46 µs",
    "34.6 µs",
    "345 µs",
    "1.2 ms",
    "12 ms",
    "0.25 s",
    "5.02 s",
    "75.00 s",
  ]);
});
