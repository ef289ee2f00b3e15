import { pbkdf2, scrypt } from "node:crypto";
import { promisify } from "node:util";

const keys = await Promise.all([
  promisify(pbkdf2)("password", "salt", 200_000, 64, "sha512"),
  promisify(scrypt)("password", "salt", 64) as Promise<Buffer>,
]);
console.log(keys.length);
