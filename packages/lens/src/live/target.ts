/**
 * Whether a process may be asked: it is there, it is ours, and it is a Node that takes SIGUSR1 for a request to open
 * its inspector. Any other process would be killed by that signal.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";
import { AttachError } from "./attach-error.ts";

/** A Node process that can be asked. */
export interface Target {
  readonly pid: number;
  /** What it takes its own pid for: another number in a container. */
  readonly ownPid: number;
  readonly inspector: InspectorSettings;
}

/** What a process was told of its inspector. */
export interface InspectorSettings {
  /** Where it opens; 0 for any port that is free. */
  readonly port: number;
  /** Whether it was opened at the start. */
  readonly openFromStart: boolean;
}

const SIGUSR1_BIT = 1n << 9n;
const NODE_NAME = /^(node|nodejs|electron)([-.\d].*)?$/i;

/** @throws AttachError if there is no such process, or it must not be asked. */
export function findTarget(pid: number): Target {
  if (!isAlive(pid)) throw new AttachError("no-process", `no process has the id ${pid}`);
  if (process.platform === "linux") return findOnLinux(pid);
  // On Windows there is no such signal: Node uses a channel that only a Node process has.
  if (process.platform === "win32") return { pid, ownPid: pid, inspector: inspectorSettings([]) };
  return findWithPs(pid);
}

/** @throws AttachError if it is another user's. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "EPERM") throw notPermitted(pid);
    return false;
  }
  return process.platform !== "linux" || !hasEnded(pid);
}

/** A process that has ended can still be signalled, until its parent has heard of it. */
function hasEnded(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return /^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === "ENOENT";
  }
}

function notPermitted(pid: number): AttachError {
  return new AttachError("not-permitted", `process ${pid} belongs to another user: run turnwise as that user`);
}

function findOnLinux(pid: number): Target {
  const status = readProc(pid, "status");
  const field = (name: string): string => new RegExp(`^${name}:\\s*(.*)$`, "m").exec(status)?.[1] ?? "";
  if (field("State").startsWith("T")) {
    throw new AttachError("no-answer", `process ${pid} is stopped: kill -CONT ${pid} lets it go on`);
  }
  let executable: string;
  try {
    executable = readlinkSync(`/proc/${pid}/exe`);
  } catch (thrown) {
    throw (thrown as NodeJS.ErrnoException).code === "EACCES" ? notPermitted(pid) : notNode(pid, field("Name"));
  }
  // A program with Node inside may have any name; but only Node has a thread of that name.
  const isNode = NODE_NAME.test(basename(executable)) || threadNames(pid).includes("SignalInspector");
  if (!isNode) throw notNode(pid, basename(executable));
  if ((BigInt(`0x${field("SigCgt")}`) & SIGUSR1_BIT) === 0n) throw withoutInspector(pid);
  if (namespace(pid) !== namespace("self")) {
    throw new AttachError("not-permitted", `process ${pid} has its own network, in a container: run turnwise in there`);
  }
  const args = readProc(pid, "cmdline").split("\0").slice(1);
  const options = /(?:^|\0)NODE_OPTIONS=([^\0]*)/.exec(readProc(pid, "environ"))?.[1] ?? "";
  const ownPid = Number(field("NSpid").split(/\s+/).at(-1) || pid);
  return { pid, ownPid, inspector: inspectorSettings([...options.split(/\s+/), ...args]) };
}

function findWithPs(pid: number): Target {
  const show = (column: string): string =>
    execFileSync("ps", ["-ww", "-o", `${column}=`, "-p", String(pid)], { encoding: "utf8" }).trim();
  const command = show("comm");
  if (!NODE_NAME.test(basename(command))) throw notNode(pid, basename(command));
  const args = show("args").split(/\s+/);
  if (args.includes("--disable-sigusr1")) throw withoutInspector(pid);
  return { pid, ownPid: pid, inspector: inspectorSettings(args) };
}

function notNode(pid: number, name: string): AttachError {
  return new AttachError("not-node", `process ${pid} (${name}) is not a Node process`);
}

function withoutInspector(pid: number): AttachError {
  const message = `process ${pid} does not open its inspector on SIGUSR1: it was started with --disable-sigusr1, or has only just started`;
  return new AttachError("no-inspector", message);
}

/** What Node's arguments say; of ports the last one counts. */
export function inspectorSettings(args: readonly string[]): InspectorSettings {
  let port = 9229;
  let openFromStart = false;
  for (const [i, arg] of args.entries()) {
    const match = /^--(?:inspect(?:-brk|-wait|-port)?|debug-port)(?:=(.*))?$/.exec(arg);
    if (match === null) continue;
    openFromStart ||= !arg.includes("-port");
    const address = match[1] ?? (arg.endsWith("-port") ? (args[i + 1] ?? "") : "");
    const digits = /(?:^|:)(\d+)$/.exec(address)?.[1];
    if (digits !== undefined) port = Number(digits);
  }
  return { port, openFromStart };
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "EACCES") throw notPermitted(pid);
    throw new AttachError("no-process", `process ${pid} has ended`, { cause: thrown });
  }
}

function threadNames(pid: number): string[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) => readProc(pid, `task/${thread}/comm`).trim());
}

function namespace(pid: number | "self"): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return "";
  }
}
