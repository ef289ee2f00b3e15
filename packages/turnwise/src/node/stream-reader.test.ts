/** `StreamReader`, fed by hand. What it does over a socket is in `streams.test.ts`. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createTask } from "../coroutines.ts";
import { CancelledError, RuntimeError, TimeoutError } from "../exceptions.ts";
import { gather } from "../gather.ts";
import { sleep } from "../sleep.ts";
import { runVirtual } from "../testing.ts";
import { growth, LINEAR } from "../testing/growth.ts";
import { waitFor } from "../wait.ts";
import { IncompleteReadError, LimitOverrunError } from "./stream-errors.ts";
import { StreamReader } from "./stream-reader.ts";
import type { ReadTransport } from "./transports.ts";

/** Runs `body` with a reader, which `feed` feeds; null is the end. */
function withReader(
  body: (reader: StreamReader, feed: (...parts: (string | null)[]) => void) => Promise<void>,
  limit?: number,
): Promise<void> {
  return runVirtual(async () => {
    const reader = new StreamReader({ limit });
    await body(reader, (...parts) => {
      for (const part of parts) {
        if (part === null) reader.feedEof();
        else reader.feedData(Buffer.from(part));
      }
    });
  });
}

/** A transport that notes whether it is paused. */
function fakeTransport(): ReadTransport & { readonly log: string[] } {
  const log: string[] = [];
  const transport = {
    log,
    pauseReading: () => void log.push("pause"),
    resumeReading: () => void log.push("resume"),
    getExtraInfo: (name: string) => (name === "peername" ? { host: "::1", port: 4000 } : null),
    toString: () => "<Fake>",
  };
  return transport as unknown as ReadTransport & { readonly log: string[] };
}

const text = async (data: Promise<Buffer>): Promise<string> => (await data).toString();

describe("read", () => {
  test("gives what there is, up to what was asked for", () =>
    withReader(async (reader, feed) => {
      feed("abc", "def");
      expect(await text(reader.read(4))).toBe("abcd");
      expect(await text(reader.read(100))).toBe("ef");
      expect(await text(reader.read(0))).toBe("");
    }));

  test("waits for the first byte", () =>
    withReader(async (reader, feed) => {
      const task = createTask(() => reader.read(100));
      await sleep(1);
      expect(task.done()).toBe(false);
      feed("ab");
      expect(await text(task)).toBe("ab");
    }));

  test("gives an empty buffer at the end, again and again", () =>
    withReader(async (reader, feed) => {
      feed("a", null);
      expect(reader.atEof()).toBe(false);
      expect(await text(reader.read(5))).toBe("a");
      expect(reader.atEof()).toBe(true);
      expect(await text(reader.read(5))).toBe("");
      expect(await text(reader.read())).toBe("");
    }));

  test("without a number gives everything until the end, however much it is", () =>
    withReader(async (reader, feed) => {
      const task = createTask(() => reader.read());
      await sleep(0);
      feed("abcdefgh");
      await sleep(1);
      expect(task.done()).toBe(false);
      feed("ij", null);
      expect(await text(task)).toBe("abcdefghij");
    }, 3));

  test("takes no turn of the loop while there is data", () =>
    withReader(async (reader, feed) => {
      feed("a".repeat(10));
      let turns = 0;
      const counter = createTask(async () => {
        for (;;) {
          await sleep(0);
          turns++;
        }
      });
      for (let i = 0; i < 10; i++) await reader.read(1);
      expect(turns).toBe(0);
      counter.cancel();
    }));
});

describe("readexactly", () => {
  test("gives exactly that much, in one piece", () =>
    withReader(async (reader, feed) => {
      const task = createTask(() => reader.readexactly(5));
      await sleep(0);
      feed("abc", "defg");
      expect(await text(task)).toBe("abcde");
      expect(await text(reader.readexactly(2))).toBe("fg");
      expect(await text(reader.readexactly(0))).toBe("");
    }));

  test("throws what there was at the end", () =>
    withReader(async (reader, feed) => {
      feed("abc", null);
      const thrown: unknown = await reader.readexactly(5).catch((error: unknown) => error);
      expect(thrown).toBeInstanceOf(IncompleteReadError);
      expect(thrown).toMatchObject({
        message: "3 bytes read on a total of 5 expected bytes",
        partial: Buffer.from("abc"),
        expected: 5,
      });
      expect(reader.atEof()).toBe(true);
    }));

  test("refuses less than nothing", () =>
    withReader(async (reader) => {
      await expect(reader.readexactly(-1)).rejects.toThrow("readexactly size can not be less than zero");
    }));

  test.each([Number.NaN, 1.5, "3" as never])("refuses %o, as read does, and loses nothing", (count) =>
    withReader(async (reader, feed) => {
      feed("abc", null);
      await expect(reader.readexactly(count)).rejects.toThrow("readexactly size must be a whole number, got");
      await expect(reader.read(count)).rejects.toThrow("read size must be a whole number, got");
      expect(await text(reader.read(Number.POSITIVE_INFINITY))).toBe("abc");
      expect(reader.atEof()).toBe(true);
    }),
  );
});

