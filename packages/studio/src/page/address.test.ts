import fc from "fast-check";
import { expect, test } from "vitest";
import { NO_PLACE, readPlace, writePlace } from "./address.ts";

test("a place that was written is read again", () => {
  const place = { view: null, program: "B", time: 1.5, step: 12, window: { from: 1, to: 2.25 } };
  expect(readPlace(writePlace(place))).toEqual(place);
  expect(readPlace(writePlace(NO_PLACE))).toEqual(NO_PLACE);
});

test("what makes no sense is left out", () => {
  expect(readPlace("#view=sky&time=soon&step=1.5&from=3&to=2")).toEqual(NO_PLACE);
  expect(readPlace("#time=Infinity&step=-4&from=-1&to=9")).toEqual(NO_PLACE);
});

test("no address is too odd to be read", () => {
  fc.assert(
    fc.property(fc.string(), (hash) => {
      const { time, window } = readPlace(hash);
      expect(time === null || time >= 0).toBe(true);
      expect(window === null || window.to > window.from).toBe(true);
    }),
  );
});
