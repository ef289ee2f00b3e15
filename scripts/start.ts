// The three programs of the notes, one after another, each under a heading.
import { spawn } from "node:child_process";
import { once } from "node:events";

const programs = ["examples/plain.ts", "examples/blocking.ts", "examples/cooperative.ts"];

for (const program of programs) {
  console.log(`\n== turnwise run ${program}`);
  const child = spawn(process.execPath, ["packages/cli/bin/turnwise.js", "run", program], { stdio: "inherit" });
  // A program that blocks its thread can't hear Ctrl-C, and that is what one of these is there to show.
  const stop = (): boolean => child.kill("SIGTERM");
  process.once("SIGINT", stop);
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  if (process.listenerCount("SIGINT") === 0) process.kill(process.pid, "SIGINT");
  process.off("SIGINT", stop);
  if (code !== 0) {
    console.error(`${program} ended with ${signal ?? `exit code ${code}`}`);
    process.exit(1);
  }
}
