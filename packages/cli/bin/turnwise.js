#!/usr/bin/env node
// Plain JavaScript that old versions of Node parse too, so that they can be told what is missing.
const [major, minor] = process.versions.node.split(".").map(Number);

if (major > 22 || (major === 22 && minor >= 18)) await import("../dist/main.js");
else {
  process.stderr.write(`error: turnwise needs Node 22.18 or newer; this is Node ${process.versions.node}\n`);
  process.exitCode = 2;
}
