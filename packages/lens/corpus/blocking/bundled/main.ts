// Bundled and minified by the tests, with source maps.
import { digest } from "./slow.ts";

interface Order {
  readonly id: number;
  readonly lines: readonly string[];
}

async function handle(order: Order): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, 10));
  return digest(order.lines.join());
}

console.log((await handle({ id: 1, lines: ["a", "b"] })).length);
