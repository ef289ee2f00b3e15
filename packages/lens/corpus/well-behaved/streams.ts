import { createHash } from "node:crypto";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";

const chunks = Array.from({ length: 400 }, () => Buffer.alloc(16_384));
const hash = createHash("sha256");
const hashing = new Transform({
  transform(chunk: Buffer, _encoding, done) {
    hash.update(chunk);
    setImmediate(() => done(null, chunk));
  },
});
await pipeline(Readable.from(chunks), hashing, async (source) => {
  for await (const chunk of source) void chunk;
});
console.log(hash.digest("hex").length);
