import { exec } from "node:child_process";
import { promisify } from "node:util";
import * as asyncio from "turnwise";

async function convert(seconds: number): Promise<void> {
  await promisify(exec)(`sleep ${seconds}`);
}

await asyncio.run(() =>
  asyncio.gather(
    () => convert(0.3),
    () => convert(0.5),
    () => convert(0.4),
  ),
);
