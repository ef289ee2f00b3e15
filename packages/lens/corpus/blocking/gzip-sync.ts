import { gzipSync } from "node:zlib";

const data = Buffer.from(Array.from({ length: 250_000 }, (_, i) => String((i * 7919) % 10_007)).join(" "));

setTimeout(() => {
  const packed = gzipSync(data, { level: 9 }); // BLOCKS gzipSync
  console.log(packed.length > 0);
}, 10);
