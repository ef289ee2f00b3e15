import { exec } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import * as asyncio from "turnwise";

const dir = await mkdtemp(join(tmpdir(), "twin-"));
const run = promisify(exec);

async function convert(name: string): Promise<void> {
  const file = join(dir, name);
  await writeFile(file, name);
  const text = await readFile(file, "utf8");
  await run("sleep 0.3");
  await writeFile(file, text.toUpperCase());
  await asyncio.sleep(0.2);
  await run("sleep 0.2");
  await rm(file);
}

await asyncio.run(() => asyncio.gather(["a", "b", "c"].map((name) => () => convert(name))));
await rm(dir, { recursive: true });
