// The three programs of the notes, one after another, each under a heading.
import { spawnSync } from "node:child_process";

const programs = ["examples/plain.ts", "examples/blocking.ts", "examples/cooperative.ts"];

for (const program of programs) {
  console.log(`\n== turnwise run ${program}`);
  const { status, error } = spawnSync(process.execPath, ["packages/cli/bin/turnwise.js", "run", program], {
    stdio: "inherit",
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
