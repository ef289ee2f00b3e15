/** Programs that block, and their repaired twins: what the recording of one predicts is what the other one takes. */
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import type { BriefSummary } from "../summary.ts";

const TWINS = fileURLToPath(new URL("../../twins/", import.meta.url));
const TURNWISE = fileURLToPath(new URL("../../../cli/bin/turnwise.js", import.meta.url));

/** What a busy machine adds to one of the two runs, in seconds. What is wrong is wrong each time. */
const NOISE = 0.04;
const ON_A_BUSY_MACHINE = { retry: 3, timeout: 60_000 };

async function summaryOf(file: string): Promise<BriefSummary> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const args = [TURNWISE, "run", "--json", file];
  const { stderr } = await promisify(execFile)(process.execPath, args, { env });
  return JSON.parse(stderr.trimEnd().split("\n").at(-1)!) as BriefSummary;
}

/** Both runs at a time, so that both have as much of the machine. */
async function runTwins(name: string): Promise<{ blocking: BriefSummary; repaired: BriefSummary }> {
  const files = [`${TWINS}${name}.ts`, `${TWINS}${name}.repaired.ts`];
  const [blocking, repaired] = await Promise.all(files.map(summaryOf));
  return { blocking: blocking!, repaired: repaired! };
}

function namesIn(folder: string): string[] {
  const files = readdirSync(`${TWINS}${folder}`).filter((name) => name.endsWith(".repaired.ts"));
  return files.map((name) => `${folder}${name.replace(".repaired.ts", "")}`);
}

describe("the prediction is within 5 % of the repaired twin's time", () => {
  test.for(namesIn(""))("%s", ON_A_BUSY_MACHINE, async (name) => {
    const { blocking, repaired } = await runTwins(name);
    expect(blocking.blocked.seconds).toBeGreaterThan(0.2);
    expect(blocking.duration).toBeGreaterThan(repaired.duration + 0.1);
    const off = Math.abs(blocking.prediction.seconds - repaired.duration);
    expect(off).toBeLessThan(repaired.duration * 0.05 + NOISE);
  });
});

// What the trace does not have can't be predicted. It must be said then.
describe("beyond the model, the prediction says what it leaves out", () => {
  test.for(namesIn("beyond/"))("%s", { ...ON_A_BUSY_MACHINE, concurrent: true }, async (name) => {
    const { prediction, blocked } = await summaryOf(`${TWINS}${name}.ts`);
    expect(blocked.seconds).toBeGreaterThan(0.2);
    const left = name.endsWith("promise-all") ? /`Promise\.all`/ : /which item of a queue/;
    expect(prediction.notes.filter((note) => left.test(note))).toHaveLength(1);
  });
});
