#!/usr/bin/env node
/**
 * What `sys.executable` names: a command that takes what `python` takes of what programs give to it,
 * `[OPTION...] -c CODE | -m MODULE | FILE | -, [ARG...]`.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { runPython } from "./run-python.ts";

/** Options with a value of their own. What they and the others ask for makes no difference here. */
const WITH_VALUE: readonly string[] = ["-W", "-X"];

/** The program, and what it gets as `sys.argv[1:]`. */
function read(given: readonly string[]): { readonly program: string | URL; readonly args: readonly string[] } {
  for (let at = 0; at < given.length; at++) {
    const option = given[at] as string;
    const args = given.slice(at + 1);
    if (option === "-") break;
    if (!option.startsWith("-")) return { program: pathToFileURL(resolve(option)), args };
    // The last of several letters may take the value: -uc CODE.
    if (/^-[a-zA-Z]*c$/.test(option)) return { program: args[0] ?? "", args: args.slice(1) };
    if (/^-[a-zA-Z]*m$/.test(option)) return { program: module(args[0] ?? ""), args: args.slice(1) };
    if (WITH_VALUE.includes(option)) at++;
  }
  return { program: readFileSync(0, "utf8"), args: given.slice(given.indexOf("-") + 1) };
}

function module(name: string): string {
  return `import runpy; runpy.run_module(${JSON.stringify(name)}, run_name="__main__", alter_sys=True)`;
}

const { program, args } = read(process.argv.slice(2));
const { exitCode, signal } = await runPython(program, { args });
if (signal !== null) process.kill(process.pid, signal);
else process.exitCode = exitCode ?? 1;
