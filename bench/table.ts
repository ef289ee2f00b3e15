/** The table that is printed. */
import type { Machine } from "./machine.ts";
import type { Judged, Line } from "./report.ts";
import { isMeasured, type LibraryName, operationsOf } from "./row.ts";

const TITLES: Readonly<Record<LibraryName, string>> = {
  turnwise: "Turnwise",
  native: "native",
  effect: "Effect",
  effection: "Effection",
  asyncio: "asyncio",
};

/** The table, with what must be known to read it above and below. */
export function formatTable(
  machine: Machine,
  lines: readonly Line[],
  libraries: readonly LibraryName[],
  rounds: number,
): string {
  const header = ["", "unit", ...libraries.map((library) => TITLES[library]), "targets"];
  const body = lines.map((line) => [
    line.row.title,
    line.row.unit,
    ...libraries.map((library) => cellOf(line, library)),
    line.targets.map((judged) => targetOf(judged, line, lines)).join(", "),
  ]);
  return [
    headOf(machine, libraries, rounds),
    "",
    ...align([header, ...body]),
    "",
    notesOf(machine, lines, libraries),
  ].join("\n");
}

function headOf(machine: Machine, libraries: readonly LibraryName[], rounds: number): string {
  const versions = libraries.flatMap((library) => {
    if (library === "native") return [];
    return [`${library === "asyncio" ? "CPython" : TITLES[library]} ${machine.versions[library] ?? ""}`];
  });
  return (
    `${[`Node ${machine.node}`, ...versions].join(", ")}\n` +
    `${machine.platform}, ${machine.processor}, load ${machine.load.toFixed(1)}; ` +
    (rounds === 1 ? "one round" : `medians of ${rounds} rounds`)
  );
}

function cellOf(line: Line, library: LibraryName): string {
  const cell = line.cells.get(library);
  if (cell === undefined) return isMeasured(line.row, library) ? "failed" : "";
  const figure = numeral(cell.median);
  return library === "turnwise" || cell.ratio === null ? figure : `${figure} (${times(cell.ratio)})`;
}

function targetOf({ target, met }: Judged, { row }: Line, lines: readonly Line[]): string {
  const mark = met === null ? "" : met ? " ✓" : " ✗";
  if ("than" in target) return `${TITLES[target.than]} ≥${times(target.atLeast)}${mark}`;
  if ("overRow" in target) {
    const base = lines.find((line) => line.row.name === target.overRow)?.cells.get("turnwise");
    const mine = lines.find((line) => line.row === row)?.cells.get("turnwise");
    const more = base === undefined || mine === undefined ? "" : ` (+${numeral(mine.median - base.median)})`;
    return `≤${target.overRow} + ${numeral(target.atMost)} ${row.unit}${more}${mark}`;
  }
  if (!("thanRow" in target)) return `≤${numeral(target.atMost)} ${row.unit}${mark}`;
  const other = lines.find((line) => line.row.name === target.thanRow)?.cells.get("turnwise");
  const own = lines.find((line) => line.row === row)?.cells.get("turnwise");
  const ratio = other === undefined || own === undefined ? "" : ` (${times(own.median / other.median)})`;
  return `≤${times(target.atMost)} of ${target.thanRow}${ratio}${mark}`;
}

function notesOf(machine: Machine, lines: readonly Line[], libraries: readonly LibraryName[]): string {
  const notes = [
    "Lower is better. (2.0x): that library takes twice what Turnwise takes; below 1 it is the better.",
    "ns and bytes are per task, timeout, item, hand-over, sleep, turn, message or connection. Native sleep(0) is a promise on setImmediate, in the lock's row a microtask.",
    "Servers: client and server are processes of their own, on 127.0.0.1; 3 connections with one message each on its way, or 16 that open and close.",
    "CPU time is the server's, with its system calls and its other threads. Memory per connection is what its resident memory grew by for 10k, after gc(), with a young generation of 1 MiB.",
    "Native is for threads piscina, for clusters BullMQ, used directly.",
    `Memory of a task: heapUsed after gc()${libraries.includes("asyncio") ? ", in Python tracemalloc" : ""}. Empty: not measured there.`,
  ];
  const fewer = libraries.flatMap((library) => fewerOf(library, lines));
  if (fewer.length > 0) {
    notes.push(
      `Where libraries are compared they do 100k, or fewer where that would take minutes: ${fewer.join("; ")}.`,
    );
  }
  if (machine.versions.asyncio === undefined) notes.push("asyncio is left out: there is no python3 here.");
  return notes.join("\n");
}

/** The numbers of operations below the usual one that a library has, each with the rows where it has it. */
function fewerOf(library: LibraryName, lines: readonly Line[]): string[] {
  const rows = lines
    .map(({ row }) => row)
    .filter((row) => isMeasured(row, library) && operationsOf(row, library) < row.operations);
  return [...Map.groupBy(rows, (row) => operationsOf(row, library))].map(
    ([operations, same]) => `${TITLES[library]} ${operations / 1000}k in ${same.map(({ name }) => name).join(", ")}`,
  );
}

function numeral(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: value < 100 ? 1 : 0 });
}

function times(ratio: number): string {
  return `${Number(ratio.toPrecision(2))}x`;
}

/** Words to the left, figures to the right. */
function align(rows: readonly (readonly string[])[]): string[] {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const isWords = (column: number): boolean => column < 2 || column === columns - 1;
  return rows.map((row) =>
    row
      .map((cell, column) => (isWords(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}
