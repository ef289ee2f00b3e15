/**
 * The page's own script and style, as they stand in a report. From the sources they are bundled when this module is
 * loaded; `build-page.ts`, a part of the build, puts a module with the result in this one's place in `dist`, so that
 * the package needs no bundler.
 */
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

/** An ES module without imports. */
export const pageScript: string = bundle("main.ts");

export const pageStyle: string = bundle("style.css");

function bundle(entry: string): string {
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
