/** A part of the build: the notes' programs into `dist`, for those who have the package and not the repository. */
import { cpSync, mkdirSync } from "node:fs";
import { NAMES } from "./examples.ts";

const from = new URL("../../../../examples/", import.meta.url);
const to = new URL("../../dist/studio/examples/", import.meta.url);
mkdirSync(to, { recursive: true });
for (const file of NAMES.flatMap((name) => [`${name}.ts`, `${name}.py`])) {
  cpSync(new URL(file, from), new URL(file, to));
}
