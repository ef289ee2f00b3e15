import { execSync } from "node:child_process";
import * as asyncio from "turnwise";

async function deploy(): Promise<void> {
  for (const host of ["a", "b"]) {
    await asyncio.sleep(0.02);
    execSync(`sleep 0.3 # ${host}`); // BLOCKS execSync
  }
}

await asyncio.run(async () => {
  await asyncio.gather(deploy, () => asyncio.sleep(0.1));
});
