import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";

const upper = new Transform({
  transform(chunk: Buffer, _encoding, done) {
    let n = 0;
    if (chunk.toString() === "b") for (const until = Date.now() + 300; Date.now() < until;) n++; // BLOCKS
    done(null, n >= 0 ? chunk.toString().toUpperCase() : "");
  },
});

await pipeline(Readable.from(["a", "b", "c"]), upper, process.stdout, { end: false });
