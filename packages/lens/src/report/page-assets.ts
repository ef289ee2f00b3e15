/**
 * The page's own script and style, as they stand in a report. In the sources they are bundled when the first report is
 * made; `build-page.ts`, a part of the build, puts a module with the result in this one's place in `dist`, so that the
 * package needs no bundler.
 */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type Esbuild from "esbuild";

export interface PageAssets {
  /** An ES module without imports. */
  readonly script: string;
  readonly style: string;
}

let assets: PageAssets | undefined;

export function pageAssets(): PageAssets {
  return (assets ??= { script: bundle("main.ts"), style: bundle("style.css") });
}

function bundle(entry: string): string {
  // Loaded here, so that only who makes a report waits for it.
  const { buildSync } = createRequire(import.meta.url)("esbuild") as typeof Esbuild;
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL(`../../src/report/page/${entry}`, import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: ["es2022", "chrome111", "firefox115", "safari16.4"],
    // Whatever editors and servers take the file for, it reads the same.
    charset: "ascii",
    legalComments: "none",
    logLevel: "warning",
  });
  return outputFiles[0]!.text.trim();
}
