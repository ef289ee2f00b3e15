import type { WriteStream } from "node:tty";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LoadingNotice, noticeOnTerminal } from "./loading-notice.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A terminal that keeps what is written to it. */
function terminal(): { readonly stream: WriteStream; readonly text: () => string } {
  let text = "";
  return { stream: { write: (part: string) => (text += part) } as unknown as WriteStream, text: () => text };
}

test("what is over within half a second is not told", () => {
  const { stream, text } = terminal();
  const notice = new LoadingNotice(stream, "one");
  vi.advanceTimersByTime(400);
  notice.clear();
  vi.advanceTimersByTime(400);
  expect(text()).toBe("");
});

test("after half a second it is told, then each step, and in the end nothing is left of it", () => {
  const { stream, text } = terminal();
  const notice = new LoadingNotice(stream, "one");
  vi.advanceTimersByTime(600);
  expect(text()).toBe("\r\u001b[Kloading Python: one");
  notice.next("two");
  notice.clear();
  expect(text()).toBe("\r\u001b[Kloading Python: one\r\u001b[Kloading Python: two\r\u001b[K");
});

test("where stderr is no terminal there is none", () => {
  const { isTTY } = process.stderr;
  try {
    process.stderr.isTTY = false;
    expect(noticeOnTerminal("one")).toBeNull();
  } finally {
    process.stderr.isTTY = isTTY;
  }
});
