/** Sits in a native call for some seconds, and then sleeps. */
import { execSync } from "node:child_process";
import * as asyncio from "turnwise";

await asyncio.run(async () => {
  await asyncio.sleep(0.05);
  process.stdout.write("ready\n");
  execSync("sleep 3");
  process.stdout.write("returned\n");
  await asyncio.sleep(1000);
});
