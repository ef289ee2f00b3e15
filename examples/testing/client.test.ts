// Virtual time under Vitest: twelve seconds of retries take milliseconds.
import * as asyncio from "turnwise";
import { DeadlockError, runVirtual } from "turnwise/testing";
import { expect, test } from "vitest";
import { get } from "./client.ts";
import { FakeServer } from "./fake-server.ts";

test("tries again, and waits longer each time", async () => {
  const server = new FakeServer();
  await runVirtual(async () => {
    asyncio.createTask(() => server.serve([1.5, 1.5]));
    expect(await get(server.connection, "/")).toBe("hello from /");
    expect(asyncio.getRunningLoop().time()).toBe(5);
  });
  expect(server.asked).toEqual(["0 s: /", "2 s: /", "5 s: /"]);
});

test("gives up after four tries", async () => {
  const server = new FakeServer();
  const run = runVirtual(async () => {
    asyncio.createTask(() => server.serve([1.5, 1.5, 1.5, 1.5]));
    await get(server.connection, "/");
  });
  await expect(run).rejects.toThrow(asyncio.TimeoutError);
});

test("a server that is not there is a deadlock, not a test that hangs", async () => {
  const full: FakeServer["connection"] = new asyncio.Queue(1);
  const run = runVirtual(async () => {
    await full.join(); // Nothing to wait for.
    await full.put({ path: "/", answer: asyncio.getRunningLoop().createFuture() });
    await full.join(); // Nobody takes it.
  });
  await expect(run).rejects.toThrow(DeadlockError);
});
