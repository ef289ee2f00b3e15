import * as asyncio from "turnwise";
import { beforeAll, describe, expect, it } from "vitest";
import { explain, isEqual } from "./compare.ts";
import { type CPython, loadCPython } from "./cpython.ts";
import { runTurnwise } from "./turnwise.ts";
import { compareAll, turnwiseRuntime } from "./random/check.ts";
import { eagerSlots, endOfFirstPart, isSure } from "./random/eager.ts";
import { generateProgram } from "./random/generate.ts";
import { isWellFormed, statementsIn } from "./random/program.ts";
import { toPython } from "./random/python.ts";
import { runRandom } from "./random/run.ts";
import { smallerBlocks } from "./random/shrink.ts";

const PROGRAMS = 2_000;
const SEED = 1;

let cpython: CPython;
beforeAll(async () => {
  cpython = await loadCPython();
}, 60_000);

describe("random programs", () => {
  it("log the same on CPython and on Turnwise", { timeout: 180_000 }, async () => {
    const { ran, mismatches } = await runRandom({ count: PROGRAMS, seed: SEED });
    expect(mismatches.map(({ comparison }) => explain(comparison))).toEqual([]);
    expect(ran).toBe(PROGRAMS);
  });

  it("are the same for the same seed, and others for other seeds", () => {
    expect(generateProgram(7)).toEqual(generateProgram(7));
    expect(generateProgram(7)).not.toEqual(generateProgram(8));
  });

  it("are valid Python and come to an end of many kinds", { timeout: 60_000 }, () => {
    const sources = Array.from({ length: 300 }, (_, seed) => ({
      name: `seed-${seed}`,
      source: toPython(generateProgram(seed)),
    }));
    const endings = cpython.run(sources).map((log) => log.find((line) => /^(main|program) /.test(line)) ?? "none");
    expect(endings.filter((ending) => /broken|endless|none/.test(ending))).toEqual([]);
    for (const kind of ["main returned", "main cancelled", "main deadlocked", "main raised"]) {
      expect(endings.filter((ending) => ending.startsWith(kind)).length).toBeGreaterThan(5);
    }
  });

  it("have eager tasks that end at once, raise at once and wait, and only where both halves can know", () => {
    const ends: string[] = [];
    for (let seed = 0; seed < 300; seed++) {
      const program = generateProgram(seed);
      expect(isSure(program)).toBe(true);
      const slots = eagerSlots(program);
      for (const statement of statementsIn(program.body)) {
        if (statement.kind !== "create" || !slots.has(statement.slot)) continue;
        ends.push(endOfFirstPart(statement.body, program.setup.eager));
      }
    }
    for (const [end, least] of [
      ["goes on", 40],
      ["raises", 4],
      ["waits", 150],
    ] as const) {
      expect(ends.filter((one) => one === end).length).toBeGreaterThan(least);
    }
  });

  it("get smaller with each cut", () => {
    const program = generateProgram(3);
    const size = JSON.stringify(program.body).length;
    for (const body of smallerBlocks(program.body)) {
      if (isWellFormed(body)) expect(JSON.stringify(body).length).toBeLessThan(size + 4);
    }
  });
});

// A check that never fails proves nothing: each of these runtimes is wrong in one point, and must be found out.
describe("a runtime that is wrong is found out, and the program is shrunk to the point", () => {
  const fewStatements = 6;

  async function findOut(runtime: ReturnType<typeof turnwiseRuntime>): Promise<number> {
    const { mismatches } = await runRandom({ count: 3_000, seed: SEED, runtime });
    const [mismatch] = mismatches;
    if (mismatch === undefined) return expect.fail("nobody noticed");
    const { program, comparison } = mismatch;
    expect(isEqual(comparison)).toBe(false);
    // The program is innocent: Turnwise as it is runs it right.
    const [right] = await compareAll([program], cpython, turnwiseRuntime());
    expect(right && isEqual(right)).toBe(true);
    return [...statementsIn(program.body)].length;
  }

  it("when two lines of the log change places", { timeout: 60_000 }, async () => {
    const runtime = turnwiseRuntime({}, async (program) => {
      const log = await runTurnwise(program);
      const at = log.findIndex((line, index) => /t1|Task-1/.test(line) && /t2|Task-2/.test(log[index + 1] ?? ""));
      return at < 0 ? log : log.toSpliced(at, 2, log[at + 1] ?? "", log[at] ?? "");
    });
    expect(await findOut(runtime)).toBeLessThanOrEqual(fewStatements);
  });

  it("when sleep(0) takes two turns", { timeout: 60_000 }, async () => {
    const runtime = turnwiseRuntime({
      sleep: async (delay: number, result: unknown) => {
        if (delay === 0) await asyncio.sleep(0);
        return await asyncio.sleep(delay, result);
      },
    });
    expect(await findOut(runtime)).toBeLessThanOrEqual(fewStatements);
  });

  it("when shield does not protect", { timeout: 60_000 }, async () => {
    const runtime = turnwiseRuntime({ shield: (inner: asyncio.AwaitableLike<unknown>) => asyncio.ensureFuture(inner) });
    expect(await findOut(runtime)).toBeLessThanOrEqual(fewStatements);
  });

  it("when an eager task begins in the next turn", { timeout: 60_000 }, async () => {
    const runtime = turnwiseRuntime({
      createTask: (coro: asyncio.Coro<unknown>, options: asyncio.TaskOptions = {}) =>
        asyncio.createTask(coro, { ...options, eagerStart: false }),
    });
    expect(await findOut(runtime)).toBeLessThanOrEqual(fewStatements);
  });

  it("when waitFor starts a task of its own", { timeout: 60_000 }, async () => {
    const runtime = turnwiseRuntime({
      waitFor: (inner: asyncio.AwaitableLike<unknown>, limit: number | null) =>
        asyncio.waitFor(asyncio.ensureFuture(inner), limit),
    });
    expect(await findOut(runtime)).toBeLessThanOrEqual(fewStatements);
  });
});
