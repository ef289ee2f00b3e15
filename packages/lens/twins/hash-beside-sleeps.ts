// A password's hash holds up what only waits.
import { pbkdf2Sync } from "node:crypto";
import * as asyncio from "turnwise";

async function hash(): Promise<void> {
  pbkdf2Sync("password", "salt", 600_000, 64, "sha512");
}

async function request(): Promise<void> {
  for (let n = 0; n < 3; n++) await asyncio.sleep(0.25);
}

await asyncio.run(() =>
  asyncio.taskGroup(async (group) => {
    group.createTask(hash);
    group.createTask(request);
    group.createTask(request);
  }),
);
