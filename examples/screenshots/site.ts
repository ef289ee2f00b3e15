/** A little site to look at, on this machine. One of its pages never comes. */
import { createServer } from "node:http";
import { close, listen } from "../local-server.ts";

const PAGES: Readonly<Record<string, string>> = {
  "/": "<h1>Turnwise</h1><p>One at a time, each in turn.</p>",
  "/clock": "<h1></h1><script>document.querySelector('h1').textContent = new Date().toLocaleTimeString()</script>",
  "/colours": ["crimson", "orange", "gold", "seagreen", "royalblue"]
    .map((colour) => `<div style="height: 20vh; background: ${colour}">${colour}</div>`)
    .join(""),
  "/table": `<table border=1>${"<tr><td>task<td>turn</tr>".repeat(8)}</table>`,
};

/** The paths of its pages, the one that never comes in their midst. */
export const PATHS: readonly string[] = ["/", "/clock", "/frozen", "/colours", "/table"];

/** The site, as long as it is served. */
export interface Site extends AsyncDisposable {
  readonly url: string;
}

export async function startSite(): Promise<Site> {
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    if (path === "/frozen") return;
    response.writeHead(path in PAGES ? 200 : 404, { "content-type": "text/html" });
    response.end(PAGES[path] ?? "not here");
  });
  return { url: await listen(server), [Symbol.asyncDispose]: () => close(server) };
}
