import { pbkdf2Sync } from "node:crypto";

/** A loop, then a native call. */
export function digest(text: string): string {
  let sum = 0;
  for (const until = performance.now() + 300; performance.now() < until;) sum = (sum * 31 + text.length) % 65_521; // BLOCKS

  const key = pbkdf2Sync(text, String(sum), 400_000, 64, "sha512"); // BLOCKS pbkdf2Sync
  return key.toString("hex");
}
