import { expect, test } from "vitest";
import { inspectorSettings } from "./target.ts";

const settings = (...args: string[]): [number, boolean] => {
  const { port, openFromStart } = inspectorSettings(args);
  return [port, openFromStart];
};

test("a process that was told nothing of its inspector has it closed, at Node's own port", () => {
  expect(settings("--conditions=x", "app.js")).toEqual([9229, false]);
});

test("--inspect and its kin open it from the start", () => {
  expect(settings("--inspect")).toEqual([9229, true]);
  expect(settings("--inspect=9300")).toEqual([9300, true]);
  expect(settings("--inspect-brk=0.0.0.0:9301")).toEqual([9301, true]);
  expect(settings("--inspect-wait=[::1]:0")).toEqual([0, true]);
  expect(settings("--inspect=localhost")).toEqual([9229, true]);
});

test("--inspect-port only names the port", () => {
  expect(settings("--inspect-port=0")).toEqual([0, false]);
  expect(settings("--inspect-port", "9302", "app.js")).toEqual([9302, false]);
  expect(settings("--debug-port=9303")).toEqual([9303, false]);
});

test("of several ports the last one counts", () => {
  expect(settings("--inspect=9300", "--inspect-port=9301")).toEqual([9301, true]);
});

test("what only looks like it is something else", () => {
  expect(settings("--inspect-publish-uid=http", "--inspector=1")).toEqual([9229, false]);
});
