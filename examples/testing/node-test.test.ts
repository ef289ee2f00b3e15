import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test("the example for node:test passes there", { timeout: 30_000 }, async () => {
  const file = fileURLToPath(new URL("client.node-test.ts", import.meta.url));
  // Vitest's own variables would tell node:test that it runs inside another runner.
  const { NODE_OPTIONS: _options, NODE_TEST_CONTEXT: _context, ...env } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, ["--test", "--test-reporter=tap", file], { env });
  expect(stdout).toContain("# pass 1");
  expect(stdout).toContain("# fail 0");
});
