import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { ProgramDirectory, turnwise } from "./testing/program.ts";

const SYNTAX = {
  "bad.mjs": "const a = 1;\nconst = 5;\n",
  "bad.cjs": "const a = 1;\nmodule.exports = (;\n",
  "bad.js": "const a = 1;\nif (a {\n}\n",
  "bad.ts": "const a: number = 1;\nconst = 5;\n",
  "bad.cts": "let a: number = 1;\nlet a: number = 2;\n",
  "enum.ts": "console.log('evaluated');\nenum Colour { Red }\n",
  "property.ts": "class A {\n  constructor(private x: number) {}\n}\n",
  "names.mjs": "import { nope } from 'node:fs';\n",
  "imports-bad.mjs": "import './good.mjs';\nimport './bad.mjs';\nconsole.log('evaluated');\n",
  "good.mjs": "console.log('evaluated');\n",
  "page.tsx": "",
  "data.json": "",
  script: "",
};

/** What is typed, and the line that answers it. */
const CASES: [string, string][] = [
  ["run godo.mjs", "no such file: godo.mjs (did you mean good.mjs?)"],
  ["run good", "no such file: good (did you mean good.mjs?)"],
  ["run good.ts", "no such file: good.ts (did you mean good.mjs?)"],
  ["run ./directory/mian.ts", "no such file: ./directory/mian.ts (did you mean ./directory/main.ts?)"],
  ["run elsewhere/x.ts", "no such file: elsewhere/x.ts"],
  ["run directory", "directory is a directory (did you mean directory/main.ts?)"],
  ["run .", ". is a directory"],
  ["run page.tsx", "page.tsx: Node can't run JSX; compile it to JavaScript first"],
  [
    "run data.json",
    "turnwise run can't run .json files: it runs .ts, .mts, .cts, .js, .mjs, .cjs and .py (got data.json)",
  ],
  ["run script", "script has no extension: turnwise run runs .ts, .mts, .cts, .js, .mjs, .cjs and .py files"],
  ["run bad.mjs", "bad.mjs:2:7: Unexpected token '='"],
  ["run bad.cjs", "bad.cjs:2:19: Unexpected token ';'"],
  ["run bad.js", "bad.js:2:7: Unexpected token '{'"],
  ["run bad.ts", "bad.ts:2:7: Unexpected token `=`. Expected yield, an identifier, [ or {"],
  ["run bad.cts", "bad.cts:2:5: Identifier 'a' has already been declared"],
  [
    "run enum.ts",
    "enum.ts:2:1: TypeScript enum is not supported in strip-only mode: " +
      "Node only erases types; use a const object and a union type, or compile the file first",
  ],
  [
    "run property.ts",
    "property.ts:2:23: TypeScript parameter property is not supported in strip-only mode: " +
      "Node only erases types; declare the field and assign it in the constructor, or compile the file first",
  ],
  ["run names.mjs", "names.mjs:1:10: The requested module 'node:fs' does not provide an export named 'nope'"],
  ["run imports-bad.mjs", "bad.mjs:2:7: Unexpected token '='"],
  ["run --virtul good.mjs", "unknown option '--virtul' (did you mean --virtual?)"],
  ["run", "missing required argument 'FILE'"],
  ["rnu good.mjs", "unknown command 'rnu' (did you mean run?)"],
  ["good.mjs", "unknown command 'good.mjs' (did you mean turnwise run good.mjs?)"],
  ["frobnicate", "unknown command 'frobnicate'"],
  ["--versoin", "unknown option '--versoin' (did you mean --version?)"],
];

test("bad input ends with one line on stderr and exit code 2", { timeout: 30_000 }, async () => {
  using directory = new ProgramDirectory(SYNTAX);
  const cwd = directory.path;
  mkdirSync(join(cwd, "directory"));
  writeFileSync(join(cwd, "directory/main.ts"), "");
  const queue = [...CASES];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [line, answer] = next;
      const outcome = await turnwise(line.split(" "), { cwd });
      expect(outcome, line).toEqual({ stdout: "", stderr: `error: ${answer}\n`, code: 2, signal: null });
    }
  };
  await Promise.all([worker(), worker(), worker()]);
});

test.skipIf(process.getuid?.() === 0 || process.platform === "win32")("an unreadable file", async () => {
  using directory = new ProgramDirectory({ "secret.mjs": "" });
  chmodSync(join(directory.path, "secret.mjs"), 0);
  const { stderr, code } = await turnwise(["run", "secret.mjs"], { cwd: directory.path });
  expect({ stderr, code }).toEqual({ stderr: "error: secret.mjs can't be read: permission denied\n", code: 2 });
});

test("--help and --version go to stdout, help that nobody asked for to stderr", async () => {
  const [help, runHelp, version, nothing] = await Promise.all([
    turnwise(["--help"]),
    turnwise(["run", "--help"]),
    turnwise(["--version"]),
    turnwise([]),
  ]);
  expect(version).toEqual({ stdout: `${manifest.version}\n`, stderr: "", code: 0, signal: null });
  expect(help).toMatchObject({ stderr: "", code: 0 });
  expect(help.stdout).toMatch(/^Usage: turnwise .*\$ turnwise run examples\/cooperative\.ts\n$/s);
  expect(runHelp).toMatchObject({ stderr: "", code: 0 });
  expect(runHelp.stdout).toMatch(/^Usage: turnwise run .*--virtual.*--debug.*\$ turnwise run --virtual /s);
  expect(nothing).toEqual({ stdout: "", stderr: help.stdout, code: 2, signal: null });
});