describe("readuntil", () => {
  test("gives the data with its separator, also across chunks", () =>
    withReader(async (reader, feed) => {
      const task = createTask(() => reader.readuntil("\r\n"));
      await sleep(0);
      feed("ab\n\r");
      await sleep(0);
      feed("\ncd\r\n");
      expect(await text(task)).toBe("ab\n\r\n");
      expect(await text(reader.readuntil(Buffer.from("\r\n")))).toBe("cd\r\n");
    }));

  test("of several separators takes the one that makes the shortest result", () =>
    withReader(async (reader, feed) => {
      feed("one--two;three-");
      expect(await text(reader.readuntil([";", "-", "--"]))).toBe("one-");
      expect(await text(reader.readuntil(["two;three-", ";"]))).toBe("-two;");
    }));

  test("throws what there was at the end", () =>
    withReader(async (reader, feed) => {
      feed("abc", null);
      await expect(reader.readuntil(";")).rejects.toMatchObject({
        message: "3 bytes read on a total of undefined expected bytes",
        partial: Buffer.from("abc"),
        expected: null,
      });
    }));

  test("over the limit throws, and keeps the data", () =>
    withReader(async (reader, feed) => {
      feed("abcdef");
      const thrown = (await reader.readuntil("--").catch((error: unknown) => error)) as LimitOverrunError;
      expect(thrown).toBeInstanceOf(LimitOverrunError);
      expect(thrown).toMatchObject({ message: "Separator is not found, and chunk exceed the limit", consumed: 5 });
      expect(await text(reader.readexactly(thrown.consumed))).toBe("abcde");
      feed("--");
      expect(await text(reader.readuntil("--"))).toBe("f--");
    }, 4));

  test("over the limit with its separator throws too", () =>
    withReader(async (reader, feed) => {
      feed("abcdef;");
      await expect(reader.readuntil(";")).rejects.toMatchObject({
        message: "Separator is found, but chunk is longer than limit",
        consumed: 6,
      });
      expect(await text(reader.read(100))).toBe("abcdef;");
    }, 4));

  test("takes a chunk as long as the limit, without its separator", () =>
    withReader(async (reader, feed) => {
      feed("abcd;");
      expect(await text(reader.readuntil(";"))).toBe("abcd;");
    }, 4));

  test.each([
    [[], "Separator should contain at least one element"],
    ["", "Separator should be at least one-byte string"],
    [["a", ""], "Separator should be at least one-byte string"],
  ])("refuses %j", (separator, message) =>
    withReader(async (reader) => {
      await expect(reader.readuntil(separator)).rejects.toThrow(new RangeError(message));
    }),
  );

  test.each([[5], [null], [["a", 5]]])("refuses %j, which is no separator", (separator) =>
    withReader(async (reader) => {
      const refused = reader.readuntil(separator as never);
      await expect(refused).rejects.toThrow(/^separator must be a Uint8Array or a string, or an array of them, got/);
    }),
  );

  test("finds what a search of the whole finds, however the data is cut", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 60 });
    const separator = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 4 });
    return fc.assert(
      fc.asyncProperty(
        letters,
        fc.array(separator, { minLength: 1, maxLength: 3 }),
        fc.array(fc.nat({ max: 6 })),
        async (data, separators, cuts) => {
          await withReader(async (reader, feed) => {
            const read = createTask(async () => {
              const found: string[] = [];
              try {
                for (;;) found.push(await text(reader.readuntil(separators)));
              } catch (thrown) {
                if (!(thrown instanceof IncompleteReadError)) throw thrown;
                return [...found, thrown.partial.toString()];
              }
            });
            let rest = data;
            for (const cut of cuts) {
              feed(rest.slice(0, cut));
              rest = rest.slice(cut);
              await sleep(0);
            }
            feed(rest, null);
            expect(await read).toEqual(splitAfter(data, separators));
          });
        },
      ),
      { numRuns: 100 },
    );
  });
});

