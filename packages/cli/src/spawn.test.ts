import { expect, test } from "vitest";
import { ProgramDirectory, startNode } from "./testing/program.ts";

const spawnModule = new URL("../dist/spawn.js", import.meta.url).href;
const PARENT = `
import { spawnAside } from ${JSON.stringify(spawnModule)};
spawnAside(["child.mjs", ...process.argv.slice(2)], process.env);`;

test("a child's output, input and exit code look like the parent's", async () => {
  const child = "for await (const chunk of process.stdin) console.log(process.argv[2], String(chunk)); process.exit(7)";
  using directory = new ProgramDirectory({ "parent.mjs": PARENT, "child.mjs": child });
  const running = startNode(["parent.mjs", "--x"], { cwd: directory.path });
  running.child.stdin?.end("in");
  expect(await running.outcome).toEqual({ stdout: "--x in\n", stderr: "", code: 7, signal: null });
});

test.skipIf(process.platform === "win32")("signals reach the child, and what ends it ends the parent", async () => {
  const child = `
    process.on("SIGHUP", () => console.log("hung up"));
    setInterval(() => {}, 1000);
    console.log("ready");`;
  using directory = new ProgramDirectory({ "parent.mjs": PARENT, "child.mjs": child });
  const running = startNode(["parent.mjs"], { cwd: directory.path });
  await running.printed("ready");
  running.child.kill("SIGHUP");
  await running.printed("hung up");
  running.child.kill("SIGTERM");
  expect(await running.outcome).toMatchObject({ code: null, signal: "SIGTERM" });
});
