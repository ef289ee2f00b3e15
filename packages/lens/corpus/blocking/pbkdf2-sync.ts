import { pbkdf2Sync } from "node:crypto";

async function hash(password: string): Promise<string> {
  await Promise.resolve();
  const key = pbkdf2Sync(password, "salt", 300_000, 64, "sha512"); // BLOCKS pbkdf2Sync
  return key.toString("hex");
}

setTimeout(() => void hash("secret"), 10);
