/** What the figures were taken on: versions and hardware. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import type { LibraryName } from "./row.ts";

/** What the table says of the machine. */
export interface Machine {
  readonly node: string;
  readonly platform: string;
  readonly processor: string;
  /** How many processes wanted to run in the last minute, when this began: others than ours are noise. */
  readonly load: number;
  /** The version of each library that is there; asyncio's is Python's. */
  readonly versions: Readonly<Partial<Record<LibraryName, string>>>;
}

/** Looks what is here. Without a `python3` there is no version of asyncio. */
export function describeMachine(): Machine {
  const python = pythonVersion();
  const processors = cpus();
  return {
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    processor: `${processors.length} x ${processors[0]?.model ?? "unknown processor"}`,
    load: loadavg()[0] ?? 0,
    versions: {
      turnwise: packageVersion("turnwise"),
      native: process.versions.node,
      effect: packageVersion("effect"),
      effection: packageVersion("effection"),
      ...(python === null ? {} : { asyncio: python }),
    },
  };
}

/** The command that is CPython, if there is one. */
export const PYTHON = "python3";

function pythonVersion(): string | null {
  const program = "import asyncio, platform; print(platform.python_version())";
  try {
    return execFileSync(PYTHON, ["-I", "-c", program], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return null;
  }
}

function packageVersion(name: string): string {
  // Read as a file: not every package exports its package.json.
  const text = readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
