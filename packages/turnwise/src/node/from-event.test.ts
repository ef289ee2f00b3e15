import { EventEmitter } from "node:events";
import { createServer, type Socket } from "node:net";
import { describe, expect, expectTypeOf, test } from "vitest";
import { createTask } from "../coroutines.ts";
import { CancelledError, TimeoutError } from "../exceptions.ts";
import { describeWait } from "../graph.ts";
import { run } from "../runners.ts";
import { sleep } from "../sleep.ts";
import { runVirtual } from "../testing.ts";
import { timeout } from "../timeouts.ts";
import { eventsOf, fromEvent } from "./from-event.ts";

interface Events {
  ready: [port: number];
  moved: [x: number, y: number];
  idle: [];
  error: [error: Error];
}

function listeners(emitter: EventEmitter<Events>): number {
  return (["ready", "moved", "idle", "error"] as const).reduce((sum, name) => sum + emitter.listenerCount(name), 0);
}

describe("fromEvent", () => {
  test("gives an emitter's argument, all of several, nothing of none", async () => {
    const emitter = new EventEmitter<Events>();
    const got = await run(async () => {
      const [ready, moved, idle] = [
        fromEvent(emitter, "ready"),
        fromEvent(emitter, "moved"),
        fromEvent(emitter, "idle"),
      ];
      emitter.emit("moved", 1, 2);
      emitter.emit("ready", 80);
      emitter.emit("idle");
      return [await ready, await moved, await idle];
    });
    expect(got).toEqual([80, [1, 2], undefined]);
    expect(listeners(emitter)).toBe(0);
  });

  test("gives the event of an EventTarget", async () => {
    const controller = new AbortController();
    const event = await run(async () => {
      const aborted = fromEvent(controller.signal, "abort");
      controller.abort();
      return await aborted;
    });
    expect([event.type, event.target]).toEqual(["abort", controller.signal]);
  });

  test("gives what comes from outside: a server that listens", async () => {
    const server = createServer();
    await run(async () => {
      server.listen(0, "127.0.0.1");
      await fromEvent(server, "listening");
      expect(server.listening).toBe(true);
      server.close();
      await fromEvent(server, "close");
    });
    expect(server.listening).toBe(false);
  });

  test("gives the next event only", async () => {
    const emitter = new EventEmitter<Events>();
    expect(
      await run(async () => {
        const ready = fromEvent(emitter, "ready");
        emitter.emit("ready", 1);
        emitter.emit("ready", 2);
        return await ready;
      }),
    ).toBe(1);
  });

  test("fails with an emitter's error", async () => {
    const emitter = new EventEmitter<Events>();
    const error = new Error("mine");
    await run(async () => {
      const ready = fromEvent(emitter, "ready");
      emitter.emit("error", error);
      await expect(ready).rejects.toBe(error);
    });
    expect(listeners(emitter)).toBe(0);
  });

  test("gives an error that is asked for", async () => {
    const emitter = new EventEmitter<Events>();
    const error = new Error("mine");
    await run(async () => {
      const failed = fromEvent(emitter, "error");
      emitter.emit("error", error);
      expect(await failed).toBe(error);
    });
    expect(listeners(emitter)).toBe(0);
  });

  test("leaves no listener when who waits is cancelled, or gives up", async () => {
    const emitter = new EventEmitter<Events>();
    await runVirtual(async () => {
      const task = createTask(async () => await fromEvent(emitter, "ready"));
      await sleep(0);
      expect(listeners(emitter)).toBe(2);
      task.cancel();
      await expect(task).rejects.toBeInstanceOf(CancelledError);
      expect(listeners(emitter)).toBe(0);
      await expect(timeout(5, async () => await fromEvent(emitter, "ready"))).rejects.toBeInstanceOf(TimeoutError);
    });
    expect(listeners(emitter)).toBe(0);
  });

  test("says what a task waits for", async () => {
    await run(async () => {
      const task = createTask(async () => await fromEvent(new EventEmitter(), "ready"));
      await sleep(0);
      expect(describeWait(task)).toBe('waits for the event "ready" of [EventEmitter]');
      task.cancel();
    });
  });

  test("refuses what has no events", async () => {
    await run(async () => {
      for (const wrong of [{}, null, undefined, "target"]) {
        expect(() => fromEvent(wrong as never, "ready")).toThrow(
          /^an EventEmitter or an EventTarget was expected, got/,
        );
      }
    });
  });

  test("knows the types of what comes, as far as the target's type tells", () => {
    const emitter = new EventEmitter<Events>();
    const check = () => {
      expectTypeOf(fromEvent(emitter, "ready")).resolves.toEqualTypeOf<number>();
      expectTypeOf(fromEvent(emitter, "moved")).resolves.toEqualTypeOf<[x: number, y: number]>();
      expectTypeOf(fromEvent(emitter, "idle")).resolves.toEqualTypeOf<undefined>();
      expectTypeOf(fromEvent(new AbortController().signal, "abort")).resolves.toEqualTypeOf<Event>();
      expectTypeOf(fromEvent<MessageEvent>(new EventTarget(), "message")).resolves.toEqualTypeOf<MessageEvent>();
      expectTypeOf(fromEvent(createServer(), "connection")).resolves.toEqualTypeOf<unknown>();
      expectTypeOf(fromEvent<Socket>(createServer(), "connection")).resolves.toEqualTypeOf<Socket>();
      expectTypeOf(fromEvent(new EventEmitter(), "anything")).resolves.toEqualTypeOf<unknown>();
      expectTypeOf(eventsOf(emitter, "moved").next()).resolves.toEqualTypeOf<
        IteratorResult<[x: number, y: number], undefined>
      >();
    };
    expect(check).toBeTypeOf("function");
  });
});

