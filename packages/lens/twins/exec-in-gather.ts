// Commands that were meant to run side by side.
import { execSync } from "node:child_process";
import * as asyncio from "turnwise";

async function convert(seconds: number): Promise<void> {
  execSync(`sleep ${seconds}`);
}

await asyncio.run(() =>
  asyncio.gather(
    () => convert(0.3),
    () => convert(0.5),
    () => convert(0.4),
  ),
);
