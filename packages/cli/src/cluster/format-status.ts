/** The status of a cluster, as a person reads it. */
import { printable } from "./printable.ts";
import type { ClusterStatus, QueueStatus } from "@turnwise/cluster";

/** @param bold - makes a heading. */
export function formatStatus(status: ClusterStatus, bold: (text: string) => string, now: number = Date.now()): string {
  const queues = status.queues.flatMap((queue) => ["", ...queueLines(queue, bold, now)]);
  return `${[status.redis, ...(queues.length > 0 ? queues : ["no queue has been used yet"])].join("\n")}\n`;
}

function queueLines(queue: QueueStatus, bold: (text: string) => string, now: number): string[] {
  const { waiting, running, delayed, completed, failed } = queue;
  const counts = [
    `${shown(waiting)} waiting`,
    `${shown(running)} running`,
    ...(delayed > 0 ? [`${shown(delayed)} to be tried again`] : []),
    `${shown(failed)} failed`,
    ...(completed > 0 ? [`${shown(completed)} results kept`] : []),
  ];
  return [
    `${bold(printable(queue.name, 200))}: ${[counts.join(", "), ...limits(queue)].join("; ")}`,
    ...section(
      "workers",
      queue.workers.map(({ name, address }) => [name, `from ${address}`]),
      "none: start one with `turnwise worker MODULE...`",
    ),
    ...section(
      "running",
      queue.runningCalls.map(({ name, worker, seconds }) => [name, `for ${age(seconds)}`, onWorker(worker)]),
    ),
    ...section(
      "failed",
      queue.failedCalls.map(({ name, worker, at, reason }) => [
        name,
        `${age((now - at) / 1000)} ago`,
        onWorker(worker),
        firstLine(reason),
      ]),
    ),
  ];
}

/** @param none - what is said where there are no rows; by default the section is left out. */
function section(title: string, rows: readonly (readonly string[])[], none: string | null = null): string[] {
  if (rows.length === 0) return none === null ? [] : [`  ${title}: ${none}`];
  const cells = rows.map((row) => row.map((cell) => printable(cell, 200)));
  const widths = (rows[0] as readonly string[]).map((_, i) => Math.max(...cells.map((row) => (row[i] ?? "").length)));
  const lines = cells.map((row) => row.map((cell, i) => cell.padEnd(widths[i] as number)).join("  "));
  return [`  ${title}`, ...lines.map((line) => `    ${line.trimEnd()}`)];
}

function limits({ limit: { running, rate } }: QueueStatus): string[] {
  return [
    ...(running === null ? [] : [`at most ${shown(running)} at once`]),
    ...(rate === null ? [] : [`at most ${shown(rate.calls)} in ${rate.per} s`]),
  ];
}

function onWorker(worker: string | null): string {
  return worker === null ? "" : `on ${worker}`;
}

function firstLine(text: string): string {
  return printable(text.split("\n")[0] ?? "", 100);
}

function age(seconds: number): string {
  if (seconds < 60) return `${Math.max(0, seconds).toFixed(1)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

function shown(count: number): string {
  return count.toLocaleString("en-GB");
}
