/** How tasks, times and places are written for people. */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { styleText } from "node:util";
import type { Deadlock } from "./deadlocks.ts";
import type { Snapshot, SnapshotTask } from "./snapshot.ts";

/** Colours text, or leaves it as it is. */
export type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

/** Where text is shown. */
export interface Screen {
  /** By default nothing is coloured. */
  readonly paint?: Paint | undefined;
  /** How many characters a line may have; by default any number. */
  readonly width?: number | undefined;
  /** Files below it are named from there. */
  readonly cwd?: string | undefined;
}

/** Names come from the other process: nothing in them may move the cursor. */
export function printable(text: string): string {
  return text.replaceAll(/\p{C}/gu, "\uFFFD");
}

/** `0.3 s`, `12 s`, `5 min 12 s`, `3 h 5 min`. */
export function inTime(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** `file:line`, from `cwd` where it lies below that. */
export function inPlace(site: string | null, cwd: string | undefined): string {
  if (site === null) return "";
  let text = site;
  if (site.startsWith("file:")) {
    const { file, line } = /^(?<file>.*):(?<line>\d+)$/.exec(site)?.groups ?? { file: site, line: "" };
    try {
      text = `${fileURLToPath(file as string)}:${line}`;
    } catch {
      // It stays a URL.
    }
  }
  const below = cwd === undefined ? text : relative(cwd, text);
  return printable(below.startsWith("..") ? text : below);
}

/** `worker-1 serve()`. */
export function inName({ name, coro }: SnapshotTask): string {
  return printable(coro === "" ? name : `${name} ${coro}()`);
}

/** No longer than `width`. */
export function cutTo(width: number, text: string): string {
  if (text.length <= width) return text;
  return width < 1 ? "" : `${text.slice(0, width - 1)}…`;
}

/** `1 task`, `2 tasks`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** The lines above a list of tasks: which process it is, what its loops hold, where its thread is. */
export function heading(snapshot: Snapshot, { cwd, width = Infinity, paint = (_, text) => text }: Screen): string[] {
  const { pid, node, argv, uptime } = snapshot.process;
  const program = argv[1] === undefined ? "" : `, ${inPlace(argv[1], cwd)}`;
  const lines = [paint("bold", cutTo(width, `process ${pid}${program}, node ${node}, up ${inTime(uptime)}`))];
  if (snapshot.loops.length === 0) lines.push("no loop runs now");
  for (const { tasks, states } of snapshot.loops) {
    const parts = Object.entries(states).filter(([, count]) => count > 0);
    lines.push([counted(tasks, "task"), ...parts.map(([state, count]) => `${count} ${state}`)].join(", "));
  }
  if (snapshot.at !== null) {
    const where = snapshot.atFunction === "" ? "" : `${printable(snapshot.atFunction)}, `;
    lines.push(cutTo(width, `the thread is at ${where}${inPlace(snapshot.at, cwd)}`));
  }
  const { tasks, onTasks } = snapshot.leftOut;
  if (tasks > 0) lines.push(paint("yellow", `${counted(tasks, "task")} more, made later, were left out`));
  if (onTasks > 0) lines.push(paint("yellow", `${counted(onTasks, "wait")} of one task for another were left out`));
  return lines;
}

/** `deadlock: A → B → A`, and below it what each waits for. */
export function deadlockLines(circle: Deadlock, { paint = (_, text) => text }: Screen): string[] {
  const names = [...circle, ...circle.slice(0, 1)].map(({ name }) => printable(name));
  const waits = circle.map((task) => `  ${inName(task)} waits for ${printable(task.on)}`);
  return [paint(["bold", "red"], `deadlock: ${names.join(" → ")}`), ...waits];
}
