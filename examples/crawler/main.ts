/**
 * Crawls a site, and prints what it found: `turnwise run examples/crawler/main.ts [--limit N] [URL]`.
 *
 * Without a URL it starts a site of its own, and crawls that.
 */
import * as asyncio from "turnwise/node";
import { commandLine, misused, number } from "../command-line.ts";
import { crawl } from "./crawl.ts";
import { startSite } from "./site.ts";

const { values, positionals } = commandLine({
  allowPositionals: true,
  options: {
    limit: { type: "string", default: "4" },
    timeout: { type: "string", default: "1" },
    tries: { type: "string", default: "3" },
    pause: { type: "string", default: "0.1" },
  },
});
const options = {
  limit: number("limit", values.limit, { from: 1, whole: true }),
  timeout: number("timeout", values.timeout, { from: 0 }),
  tries: number("tries", values.tries, { from: 1, whole: true }),
  pause: number("pause", values.pause, { from: 0 }),
};
const [url, ...more] = positionals;
if (more.length > 0) misused(`one URL is crawled, got ${positionals.length}`);
if (url !== undefined && URL.parse(url)?.protocol.startsWith("http") !== true) misused(`${url} is no URL of a site`);

await asyncio.run(async () => {
  await using site = url === undefined ? await startSite() : null;
  const start = site === null ? (url as string) : site.url;
  const began = performance.now();
  const visits = await crawl(start, options);
  const seconds = (performance.now() - began) / 1000;

  const rows = visits.map(({ url, result, tries, seconds, links }) => {
    const { pathname, search } = new URL(url);
    return [pathname + search, { result, tries, seconds: Number(seconds.toFixed(2)), links: links.length }] as const;
  });
  console.table(Object.fromEntries(rows.toSorted(([a], [b]) => (a < b ? -1 : 1))));
  const alone = visits.reduce((sum, visit) => sum + visit.seconds, 0);
  console.log(`${visits.length} pages in ${seconds.toFixed(2)} s; one after the other: ${alone.toFixed(2)} s`);
});
