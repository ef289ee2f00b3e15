/** A little site to crawl, on this machine: slow pages, pages that fail at first, a dead link and a redirect. */
import { createServer } from "node:http";
import type { Seconds } from "turnwise/node";
import { close, listen } from "../local-server.ts";

/** A page: its links; after how many seconds it comes; how many requests fail before; where it has moved to. */
interface Page {
  readonly links?: readonly string[];
  readonly delay?: Seconds;
  readonly failures?: number;
  readonly movedTo?: string;
}

const PAGES: Readonly<Record<string, Page>> = {
  "/": { links: ["/about", "/news", "/shop", "/old"] },
  "/about": { links: ["/", "/team", "https://example.org/"] },
  "/team": { links: ["/about", "/nowhere"], delay: 0.2 },
  "/news": { links: ["/news/1", "/news/2", "/news/3", "/#top"], delay: 0.2 },
  "/news/1": { links: ["/news"], delay: 0.2 },
  "/news/2": { links: ["/news/1"], failures: 2 },
  "/news/3": { links: ["/news/2"], failures: 1 },
  "/shop": { links: ["/shop/broken", "/shop/frozen"], delay: 0.2 },
  "/shop/broken": { failures: Infinity },
  "/shop/frozen": { delay: 3600 },
  "/old": { movedTo: "/about" },
};

/** The site, as long as it is served. */
export interface Site extends AsyncDisposable {
  readonly url: string;
  /** How often each path was asked for. */
  readonly requests: ReadonlyMap<string, number>;
  /** How many requests are in progress, and the most that ever were. */
  busy: number;
  busiest: number;
}

export async function startSite(): Promise<Site> {
  const requests = new Map<string, number>();
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    const times = (requests.get(path) ?? 0) + 1;
    requests.set(path, times);
    site.busiest = Math.max(site.busiest, ++site.busy);
    const { links = [], delay = 0, failures = 0, movedTo } = PAGES[path] ?? {};
    const timer = setTimeout(() => {
      if (!(path in PAGES)) response.statusCode = 404;
      else if (times <= failures) response.statusCode = 503;
      else if (movedTo !== undefined) response.writeHead(301, { location: movedTo });
      response.end(links.map((link) => `<p><a href="${link}">${link}</a>`).join("\n"));
    }, delay * 1000);
    response.on("close", () => {
      clearTimeout(timer);
      site.busy--;
    });
  });
  const url = `${await listen(server)}/`;
  const site: Site = { url, requests, busy: 0, busiest: 0, [Symbol.asyncDispose]: () => close(server) };
  return site;
}
