/** A part of the build: the page's script and style as plain strings in `dist`, instead of the module that bundles them. */
import { writeFileSync } from "node:fs";
import { pageScript, pageStyle } from "./page-assets.ts";

writeFileSync(
  new URL("../../dist/report/page-assets.js", import.meta.url),
  `// Made by build-page.ts.
export const pageScript = ${JSON.stringify(pageScript)};
export const pageStyle = ${JSON.stringify(pageStyle)};
`,
);
