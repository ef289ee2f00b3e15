import { EventEmitter } from "node:events";
import type { Redis } from "ioredis";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { endIfSilent } from "./silence.ts";

class Connection extends EventEmitter {
  status = "ready";
  readonly ping = vi.fn(async () => void this.commandQueue.push("ping"));
  commandQueue: string[] = [];
  stream: { bytesRead: number; destroy: ReturnType<typeof vi.fn> } | undefined = { bytesRead: 0, destroy: vi.fn() };
}

function watched(silence?: number, isListener?: boolean): Connection {
  const connection = new Connection();
  endIfSilent(connection as unknown as Redis, silence, isListener);
  return connection;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a connection over which no answer comes is broken", () => {
  const { commandQueue, stream } = watched();
  commandQueue.push("get");
  vi.advanceTimersByTime(29_000);
  expect(stream!.destroy).not.toHaveBeenCalled();
  vi.advanceTimersByTime(7_000);
  expect(stream!.destroy).toHaveBeenCalledExactlyOnceWith(new Error("no answer for 30 s"));
});

test("one that was asked for nothing is not, however long it is silent", () => {
  const { stream } = watched();
  vi.advanceTimersByTime(3_600_000);
  expect(stream!.destroy).not.toHaveBeenCalled();
});

test("one that only listens is asked for something, and broken if it does not answer", () => {
  const { ping, stream } = watched(6_000, true);
  vi.advanceTimersByTime(6_000);
  expect(ping).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(3_000);
  expect(stream!.destroy).toHaveBeenCalledOnce();
});

test("while it is made again it is not asked", () => {
  const connection = watched(6_000, true);
  connection.status = "reconnecting";
  vi.advanceTimersByTime(6_000);
  expect(connection.ping).not.toHaveBeenCalled();
});

test.each([0, Infinity])("with a time of %d none is", (silence) => {
  const { commandQueue } = watched(silence);
  commandQueue.push("get");
  expect(vi.getTimerCount()).toBe(0);
});

test("an answer, or a part of one, counts", () => {
  const { commandQueue, stream } = watched(6_000);
  commandQueue.push("xread");
  for (let second = 0; second < 60; second += 4) {
    stream!.bytesRead++;
    vi.advanceTimersByTime(4_000);
  }
  expect(stream!.destroy).not.toHaveBeenCalled();
});

test("the connection that came after is looked at, and none is no error", () => {
  const connection = watched(6_000);
  connection.stream = undefined;
  vi.advanceTimersByTime(10_000);
  const stream = { bytesRead: 0, destroy: vi.fn() };
  Object.assign(connection, { stream, commandQueue: ["get"] });
  vi.advanceTimersByTime(8_000);
  expect(stream.destroy).toHaveBeenCalledOnce();
});

test("once the connection has ended nothing is looked at", () => {
  const connection = watched();
  connection.emit("end");
  expect(vi.getTimerCount()).toBe(0);
});
