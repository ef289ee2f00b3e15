import { execFileSync as run } from "node:child_process";

const commands: [string, string[]][] = [
  ["true", []],
  ["sleep", ["0.3"]],
];

setTimeout(() => {
  for (const [file, args] of commands) {
    run(file, args); // BLOCKS execFileSync
  }
}, 10);
