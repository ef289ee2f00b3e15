// Two lines share one turn.
import { pbkdf2Sync } from "node:crypto";
import { execFileSync } from "node:child_process";

function login(): void {
  execFileSync("sleep", ["0.3"]); // BLOCKS execFileSync
  pbkdf2Sync("password", "salt", 400_000, 64, "sha512"); // BLOCKS pbkdf2Sync
}

setTimeout(login, 10);
