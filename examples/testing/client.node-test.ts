// Virtual time under node:test. Run it with: node --test examples/testing/client.node-test.ts
import assert from "node:assert/strict";
import { test } from "node:test";
import * as asyncio from "turnwise";
import { runVirtual } from "turnwise/testing";
import { get } from "./client.ts";
import { FakeServer } from "./fake-server.ts";

void test("tries again, and waits longer each time", async () => {
  const server = new FakeServer();
  await runVirtual(async () => {
    asyncio.createTask(() => server.serve([1.5, 1.5]));
    assert.equal(await get(server.connection, "/"), "hello from /");
    assert.equal(asyncio.getRunningLoop().time(), 5);
  });
  assert.deepEqual(server.asked, ["0 s: /", "2 s: /", "5 s: /"]);
});
