import { merge } from "slow-merge";

async function load() {
  await Promise.resolve();
  const defaults = { a: 1 };
  return merge(defaults, { b: 2 }); // BLOCKS merge (slow-merge)
}

setTimeout(load, 10);
