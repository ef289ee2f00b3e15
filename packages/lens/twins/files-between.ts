import { execSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as asyncio from "turnwise";

const dir = await mkdtemp(join(tmpdir(), "twin-"));

async function convert(name: string): Promise<void> {
  const file = join(dir, name);
  await writeFile(file, name);
  const text = await readFile(file, "utf8");
  execSync("sleep 0.3");
  await writeFile(file, text.toUpperCase());
  await asyncio.sleep(0.2);
  execSync("sleep 0.2");
  await rm(file);
}

await asyncio.run(() => asyncio.gather(["a", "b", "c"].map((name) => () => convert(name))));
await rm(dir, { recursive: true });
