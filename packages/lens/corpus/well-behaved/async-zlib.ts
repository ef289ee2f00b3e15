import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";

const data = Buffer.alloc(3_000_000, "all work and no play ");
const packed = await Promise.all([promisify(gzip)(data), promisify(brotliCompress)(data)]);
console.log(packed.length);
