/** The table that is printed. */
import type { Machine } from "./machine.ts";
import type { Judged, Line } from "./report.ts";
import type { LibraryName } from "./rows.ts";

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
  return [headOf(machine, libraries, rounds), "", ...align([header, ...body]), "", notesOf(machine, libraries)].join(
    "\n",
  );
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
  if (cell === undefined) return line.row.only === undefined ? "failed" : "";
  const figure = numeral(cell.median);
  return library === "turnwise" || cell.ratio === null ? figure : `${figure} (${times(cell.ratio)})`;
}

function targetOf({ target, met }: Judged, { row }: Line, lines: readonly Line[]): string {
  const mark = met === null ? "" : met ? " ✓" : " ✗";
  if ("than" in target) return `${TITLES[target.than]} ≥${times(target.atLeast)}${mark}`;
  if (!("thanRow" in target)) return `≤${target.atMost} ${row.unit}${mark}`;
  const other = lines.find((line) => line.row.name === target.thanRow)?.cells.get("turnwise");
  const own = lines.find((line) => line.row === row)?.cells.get("turnwise");
  const ratio = other === undefined || own === undefined ? "" : ` (${times(own.median / other.median)})`;
  return `≤${times(target.atMost)} of ${target.thanRow}${ratio}${mark}`;
}

function notesOf(machine: Machine, libraries: readonly LibraryName[]): string {
  const notes = [
    "Lower is better. (2.0x): that library takes twice what Turnwise takes; below 1 it is the better.",
    "ns and bytes are per task, sleep or turn; native sleep(0) is a promise on setImmediate. Memory: heapUsed after gc()" +
      (libraries.includes("asyncio") ? ", in Python tracemalloc." : "."),
  ];
  const slow = [
    ...(libraries.includes("effect") ? ["20k parked ones in Effect"] : []),
    ...(libraries.includes("effection") ? ["2k tasks in Effection"] : []),
    ...(libraries.includes("asyncio") ? ["20k in asyncio"] : []),
  ];
  if (slow.length > 0)
    notes.push(`Rows of tasks have 100k of them, but ${slow.join(", ")}: with 100k it would take minutes.`);
  if (machine.versions.asyncio === undefined) notes.push("asyncio is left out: there is no python3 here.");
  return notes.join("\n");
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
