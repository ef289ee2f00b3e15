import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import chromium from "@sparticuz/chromium";
import { expect, test } from "vitest";
import { startNode, turnwise } from "../../packages/cli/src/testing/program.ts";
import { untilPrinted } from "../until-printed.ts";

const PROGRAM = "examples/screenshots/main.ts";
const PICTURES = ["1-index.png", "2-clock.png", "4-colours.png", "5-table.png"];

/** A folder for pictures, and for all that a browser keeps. */
class Folder implements Disposable {
  readonly path: string = mkdtempSync(join(tmpdir(), "turnwise-screenshots-"));

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** The width and height that a PNG file says it has. */
function sizeOf(file: string): [width: number, height: number] {
  const data = readFileSync(file);
  expect(data.subarray(0, 8)).toEqual(Buffer.from("\x89PNG\r\n\x1a\n", "latin1"));
  return [data.readUInt32BE(16), data.readUInt32BE(20)];
}

/** How many processes were told of `folder`. */
function processesOf(folder: string): number {
  const commands = readdirSync("/proc").map((pid) => {
    try {
      return /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/cmdline`, "latin1") : "";
    } catch {
      return ""; // It has ended meanwhile.
    }
  });
  return commands.filter((command) => command.includes(folder)).length;
}

// Again if it fails: another test may be unpacking the browser at this moment.
test("saves four pages, and is not held up by the one that never comes", { retry: 2 }, async () => {
  using folder = new Folder();
  const { stdout, stderr, code } = await turnwise(["run", PROGRAM, "--to", folder.path, "--timeout", "4"]);
  expect(stderr).toBe("");
  expect(readdirSync(folder.path).toSorted()).toEqual(PICTURES);
  for (const name of PICTURES) expect(sizeOf(join(folder.path, name))).toEqual([800, 600]);
  expect(stdout.match(/saved as/g)).toHaveLength(4);
  // The other pages did not wait for it.
  expect(stdout.trimEnd().split("\n").at(-1)).toMatch(/^http:\S+\/frozen failed: not there in 4 s$/);
  expect(code).toBe(1);
});

test.each(["SIGINT", "SIGTERM"] as const)("%s closes the browser", { retry: 2 }, async (signal) => {
  using folder = new Folder();
  const env = { TMPDIR: folder.path, CHROMIUM_PATH: await chromium.executablePath() };
  const program = startNode([PROGRAM, "--to", folder.path, "--timeout", "600"], { env });
  await untilPrinted(program, /(saved as[^]*){4}/);
  expect(processesOf(folder.path)).toBeGreaterThan(1);
  program.child.kill(signal);
  expect(await program.outcome).toMatchObject({ stderr: "", signal: "SIGINT" });
  expect(readdirSync(folder.path).filter((name) => !name.endsWith(".png"))).toEqual([]);
  await expect.poll(() => processesOf(folder.path)).toBe(0);
});

test("says in a line what is wrong with its arguments", async () => {
  const outcome = await startNode([PROGRAM, "not a page"]).outcome;
  expect(outcome).toEqual({ stdout: "", stderr: "error: not a page is no URL\n", code: 2, signal: null });
});
