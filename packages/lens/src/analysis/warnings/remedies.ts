/** What to do about a call that blocks. */
import type { BlockedLine } from "../../summary.ts";

const CRYPTO = new Set([
  "pbkdf2",
  "scrypt",
  "hkdf",
  "generateKeyPair",
  "generateKey",
  "generatePrime",
  "checkPrime",
  "randomFill",
]);
const PROCESSES = new Set(["exec", "execFile", "spawn"]);
const ZLIB =
  /^(gzip|gunzip|deflate|deflateRaw|inflate|inflateRaw|unzip|brotliCompress|brotliDecompress|zstdCompress|zstdDecompress)$/;
const REGEXP = /^(RegExp\b|(String(\.prototype)?\.)?(match|matchAll|replace|replaceAll|search|split)$)/;
const OF_THE_LANGUAGE = /^(Array|BigInt|Date|Intl|Iterator|Map|Math|Number|Object|Reflect|Set|String|\w+Array)\b/;

export function remedyFor({ called, kind, blame }: Pick<BlockedLine, "called" | "kind" | "blame">): string {
  if (blame?.file.endsWith(".py") === true) return remedyInPython(called, kind);
  const library = called === null ? null : /^(.*) \((.*)\)$/.exec(called);
  if (library !== null) {
    const [, name, owner] = library;
    return kind === "cpu"
      ? `give \`${name}\` of ${owner} less at a time, or call it in a worker thread`
      : `use a form of \`${name}\` in ${owner} that gives a promise, or call it in a worker thread`;
  }
  if (called === null) return kind === "cpu" ? SMALLER : "use a form of this call that gives a promise, and await it";
  if (called === "Atomics.wait") {
    return "`await asyncio.sleep(...)` to let time pass; `Atomics.waitAsync` to wait for another thread";
  }
  const name = called.replace(/^.*\./, "");
  const base = /^(.+)Sync$/.exec(name)?.[1];
  if (base !== undefined) return remedyForSync(base);
  if (REGEXP.test(called)) {
    return (
      "the regular expression goes back and forth over its input: rewrite it so that no two repetitions can match " +
      "the same text, limit the input's length, or match in a worker thread"
    );
  }
  if (called.startsWith("JSON.") || name === "structuredClone") {
    return "take smaller pieces, with `await asyncio.sleep(0)` between them, or do it in a worker thread";
  }
  // Nothing of the language itself waits: the machine kept it waiting, for memory or for a processor.
  return kind === "cpu" || OF_THE_LANGUAGE.test(called)
    ? SMALLER
    : `use a form of \`${called}\` that gives a promise, and await it`;
}

const SMALLER =
  "cut the work into smaller parts with `await asyncio.sleep(0)` between them, or do it in a worker thread";

function remedyInPython(called: string | null, kind: BlockedLine["kind"]): string {
  if (called === "time.sleep") return "`await asyncio.sleep(...)` lets the others run meanwhile";
  if (kind === "waiting") return `await an asyncio form of ${called === null ? "this call" : `\`${called}\``}`;
  return "cut the work into smaller parts with `await asyncio.sleep(0)` between them, or give it to a process of its own";
}

function remedyForSync(base: string): string {
  if (PROCESSES.has(base)) {
    return base === "spawn"
      ? '`spawn` of node:child_process, and await its "close" event'
      : `\`${base}\` of node:child_process through \`promisify\` of node:util, and await it`;
  }
  if (CRYPTO.has(base))
    return `\`${base}\` of node:crypto through \`promisify\` of node:util: it works on another thread`;
  if (ZLIB.test(base)) return `\`${base}\` of node:zlib through \`promisify\` of node:util, or a stream`;
  return `\`${base}\` of node:fs/promises, and await it`;
}
