import { expect, test } from "vitest";
import { createTask } from "../coroutines.ts";
import { sleep } from "../sleep.ts";
import { runVirtual } from "../testing.ts";
import { StreamReader } from "./stream-reader.ts";

test("a read whose `then` is called by hand goes on as any promise does", () =>
  runVirtual(async () => {
    const reader = new StreamReader();
    const chained = reader.readexactly(2).then(
      (data) => `read ${String(data)}`,
      () => "failed",
    );
    const result = chained.then((text) => text.toUpperCase());
    await sleep(0);
    reader.feedData(Buffer.from("ab"));
    expect(await result).toBe("READ AB");
    expect(await chained).toBe("read ab");
  }));

test("by hand, by a task that takes long before what it waits for comes, which is no deadlock", async () => {
  for (const work of [0, 5, 10, 12, 20, 40]) {
    await runVirtual(async () => {
      const reader = new StreamReader();
      const chained = reader.readexactly(2).then(String, () => "failed");
      await sleep(0);
      for (const end = performance.now() + work; performance.now() < end;); // The loop's slice is over.
      reader.feedData(Buffer.from("ab"));
      expect(await chained).toBe("ab");
    });
  }
});

test("by hand, without going on: the functions are called, also for an error", () =>
  runVirtual(async () => {
    const reader = new StreamReader();
    const log: string[] = [];
    void reader.read(5).then(
      (data) => log.push(String(data)),
      () => log.push("failed"),
    );
    reader.feedData(Buffer.from("data"));
    await sleep(1);
    void reader.readexactly(5).then(
      () => log.push("read"),
      (error: Error) => log.push(error.name),
    );
    reader.feedEof();
    await sleep(1);
    void reader.readexactly(5).then(undefined, (error: Error) => log.push(error.name));
    await sleep(1);
    expect(log).toEqual(["data", "IncompleteReadError", "IncompleteReadError"]);
  }));

test("a task that waits for the rest of a line can be cancelled", () =>
  runVirtual(async () => {
    const reader = new StreamReader();
    const task = createTask(() => reader.readline());
    for (const part of ["a", "b"]) {
      await sleep(1);
      reader.feedData(Buffer.from(part));
    }
    await sleep(1);
    task.cancel();
    await sleep(1);
    expect(task.cancelled()).toBe(true);
    reader.feedData(Buffer.from("c\n"));
    expect(String(await reader.readline())).toBe("abc\n");
  }));

test("by hand, with an end that follows", () =>
  runVirtual(async () => {
    const reader = new StreamReader();
    let over = false;
    const read = reader.read(5).finally(() => {
      over = true;
    });
    reader.setException(new Error("broken"));
    await expect(read).rejects.toThrow("broken");
    expect(over).toBe(true);
  }));

test("what a function that was given by hand throws is nobody's but its own", () =>
  runVirtual(async () => {
    const reader = new StreamReader();
    const heard: unknown[] = [];
    const hear = (reason: unknown): void => void heard.push(reason);
    process.prependOnceListener("unhandledRejection", hear);
    const others = process.listeners("unhandledRejection").filter((listener) => listener !== hear);
    for (const other of others) process.off("unhandledRejection", other);
    void reader.read(5).then(
      () => {
        throw new Error("by hand");
      },
      () => {},
    );
    reader.feedData(Buffer.from("x"));
    const task = createTask(async () => "runs on");
    expect(await task).toBe("runs on");
    await new Promise((resolve) => setImmediate(resolve));
    for (const other of others) process.on("unhandledRejection", other);
    expect(heard).toEqual([new Error("by hand")]);
  }));
