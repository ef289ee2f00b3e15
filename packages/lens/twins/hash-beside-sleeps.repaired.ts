import { pbkdf2 } from "node:crypto";
import { promisify } from "node:util";
import * as asyncio from "turnwise";

async function hash(): Promise<void> {
  await promisify(pbkdf2)("password", "salt", 600_000, 64, "sha512");
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
