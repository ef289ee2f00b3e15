/** The code that the engine has loaded, and its source maps: places in it, as the user wrote them. */
import { readFileSync } from "node:fs";
import inspector from "node:inspector";
import { fileURLToPath, pathToFileURL } from "node:url";
import { originalPositionFor, sourceContentFor, TraceMap, traceSegment } from "@jridgewell/trace-mapping";
import type { Frame } from "../trace.ts";
import { Calls } from "./calls.ts";
import { filePath, type RawFrame } from "./stack.ts";

interface Script {
  readonly id: string;
  readonly mapUrl: string;
}

/** So many lines before and after a blamed one are shown. */
const CONTEXT = 3;

/** Open it after the watching, and close it: while it is open, the engine is in debugging mode. */
export class Scripts {
  readonly #session = new inspector.Session();
  readonly #scripts = new Map<string, Script>();
  readonly #texts = new Map<string, string | null>();
  readonly #maps = new Map<string, TraceMap | null>();
  readonly #calls = new Map<string, Calls | null>();

  constructor() {
    try {
      this.#session.connect();
      this.#session.on("Debugger.scriptParsed", ({ params }) => {
        if (params.url !== "")
          this.#scripts.set(filePath(params.url), { id: params.scriptId, mapUrl: params.sourceMapURL ?? "" });
      });
      this.#session.post("Debugger.enable");
    } catch {
      // Without the inspector, the files on disk must do.
    }
  }

  close(): void {
    try {
      this.#session.post("Debugger.disable");
      this.#session.disconnect();
    } catch {
      // It was never connected.
    }
  }

  /** The calls in a loaded file; null if its text isn't JavaScript that can be had. */
  calls(file: string): Calls | null {
    return cached(this.#calls, file, () => {
      const text = this.#text(file);
      return text === null ? null : Calls.parse(text);
    });
  }

  /** A place in loaded code, as the user wrote it. */
  frame(raw: RawFrame): Frame {
    const generated = { function: raw.name, file: raw.file, line: raw.line, column: raw.column };
    if (raw.line === 0) return generated;
    const map = this.#map(raw.file);
    if (map === null) return generated;
    const at = originalPositionFor(map, { line: raw.line, column: Math.max(0, raw.column - 1) });
    if (at.source === null) return generated;
    return { function: this.#nameOf(raw, map), file: filePath(at.source), line: at.line, column: at.column + 1 };
  }

  /** A minifier shortens names; its map has the ones that were written. */
  #nameOf(raw: RawFrame, map: TraceMap): string {
    const { name, fn } = raw;
    const at = fn === "" || name !== fn ? null : (this.calls(raw.file)?.nameAt(raw) ?? null);
    const segment = at === null ? null : traceSegment(map, at.line - 1, at.column - 1);
    // What the map says of another place is another's name.
    if (segment?.length !== 5 || segment[0] !== at!.column - 1) return name;
    return map.names[segment[4]] ?? name;
  }

  /** The lines around a place, as the user wrote them. */
  source(raw: RawFrame, frame: Frame): { first: number; lines: string[] } | null {
    const text = this.written(raw, frame);
    if (text === null || frame.line === 0) return null;
    const lines = text.split(/\r?\n/);
    if (frame.line > lines.length) return null;
    const first = Math.max(1, frame.line - CONTEXT);
    return { first, lines: lines.slice(first - 1, frame.line + CONTEXT) };
  }

  /** The whole text of the file that a place is in, as the user wrote it; null if it can't be had. */
  written(raw: RawFrame, frame: Frame): string | null {
    if (frame.file === raw.file) return readText(frame.file) ?? this.#text(raw.file);
    const map = this.#map(raw.file);
    const source = map?.resolvedSources.find((name) => filePath(name) === frame.file);
    return (map && source !== undefined ? sourceContentFor(map, source) : null) ?? readText(frame.file);
  }

  #text(file: string): string | null {
    return cached(this.#texts, file, () => {
      const script = this.#scripts.get(file);
      let text: string | null = null;
      if (script !== undefined) {
        this.#session.post("Debugger.getScriptSource", { scriptId: script.id }, (error, answer) => {
          if (error === null) text = answer.scriptSource;
        });
      }
      return text ?? readText(file);
    });
  }

  #map(file: string): TraceMap | null {
    return cached(this.#maps, file, () => {
      const url = this.#scripts.get(file)?.mapUrl || mapUrlIn(this.#text(file) ?? "");
      if (url === "") return null;
      try {
        const base = file.startsWith("/") || /^[A-Za-z]:/.test(file) ? pathToFileURL(file) : new URL(file);
        const at = new URL(url, base);
        const text = at.protocol === "data:" ? dataText(url) : readFileSync(fileURLToPath(at), "utf8");
        return new TraceMap(text, at.protocol === "data:" ? base.href : at.href);
      } catch {
        return null;
      }
    });
  }
}

/** The last `sourceMappingURL` of a file; empty if there is none. */
export function mapUrlIn(text: string): string {
  return (
    text
      .match(/^[ \t]*\/\/[#@] sourceMappingURL=(\S+)\s*$/gm)
      ?.at(-1)
      ?.replace(/^.*?=/, "")
      .trim() ?? ""
  );
}

/** The content of a `data:` URL. */
function dataText(url: string): string {
  const comma = url.indexOf(",");
  const data = url.slice(comma + 1);
  return /;base64$/i.test(url.slice(0, comma))
    ? Buffer.from(data, "base64").toString("utf8")
    : decodeURIComponent(data);
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

function cached<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  if (map.has(key)) return map.get(key)!;
  const made = make();
  map.set(key, made);
  return made;
}
