const { spawnSync } = require("node:child_process");

function convert() {
  return spawnSync("sleep", ["0.3"]).status; // BLOCKS spawnSync
}

setTimeout(() => console.log(convert()), 10);
