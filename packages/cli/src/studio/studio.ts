/** What `turnwise studio` does: it offers programs to a page, shows it, and ends. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { StudioProgram } from "@turnwise/studio/protocol";
import { checkProgramFile, isPython } from "../program-file.ts";
import { UsageError } from "../usage-error.ts";
import { notesPrograms } from "./examples.ts";
import { SLOTS } from "./messages.ts";
import { openBrowser } from "./open-browser.ts";
import { serveStudio, type StudioServer } from "./server.ts";
import type { Offer } from "./session.ts";

/** What the command line says. */
export interface StudioFlags {
  readonly pid?: string;
  readonly port: string;
  readonly open: boolean;
}

/** Serves the page until a signal ends it. @throws UsageError if the command line asks for what can't be. */
export async function studio(files: string[], flags: StudioFlags): Promise<void> {
  const pid = flags.pid === undefined ? null : wholeNumber("--pid", flags.pid, 1, 0x7fffffff);
  const port = wholeNumber("--port", flags.port, 0, 65_535);
  const what = offer(files, pid);
  const server = await serve(port, () => ({ ...what, programs: what.programs.map(asItIsNow) }));
  process.stdout.write(`${server.url}\n`);
  if (flags.open && process.stdout.isTTY) openBrowser(server.newPass());
  const signal = await endSignal();
  await server.close();
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

function offer(files: readonly string[], pid: number | null): Offer {
  const python = canRunPython();
  const programs = files.length > 0 ? files.map(readProgram) : notesPrograms("typescript");
  const shown = files.length === 0 && pid !== null ? 0 : Math.min(programs.length, SLOTS);
  if (files.length === 0 && python) programs.push(...notesPrograms("python"));
  return { programs, shown, python, pid };
}

/** @throws UsageError if it is no program that can be run. */
function readProgram(file: string): StudioProgram {
  checkProgramFile(file);
  const language = isPython(file) ? "python" : "typescript";
  return { name: file, file: resolve(file), language, source: readFileSync(file, "utf8") };
}

/** A page that is opened anew has the file's text of then. */
function asItIsNow(program: StudioProgram): StudioProgram {
  if (program.file === null) return program;
  try {
    return { ...program, source: readFileSync(program.file, "utf8") };
  } catch {
    return program; // The file is gone: the page still has what it was.
  }
}

function canRunPython(): boolean {
  try {
    import.meta.resolve("@turnwise/python");
    return true;
  } catch {
    return false;
  }
}

async function serve(port: number, what: () => Offer): Promise<StudioServer> {
  const page = new URL("./dist/page/", import.meta.resolve("@turnwise/studio/package.json"));
  try {
    return await serveStudio(fileURLToPath(page), port, what);
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") throw new UsageError(`port ${port} is taken; leave --port out for any that is free`);
    if (code === "EACCES") throw new UsageError(`port ${port} is not for everybody: ${message}`);
    throw thrown;
  }
}

/** The signal that is to end this. The next one does not wait for the programs to end. */
async function endSignal(): Promise<NodeJS.Signals> {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const first = await Promise.race(signals.map((signal) => once(process, signal).then(() => signal)));
  for (const signal of signals) process.on(signal, () => process.exit(1));
  return first;
}

function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new UsageError(`${flag} takes a number from ${least} to ${most}, got '${text}'`);
  }
  return value;
}
