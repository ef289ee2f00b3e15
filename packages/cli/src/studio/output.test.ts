import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Output } from "./output.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function outputOf(limit: number): { output: Output; heard: unknown[] } {
  const heard: unknown[] = [];
  const reader = { text: (text: string) => heard.push(text), cut: (at: number) => heard.push({ cut: at }) };
  return { output: new Output(reader, limit), heard };
}

test("what comes in quick succession is one portion", () => {
  const { output, heard } = outputOf(100);
  for (const text of ["a", "b", "c"]) output.write(text);
  expect(heard).toEqual([]);
  vi.advanceTimersByTime(1000);
  output.write("d");
  output.flush();
  expect(heard).toEqual(["abc", "d"]);
});

test("what is too much is cut, and that is told once", () => {
  const { output, heard } = outputOf(5);
  for (const text of ["abc", "def", "ghi"]) output.write(text);
  output.flush();
  expect(heard).toEqual(["abcde", { cut: 5 }]);
});

test("as much as there may be is not cut", () => {
  const { output, heard } = outputOf(5);
  output.write("abcde");
  output.flush();
  expect(heard).toEqual(["abcde"]);
  output.write("f");
  expect(heard).toEqual(["abcde", { cut: 5 }]);
});

test("the end is known, also of what was cut", () => {
  const { output } = outputOf(5);
  output.write("abcdefgh".repeat(2000));
  output.write("the end");
  expect(output.tail).toMatch(/ghthe end$/);
  expect(output.tail.length).toBeLessThan(16_000);
});
