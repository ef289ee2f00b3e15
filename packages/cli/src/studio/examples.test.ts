/** What the command carries is what the repository has. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../testing/program.ts";
import { Studio } from "../testing/studio.ts";

test("the notes' programs are those of the examples", async () => {
  await using studio = await Studio.start();
  const page = await studio.page();
  const { programs } = await page.hear("hello");
  expect(programs.length).toBeGreaterThan(0);
  for (const { name, source, file } of programs) {
    expect([name, file]).toEqual([name, null]);
    expect(source).toBe(readFileSync(join(root, "examples", name), "utf8"));
  }
});
