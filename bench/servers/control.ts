/** How a server and the process that measures it talk: the server prints its port, then answers questions on stdin. */
import { createInterface } from "node:readline";
import { collect, COLLECTIONS } from "../collect.ts";

/**
 * What a server is asked. `cpu`: how long it has computed, system calls and all threads included, in µs. `memory`: its
 * resident memory without garbage, in bytes.
 */
export type Question = "cpu" | "memory";

/** Says where the server listens, and answers. The end of stdin is the end of who asks, and of the server. */
export function answerQuestions(port: number): void {
  console.log(port);
  createInterface({ input: process.stdin })
    .on("line", (question) => console.log(answer(question as Question)))
    .on("close", () => process.exit());
}

function answer(question: Question): number {
  if (question === "memory") {
    collect(COLLECTIONS);
    return process.memoryUsage.rss();
  }
  const { user, system } = process.cpuUsage();
  return user + system;
}