describe("eventsOf", () => {
  test("gives all events from the call on, in order, whether or not somebody waits", async () => {
    const emitter = new EventEmitter<Events>();
    const got: number[] = [];
    await run(async () => {
      const events = eventsOf(emitter, "ready");
      emitter.emit("ready", 1);
      emitter.emit("ready", 2);
      const later = createTask(async () => {
        await sleep(0);
        for (const port of [3, 4, 5]) emitter.emit("ready", port);
      });
      for await (const port of events) {
        got.push(port);
        if (port === 5) break;
      }
      await later;
    });
    expect([got, listeners(emitter)]).toEqual([[1, 2, 3, 4, 5], 0]);
  });

  test("gives several who iterate each its own events", async () => {
    const emitter = new EventEmitter<Events>();
    const got = await run(async () => {
      const events = eventsOf(emitter, "ready");
      const tasks = [1, 2].map(() => createTask(() => events.next()));
      await sleep(0);
      emitter.emit("ready", 1);
      emitter.emit("ready", 2);
      return [(await tasks[0])?.value, (await tasks[1])?.value];
    });
    expect(got).toEqual([1, 2]);
  });

  test("fails with an emitter's error, once, after the events that came before", async () => {
    const emitter = new EventEmitter<Events>();
    const got: unknown[] = [];
    await run(async () => {
      const events = eventsOf(emitter, "ready");
      emitter.emit("ready", 1);
      emitter.emit("error", new Error("mine"));
      try {
        for await (const port of events) got.push(port);
      } catch (thrown) {
        got.push(String(thrown));
      }
      got.push((await events.next()).done);
    });
    expect([got, listeners(emitter)]).toEqual([[1, "Error: mine", true], 0]);
  });

  test("listens no more once the task that waits is cancelled", async () => {
    const emitter = new EventEmitter<Events>();
    await run(async () => {
      const task = createTask(async () => {
        for await (const port of eventsOf(emitter, "ready")) void port;
      });
      await sleep(0);
      expect(listeners(emitter)).toBe(2);
      task.cancel();
      await expect(task).rejects.toBeInstanceOf(CancelledError);
    });
    expect(listeners(emitter)).toBe(0);
  });

  test("ends who waits when it is ended by another", async () => {
    const target = new EventTarget();
    const got = await run(async () => {
      const events = eventsOf(target, "message");
      const tasks = [1, 2].map(() => createTask(() => events.next()));
      await sleep(0);
      await events.return();
      target.dispatchEvent(new Event("message"));
      return [await tasks[0], await tasks[1]];
    });
    expect(got).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
  });

  test("ends with the scope that it was made in", async () => {
    const emitter = new EventEmitter<Events>();
    await run(async () => {
      await using events = eventsOf(emitter, "ready");
      emitter.emit("ready", 1);
      expect((await events.next()).value).toBe(1);
      expect(listeners(emitter)).toBe(2);
    });
    expect(listeners(emitter)).toBe(0);
  });
});
