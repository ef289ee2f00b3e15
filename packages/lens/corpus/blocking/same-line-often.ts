// Each call is short, but they come in one go.
import { pbkdf2Sync } from "node:crypto";

async function hashAll(passwords: string[]): Promise<number> {
  let length = 0;
  for (const password of passwords) {
    length += pbkdf2Sync(password, "salt", 10_000, 64, "sha512").length; // BLOCKS pbkdf2Sync
  }
  return length;
}

setTimeout(() => void hashAll(Array.from({ length: 40 }, (_, i) => `password ${i}`)), 10);
