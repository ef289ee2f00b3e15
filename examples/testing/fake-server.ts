// A server for tests, made of a queue: it is as slow as you say, and remembers what it was asked.
import * as asyncio from "turnwise";
import type { Connection } from "./client.ts";

export class FakeServer {
  readonly connection: Connection = new asyncio.Queue();
  readonly asked: string[] = [];

  /** Answers each request after the next of `delays`, in seconds; after the last of them at once. */
  async serve(delays: number[]): Promise<void> {
    for await (const { path, answer } of this.connection) {
      this.asked.push(`${asyncio.getRunningLoop().time()} s: ${path}`);
      await asyncio.sleep(delays.shift() ?? 0);
      if (!answer.done()) answer.setResult(`hello from ${path}`);
    }
  }
}
