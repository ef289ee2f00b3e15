import { expect, test } from "vitest";
import * as asyncio from "turnwise/node";
import { startNode, turnwise } from "../../packages/cli/src/testing/program.ts";
import { crawl } from "./crawl.ts";
import { startSite } from "./site.ts";

const OPTIONS = { limit: 3, timeout: 1, tries: 3, pause: 0.01 };

test("visits each page once, so many at a time, and tries again what may come yet", async () => {
  await asyncio.run(async () => {
    await using site = await startSite();
    const visits = await crawl(site.url, OPTIONS);
    const results = visits.map(({ url, result, tries }) => [url.slice(site.url.length - 1), [result, tries]] as const);
    expect(Object.fromEntries(results)).toEqual({
      "/": [200, 1],
      "/about": [200, 1],
      "/news": [200, 1],
      "/news/1": [200, 1],
      "/news/2": [200, 3],
      "/news/3": [200, 2],
      "/nowhere": [404, 1],
      "/old": [301, 1],
      "/shop": [200, 1],
      "/shop/broken": [503, 3],
      "/shop/frozen": ["none in 1 s", 3],
      "/team": [200, 1],
    });
    const asked = results.map(([path, [, tries]]) => [path, tries]);
    expect(Object.fromEntries(site.requests)).toEqual(Object.fromEntries(asked));
    expect(site.busiest).toBeGreaterThan(1);
    expect(site.busiest).toBeLessThanOrEqual(OPTIONS.limit);
  });
});

test("a crawl that is cancelled leaves no request behind", async () => {
  await asyncio.run(async () => {
    await using site = await startSite();
    const frozen = crawl(new URL("/shop/frozen", site.url).href, { ...OPTIONS, timeout: 600 });
    await expect(asyncio.timeout(0.3, () => frozen)).rejects.toThrow(asyncio.TimeoutError);
    while (site.busy > 0) await asyncio.sleep(0.01);
    expect(site.requests).toEqual(new Map([["/shop/frozen", 1]]));
  });
});

test("a site that is not there is told as such", async () => {
  await asyncio.run(async () => {
    const site = await startSite();
    const { url } = site;
    await site[Symbol.asyncDispose]();
    const visits = await crawl(url, OPTIONS);
    expect(visits).toMatchObject([{ url, tries: 3, result: expect.stringMatching(/ECONNREFUSED/) }]);
  });
});

test("prints a table, and what taking turns has won", async () => {
  const { stdout, stderr, code } = await turnwise(["run", "examples/crawler/main.ts", "--tries", "1"]);
  expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
  const rows = stdout.match(/^│ \/.*$/gm)?.map((row) =>
    row
      .split("│")
      .map((cell) => cell.trim())
      .slice(1, 4),
  );
  expect(rows).toHaveLength(12);
  expect(rows).toContainEqual(["/shop/frozen", "'none in 1 s'", "1"]);
  expect(rows).toContainEqual(["/news/2", "503", "1"]);
  const [, pages, took, alone] = /^(\d+) pages in (\S+) s; one after the other: (\S+) s$/m.exec(stdout) ?? [];
  expect(pages).toBe("12");
  expect(Number(took)).toBeLessThan(Number(alone));
});

test("says in a line what is wrong with its arguments", async () => {
  const program = (...args: string[]) => startNode(["examples/crawler/main.ts", ...args]).outcome;
  const outcomes = await Promise.all([program("--limit", "none"), program("ftp://example.org")]);
  const messages = ['--limit must be a whole number from 1, got "none"', "ftp://example.org is no URL of a site"];
  expect(outcomes).toEqual(
    messages.map((message) => ({ stdout: "", stderr: `error: ${message}\n`, code: 2, signal: null })),
  );
});