/** The shortest parts that end in one of the separators; last what is left. */
function splitAfter(data: string, separators: string[]): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let end = 1; end <= data.length; end++) {
    const part = data.slice(start, end);
    if (!separators.some((separator) => part.endsWith(separator))) continue;
    parts.push(part);
    start = end;
  }
  return [...parts, data.slice(start)];
}

describe("lines", () => {
  test("end in a newline; the last may have none", () =>
    withReader(async (reader, feed) => {
      feed("one\n\ntwo", null);
      expect(await text(reader.readline())).toBe("one\n");
      expect(await text(reader.readline())).toBe("\n");
      expect(await text(reader.readline())).toBe("two");
      expect(await text(reader.readline())).toBe("");
    }));

  test("for await gives them until the end", () =>
    withReader(async (reader, feed) => {
      feed("one\ntwo\nthree", null);
      const lines: string[] = [];
      for await (const line of reader) lines.push(line.toString());
      expect(lines).toEqual(["one\n", "two\n", "three"]);
    }));

  test("over the limit are dropped with a RangeError, and the next is read", () =>
    withReader(async (reader, feed) => {
      feed("abcdef\nok\n");
      await expect(reader.readline()).rejects.toThrow(
        new RangeError("Separator is found, but chunk is longer than limit"),
      );
      expect(await text(reader.readline())).toBe("ok\n");
    }, 4));

  test("over the limit, with no end yet, take all that is buffered with them", () =>
    withReader(async (reader, feed) => {
      feed("abcdef");
      await expect(reader.readline()).rejects.toThrow(
        new RangeError("Separator is not found, and chunk exceed the limit"),
      );
      feed("gh\n");
      expect(await text(reader.readline())).toBe("gh\n");
    }, 4));
});

describe("the transport", () => {
  test("is paused above twice the limit, and resumed at the limit", () =>
    withReader(async (reader, feed) => {
      const transport = fakeTransport();
      reader.setTransport(transport);
      feed("abcdefgh");
      expect(transport.log).toEqual([]);
      feed("i");
      expect(transport.log).toEqual(["pause"]);
      await reader.read(4);
      expect(transport.log).toEqual(["pause"]);
      await reader.read(1);
      expect(transport.log).toEqual(["pause", "resume"]);
    }, 4));

  test("is resumed by who waits for more than is buffered", () =>
    withReader(async (reader, feed) => {
      const transport = fakeTransport();
      reader.setTransport(transport);
      feed("abcdefghi");
      const task = createTask(() => reader.readexactly(12));
      await sleep(0);
      expect(transport.log).toEqual(["pause", "resume"]);
      feed("jkl");
      expect(await text(task)).toBe("abcdefghijkl");
    }, 4));

  test("is not paused while who reads wants more than twice the limit", () =>
    withReader(async (reader, feed) => {
      const transport = fakeTransport();
      reader.setTransport(transport);
      const task = createTask(() => reader.readexactly(100));
      await sleep(0);
      for (let i = 0; i < 9; i++) feed("0123456789");
      expect(transport.log).toEqual([]);
      feed("0123456789");
      expect(transport.log).toEqual(["pause"]);
      await task;
      expect(transport.log).toEqual(["pause", "resume"]);
    }, 4));

  test("can be set once", () =>
    withReader(async (reader) => {
      reader.setTransport(fakeTransport());
      expect(() => reader.setTransport(fakeTransport())).toThrow("Transport already set");
    }));
});

describe("an error", () => {
  test("goes to who waits, and to all who read later", () =>
    withReader(async (reader) => {
      const task = createTask(() => reader.readline());
      await sleep(0);
      const error = new Error("gone");
      reader.setException(error);
      await expect(task).rejects.toBe(error);
      await expect(reader.read(1)).rejects.toBe(error);
      await expect(reader.readexactly(1)).rejects.toBe(error);
      await expect(reader.readuntil()).rejects.toBe(error);
      expect(reader.exception()).toBe(error);
    }));
});

