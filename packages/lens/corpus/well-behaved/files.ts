import { readFile, writeFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = await mkdtemp(join(tmpdir(), "files-"));
const names = Array.from({ length: 100 }, (_, i) => join(folder, `${i}.txt`));
await Promise.all(names.map((name) => writeFile(name, "text ".repeat(10_000))));
const texts = await Promise.all(names.map((name) => readFile(name, "utf8")));
await rm(folder, { recursive: true });
console.log(texts.length);
