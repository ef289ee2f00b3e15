/** A process that is watched in the page. */
import { expect, test } from "vitest";
import { ProgramDirectory, startNode } from "../testing/program.ts";
import { isAlive, Studio } from "../testing/studio.ts";

const SERVICE = `import * as asyncio from "turnwise";
await asyncio.run(async () => {
  asyncio.createTask(() => asyncio.sleep(3600), { name: "sleeper" });
  console.log("ready");
  await asyncio.sleep(3600);
});`;

/** On a busy machine the way into another process takes seconds. */
const timeout = 60_000;

test(
  "its tasks come again and again while the page watches, and no longer; it is left as it was",
  { timeout },
  async () => {
    using directory = new ProgramDirectory({ "service.mjs": SERVICE });
    const service = startNode(["--inspect-port=0", "service.mjs"], { cwd: directory.path });
    try {
      await service.printed("ready");
      const { pid } = service.child;
      await using studio = await Studio.start(["--pid", String(pid)]);
      const page = await studio.page();
      const hello = await page.hear("hello");
      expect([hello.pid, hello.shown]).toEqual([pid, 0]);
      page.say({ type: "watch" });
      const { snapshot, deadlocks } = await page.hear("tasks");
      expect(snapshot.tasks.map(({ name }) => name)).toContain("sleeper");
      expect(deadlocks).toEqual([]);
      const looks = (): number => page.count("tasks");
      await expect.poll(looks, { timeout: 20_000 }).toBeGreaterThan(2);
      page.say({ type: "unwatch" });
      await new Promise((resolve) => setTimeout(resolve, 500)); // One may have been on its way.
      const then = looks();
      await new Promise((resolve) => setTimeout(resolve, 2500));
      expect(looks()).toBe(then);
      page.say({ type: "watch" });
      await expect.poll(looks, { timeout: 20_000 }).toBeGreaterThan(then);
      expect(isAlive(pid!)).toBe(true);
    } finally {
      service.child.kill("SIGKILL");
    }
  },
);

test("when it ends, that is said", { timeout }, async () => {
  using directory = new ProgramDirectory({ "service.mjs": SERVICE });
  const service = startNode(["--inspect-port=0", "service.mjs"], { cwd: directory.path });
  await service.printed("ready");
  await using studio = await Studio.start(["--pid", String(service.child.pid)]);
  const page = await studio.page();
  page.say({ type: "watch" });
  await page.hear("tasks");
  service.child.kill("SIGKILL");
  await service.outcome;
  expect(await page.hear("gone")).toMatchObject({ ended: true, message: expect.stringMatching(/has ended/) });
});

test("a process that is none of Turnwise's: why it can't be watched", { timeout }, async () => {
  const other = startNode(["--inspect-port=0", "-e", "console.log('ready'); setInterval(() => {}, 1000)"]);
  try {
    await other.printed("ready");
    await using studio = await Studio.start(["--pid", String(other.child.pid)]);
    const page = await studio.page();
    page.say({ type: "watch" });
    const gone = await page.hear("gone");
    expect(gone).toMatchObject({ ended: false, message: expect.stringMatching(/no loop of Turnwise/) });
  } finally {
    other.child.kill("SIGKILL");
  }
});

test("without --pid there is nothing to watch", async () => {
  await using studio = await Studio.start();
  const page = await studio.page();
  page.say({ type: "watch" });
  expect((await page.hear("refused")).message).toBe("no process was named");
});