describe("two that read", () => {
  test("at once are refused", () =>
    withReader(async (reader, feed) => {
      const first = createTask(() => reader.read(5));
      await sleep(0);
      for (const [name, read] of [
        ["read", () => reader.read(5)],
        ["readexactly", () => reader.readexactly(5)],
        ["readuntil", () => reader.readline()],
      ] as const) {
        await expect(read()).rejects.toThrow(
          new RuntimeError(`${name}() called while another coroutine is already waiting for incoming data`),
        );
      }
      feed("still there");
      expect(await text(first)).toBe("still");
    }));

  test("who was woken waits on if another took the data before", () =>
    withReader(async (reader, feed) => {
      const first = createTask(() => reader.read(5));
      await sleep(0);
      feed("a");
      expect(await text(reader.read(5))).toBe("a");
      await sleep(0);
      feed("b");
      expect(await text(first)).toBe("b");
    }));
});

describe("cancelling", () => {
  test.each([
    ["before data comes", false],
    ["after it came, before the task goes on", true],
  ])("loses nothing: %s", (_when, isLate) =>
    withReader(async (reader, feed) => {
      const task = createTask(() => reader.readexactly(3));
      await sleep(0);
      feed("ab");
      if (isLate) feed("c");
      task.cancel();
      await expect(task).rejects.toThrow(CancelledError);
      if (!isLate) feed("c");
      expect(await text(reader.readexactly(3))).toBe("abc");
    }),
  );
});

describe("what a method returns", () => {
  test("is awaited twice with one result", () =>
    withReader(async (reader, feed) => {
      const reading = reader.readline();
      feed("one\n");
      await sleep(0);
      feed("two\n");
      expect([String(await reading), String(await reading)]).toEqual(["one\n", "one\n"]);
      expect(await text(reader.readline())).toBe("two\n");
    }));

  test("takes nothing before it is awaited", () =>
    withReader(async (reader, feed) => {
      const reading = reader.read(100);
      feed("one");
      await sleep(0);
      feed("two");
      expect(await text(reading)).toBe("onetwo");
    }));

  test("goes wherever a promise goes", () =>
    withReader(async (reader, feed) => {
      const chained = reader.readexactly(3).then(String);
      feed("one");
      expect(await chained).toBe("one");
      const both = gather([reader.readexactly(3), sleep(1, "slept")] as const);
      feed("two");
      expect((await both).map(String)).toEqual(["two", "slept"]);
      await expect(waitFor(reader.readexactly(3), 1)).rejects.toThrow(TimeoutError);
      const raced = Promise.race([reader.readexactly(3), sleep(1, "slept")]);
      feed("end", null);
      expect(String(await raced)).toBe("end");
      await expect(reader.readexactly(1).catch((thrown: Error) => thrown.name)).resolves.toBe("IncompleteReadError");
    }));
});

test("says what it is, and what who reads waits for", () =>
  withReader(async (reader, feed) => {
    reader.setTransport(fakeTransport());
    feed("abc");
    expect(String(reader)).toBe("<StreamReader 3 bytes limit=4 transport=<Fake>>");
    const task = createTask(() => reader.readexactly(4));
    await sleep(0);
    expect(String(reader)).toContain("waiter=<");
    expect(task._awaited?._purpose()).toBe("data from [::1]:4000");
    feed("defghijk", null);
    await task;
    expect(String(reader)).toContain("7 bytes eof");
  }, 4));

test.each([0, -1, Number.NaN])("refuses the limit %d", (limit) =>
  runVirtual(async () => {
    expect(() => new StreamReader({ limit })).toThrow(RangeError);
  }),
);

test("refuses data after the end", () =>
  withReader(async (_reader, feed) => {
    feed(null);
    expect(() => feed("a")).toThrow("feed_data after feed_eof");
  }));

test("a long line in many small chunks costs what it is long", async () => {
  const ratio = await growth(2_000, (n) =>
    withReader(async (reader, feed) => {
      const task = createTask(() => reader.readline());
      await sleep(0);
      for (let i = 0; i < n; i++) {
        feed("a".repeat(1100));
        await sleep(0);
      }
      feed("\n");
      expect((await task).length).toBe(1100 * n + 1);
    }, 2 ** 30),
  );
  expect(ratio).toBeLessThan(LINEAR);
});
