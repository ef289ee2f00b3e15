/** A part of the build: the page's script and style as plain strings in `dist`, instead of the module that bundles them. */
import { writeFileSync } from "node:fs";
import { pageAssets } from "./page-assets.ts";

writeFileSync(
  new URL("../../dist/report/page-assets.js", import.meta.url),
  `// Made by build-page.ts.
const assets = ${JSON.stringify(pageAssets())};
export const pageAssets = () => assets;
`,
);
