import zlib from "node:zlib";

const data = Buffer.from(Array.from({ length: 400_000 }, (_, i) => String((i * 7919) % 10_007)).join(" "));

function pack(): number {
  return zlib.brotliCompressSync(data).length; // BLOCKS brotliCompressSync
}

setTimeout(() => console.log(pack() > 0), 10);
