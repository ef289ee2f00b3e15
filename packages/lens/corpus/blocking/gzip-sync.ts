import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";

const data = Buffer.concat(Array.from({ length: 12 }, () => randomBytes(1_000_000)));

setTimeout(() => {
  const packed = gzipSync(data, { level: 9 }); // BLOCKS gzipSync
  console.log(packed.length > 0);
}, 10);
