/** The corpus: blocking programs are blamed on the right line, well-behaved ones raise nothing. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, describe, expect, test } from "vitest";
import { expectedLines, runWatched } from "./testing/watched.ts";
import type { Blocked } from "./blocked.ts";

const CORPUS = fileURLToPath(new URL("../../corpus/", import.meta.url));
const scratch = realpathSync(mkdtempSync(join(tmpdir(), "corpus-")));
afterAll(() => rmSync(scratch, { recursive: true }));

/** On a busy machine a program may be held up by others: what is wrong is wrong each time. */
const ON_A_BUSY_MACHINE = { concurrent: true, retry: 2, timeout: 60_000 };

function programs(folder: string): string[] {
  return readdirSync(join(CORPUS, folder))
    .filter((name) => /\.[cm]?[jt]s$/.test(name))
    .map((name) => join(CORPUS, folder, name));
}

/** @param marked - the file with the marks, where that isn't the program's. */
function expectBlame(blocked: readonly Blocked[], marked: string): void {
  const lines = expectedLines(marked);
  const found = blocked.map(({ blame, called }) => ({ file: blame?.file, line: blame?.line, called }));
  for (const { line, called } of lines) {
    expect(found).toContainEqual({ file: marked, line, called: called ?? (expect.toSatisfy(() => true) as unknown) });
  }
  // On a busy machine, to prepare the data may take long, too.
  const others = blocked.filter(({ blame }) => !lines.some(({ line }) => line === blame?.line));
  for (const { begin, end } of others) expect(end - begin).toBeLessThan(0.25);
  for (const { source, blame } of blocked.filter((each) => !others.includes(each)))
    expect(source?.lines[blame!.line - source.first]).toContain("// BLOCKS");
}

describe("blocking", () => {
  test.for(programs("blocking"))("%s", ON_A_BUSY_MACHINE, async (file) => {
    const { blocked } = await runWatched([file]);
    expectBlame(blocked, file);
  });
});

describe("blocking, with libraries", () => {
  const folder = join(scratch, "with-library");
  mkdirSync(folder);
  cpSync(join(CORPUS, "blocking/with-library"), folder, { recursive: true });
  renameSync(join(folder, "libraries"), join(folder, "node_modules"));

  const names = readdirSync(folder).filter((name) => name.endsWith(".mjs") && name !== "library-top-level.mjs");
  test.for(names)("%s", ON_A_BUSY_MACHINE, async (name) => {
    const { blocked } = await runWatched([join(folder, name)]);
    expectBlame(blocked, join(folder, name));
  });

  test("a library is blamed itself if none of the program's code is there", ON_A_BUSY_MACHINE, async () => {
    const { blocked } = await runWatched([join(folder, "library-top-level.mjs")]);
    expectBlame(blocked, join(folder, "node_modules/slow-timer/index.js"));
  });
});

describe("blocking, in a bundle", () => {
  const main = join(CORPUS, "blocking/bundled/main.ts");
  const slow = join(CORPUS, "blocking/bundled/slow.ts");

  for (const sourcemap of ["external", "inline"] as const) {
    for (const minify of [false, true]) {
      test(`source map ${sourcemap}${minify ? ", minified" : ""}`, ON_A_BUSY_MACHINE, async () => {
        const outfile = join(scratch, `${sourcemap}-${minify}.mjs`);
        const mode = sourcemap === "external" ? "linked" : "inline";
        await build({
          entryPoints: [main],
          outfile,
          bundle: true,
          platform: "node",
          format: "esm",
          sourcemap: mode,
          minify,
        });
        const { blocked } = await runWatched([outfile]);
        expectBlame(blocked, slow);
      });
    }
  }

  test("minified, functions have the names that were written", ON_A_BUSY_MACHINE, async () => {
    const outfile = join(scratch, "names.mjs");
    const names = join(CORPUS, "blocking/bundled/names.ts");
    await build({ entryPoints: [names], outfile, bundle: true, format: "esm", sourcemap: "linked", minify: true });
    const { blocked } = await runWatched([outfile]);
    expectBlame(blocked, names);
    expect(blocked.map(({ blame }) => blame?.function)).toEqual(["first", "second"]);
  });

  test("without its source map, the generated position is told", ON_A_BUSY_MACHINE, async () => {
    const outfile = join(scratch, "lost-map.mjs");
    await build({ entryPoints: [main], outfile, bundle: true, platform: "node", format: "esm", sourcemap: "linked" });
    rmSync(`${outfile}.map`);
    const { blocked } = await runWatched([outfile]);
    const shown = blocked.map(({ blame, source }) => [
      basename(blame!.file),
      source?.lines[blame!.line - source.first],
    ]);
    expect(shown).toEqual([
      ["lost-map.mjs", expect.stringContaining("performance.now() < until")],
      ["lost-map.mjs", expect.stringContaining("pbkdf2Sync(")],
    ]);
  });
});

describe("well-behaved", () => {
  test.for(programs("well-behaved"))("%s", ON_A_BUSY_MACHINE, async (file) => {
    const { blocked, code } = await runWatched([file]);
    expect(code).toBe(0);
    expect(blocked.map(({ begin, end, blame, called }) => ({ took: end - begin, blame, called }))).toEqual([]);
  });
});
