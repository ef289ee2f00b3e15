import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Outcome, startNode, turnwise } from "../../packages/cli/src/testing/program.ts";
import { untilPrinted } from "../until-printed.ts";

const PROGRAM = "examples/jobs/jobs.ts";
/** Says the number of its process, and stays; so does another one in the background. */
const STAYS = "sleep 600 & echo $!; echo $$; sleep 600";
/** Says that it is there, and when it is asked to end. */
const CLEANS_UP = "trap 'echo bye; exit' TERM; echo here; while :; do sleep 0.05; done";

async function jobs(...args: string[]): Promise<Outcome> {
  return await startNode([PROGRAM, ...args]).outcome;
}

class Folder implements Disposable {
  readonly path: string = mkdtempSync(join(tmpdir(), "turnwise-jobs-"));

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true });
  }
}

/** The processes that said their numbers and still run. */
function left({ stdout }: Pick<Outcome, "stdout">): number[] {
  const said = Array.from(stdout.matchAll(/^\[\d+\] (\d+)$/gm), ([, pid]) => Number(pid));
  expect(said.length).toBeGreaterThan(0);
  return said.filter(isRunning);
}

/** Also where nobody has taken note of its end, there is nothing left of a process but its number. */
function isRunning(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

test("runs jobs at the same time, and passes on their output by the line", async () => {
  using folder = new Folder();
  const meet = (mine: string, other: string): string =>
    `cd ${folder.path}; echo ${mine}; touch ${mine}; until [ -e ${other} ]; do sleep 0.05; done; echo met ${other} >&2`;
  const { stdout, stderr, code } = await jobs("--limit", "2", meet("a", "b"), meet("b", "a"), "printf 1-; echo 2");
  expect(stdout.split("\n").toSorted()).toEqual(["", "[1] a", "[1] met b", "[2] b", "[2] met a", "[3] 1-2"]);
  expect(stderr.match(/^\[\d\] \w+/gm)).toEqual(["[1] done", "[2] done", "[3] done"]);
  expect(code).toBe(0);
});

test("the first failure stops the others, and what they started", async () => {
  using folder = new Folder();
  const stays = STAYS.replace("; sleep", `; touch ${folder.path}/started; sleep`);
  const fails = `until [ -e ${folder.path}/started ]; do sleep 0.05; done; exit 3`;
  const outcome = await jobs("--limit", "2", stays, fails, "echo never");
  expect(outcome.stderr.split("\n")).toEqual([
    `[1] stopped: ${stays}`,
    `[2] failed with exit code 3: ${fails}`,
    "[3] stopped: echo never",
    "",
  ]);
  expect(outcome.stdout).not.toContain("never");
  expect(outcome.code).toBe(1);
  expect(left(outcome)).toEqual([]);
});

test("runs what a file lists, one after the other, and goes on after a failure where it is told to", async () => {
  using folder = new Folder();
  const file = join(folder.path, "jobs.txt");
  writeFileSync(file, "# what to run\nsleep 0.2; echo first; exit 3\n\n  kill -9 $$\n");
  const outcome = await turnwise(["run", PROGRAM, "--keep-going", "--limit", "1", "--file", file, "echo last"]);
  expect(outcome).toEqual({
    stdout: "[1] first\n[3] last\n",
    stderr:
      "[1] failed with exit code 3: sleep 0.2; echo first; exit 3\n" +
      "[2] ended by signal 9: kill -9 $$\n[3] done: echo last\n",
    code: 1,
    signal: null,
  });
});

test("a job that takes too long is ended, and heard while it cleans up", async () => {
  const outcome = await jobs("--keep-going", "--timeout", "0.7", STAYS, CLEANS_UP);
  expect(outcome.stderr.split("\n").map((line) => line.split(":")[0])).toEqual([
    "[1] took longer than 0.7 s",
    "[2] took longer than 0.7 s",
    "",
  ]);
  expect(outcome.stdout).toContain("[2] here\n");
  expect(outcome.stdout).toContain("[2] bye\n");
  expect(outcome.code).toBe(1);
  expect(left(outcome)).toEqual([]);
});

test("Ctrl-C and SIGTERM stop all, and what ignores that is killed", async () => {
  const stubborn = `trap '' TERM; ${STAYS}`;
  await Promise.all(
    (["SIGINT", "SIGTERM"] as const).map(async (signal) => {
      const runner = startNode([PROGRAM, "--limit", "2", CLEANS_UP, stubborn]);
      await untilPrinted(runner, /(?=[^]*\[1\] here\n)(?=[^]*(\[2\] \d+\n){2})/);
      runner.child.kill(signal);
      const outcome = await runner.outcome;
      expect(outcome.stdout).toContain("[1] bye\n");
      expect(outcome.stderr).toBe(`[1] stopped: ${CLEANS_UP}\n[2] stopped: ${stubborn}\n`);
      expect(outcome.signal).toBe(signal);
      expect(left(outcome)).toEqual([]);
    }),
  );
});

test("says in a line what is wrong with its arguments", async () => {
  const outcomes = await Promise.all([jobs(), jobs("--file", "/nowhere"), jobs("--force")]);
  const messages = [
    "there is nothing to run: give commands, or a --file with one a line",
    "can't read the commands: ENOENT: no such file or directory, open '/nowhere'",
    "Unknown option '--force'",
  ];
  expect(outcomes).toEqual(
    messages.map((message) => ({ stdout: "", stderr: `error: ${message}\n`, code: 2, signal: null })),
  );
});
