import { exec } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(exec);
await Promise.all([run("sleep 0.4"), run("sleep 0.3"), run("echo done")]);
