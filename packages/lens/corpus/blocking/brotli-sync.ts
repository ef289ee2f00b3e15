import { randomBytes } from "node:crypto";
import zlib from "node:zlib";

const data = Buffer.from(randomBytes(400_000).toString("hex"));

function pack(): number {
  return zlib.brotliCompressSync(data).length; // BLOCKS brotliCompressSync
}

setTimeout(() => console.log(pack() > 0), 10);
