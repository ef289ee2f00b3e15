import * as crypto from "node:crypto";

setTimeout(() => {
  const key = crypto.scryptSync("secret", "salt", 64, { N: 2 ** 16, r: 8, p: 2, maxmem: 2 ** 28 }); // BLOCKS scryptSync
  console.log(key.length);
}, 10);
