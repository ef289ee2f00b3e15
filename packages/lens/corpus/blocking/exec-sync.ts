import { execSync } from "node:child_process";

async function build(): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, 20));
  const version = "1";
  execSync("sleep 0.3"); // BLOCKS execSync
  return version;
}

await build();
