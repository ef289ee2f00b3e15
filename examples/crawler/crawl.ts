/** The crawler: each page of a site once, so many at a time, each try under a timeout. */
import * as asyncio from "turnwise/node";

/** How to crawl. */
export interface CrawlOptions {
  /** How many pages at a time. */
  readonly limit: number;
  /** How long one try may take. */
  readonly timeout: asyncio.Seconds;
  /** How often a page is tried. */
  readonly tries: number;
  /** Before the second try; twice as long before each further one. */
  readonly pause: asyncio.Seconds;
}

/** What became of a page. */
export interface Visit {
  readonly url: string;
  /** The HTTP status, or what went wrong. */
  readonly result: number | string;
  readonly tries: number;
  readonly seconds: asyncio.Seconds;
  /** The pages of the same site that it leads to. */
  readonly links: readonly string[];
}

/** Visits `start` and all that can be reached from there, on the same site. The visits are given as they ended. */
export async function crawl(start: string, options: CrawlOptions): Promise<Visit[]> {
  const known = new Set<string>();
  const visits: Visit[] = [];
  await asyncio.taskGroup(
    async (group) => {
      const add = (url: string): void => {
        if (known.has(url)) return;
        known.add(url);
        group.createTask(
          async () => {
            const done = await visit(url, options);
            visits.push(done);
            done.links.forEach(add);
          },
          { name: url },
        );
      };
      add(new URL(start).href);
    },
    { limit: options.limit },
  ); // It ends when no page is left, and none that could lead to one.
  return visits;
}

async function visit(url: string, { tries, timeout, pause }: CrawlOptions): Promise<Visit> {
  const loop = asyncio.getRunningLoop();
  const began = loop.time();
  for (let attempt = 1; ; attempt++) {
    const answer = await load(url, timeout);
    if (!answer.again || attempt === tries) {
      return { url, result: answer.result, tries: attempt, seconds: loop.time() - began, links: answer.links };
    }
    await asyncio.sleep(pause * 2 ** (attempt - 1));
  }
}

/** What one try gave. `again`: another one may give more. */
type Answer = Pick<Visit, "result" | "links"> & { readonly again: boolean };

async function load(url: string, seconds: asyncio.Seconds): Promise<Answer> {
  try {
    return await asyncio.timeout(seconds, () => asyncio.interruptible((signal) => request(url, signal)));
  } catch (error) {
    // Of what can go wrong, only what the network did is an answer: a bug, or a cancellation, is none.
    if (error instanceof asyncio.TimeoutError) return { result: `none in ${seconds} s`, links: [], again: true };
    if (error instanceof TypeError && error.cause instanceof Error) {
      return { result: error.cause.message, links: [], again: true };
    }
    throw error;
  }
}

/** When the task is cancelled, or the time is up, the signal ends the request, the body included. */
async function request(url: string, signal: AbortSignal): Promise<Answer> {
  const response = await fetch(url, { signal, redirect: "manual" });
  const body = await response.text();
  const found = Array.from(body.matchAll(/<a\s[^>]*?href="([^"]*)"/g), ([, href]) => href as string);
  // A redirect is a link too: so the page behind it is visited once, however many lead there.
  const target = response.headers.get("location");
  if (target !== null) found.push(target);
  return { result: response.status, links: pagesOf(url, found), again: response.status >= 500 };
}

/** The addresses behind the links, those on the same site. */
function pagesOf(base: string, links: readonly string[]): string[] {
  const urls = links.flatMap((link) => URL.parse(link, base) ?? []);
  for (const url of urls) url.hash = "";
  const inside = urls.filter((url) => url.origin === new URL(base).origin);
  return [...new Set(inside.map((url) => url.href))];
}
