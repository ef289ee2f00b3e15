/**
 * A run as one HTML file that opens offline: the timeline, what it would have been, what blocked it and where. The page
 * loads nothing: its script, its style and the trace are inside, and its own policy forbids everything else.
 */
import { createHash } from "node:crypto";
import type { Summary } from "../summary.ts";
import type { Trace } from "../trace.ts";
import { encode } from "./encode.ts";
import { pageAssets } from "./page-assets.ts";

/** The report of a run. `summary` is that trace's. */
export function htmlReport(trace: Trace, summary: Summary): string {
  const data = encode(trace, summary);
  const { script, style } = pageAssets();
  const title = `${trace.program.file ?? "A run"}: ${data.sentence}`;
  const policy = `default-src 'none'; script-src '${digest(script)}'; style-src '${digest(style)}'; img-src data:`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${escapeText(title)}</title>
<style>${style}</style>
</head>
<body>
<noscript><h1>${escapeText(data.sentence)}</h1><p>The timeline needs JavaScript.</p></noscript>
<script type="application/json" id="report-data">${jsonInScript(data)}</script>
<script type="module">${script}</script>
</body>
</html>
`;
}

/** What a content security policy calls an inline script or style by. */
function digest(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

/** Without a "<", JSON can't end the script element that it is in, nor open a comment in it. */
function jsonInScript(data: unknown): string {
  return JSON.stringify(data).replaceAll("<", "\\u003c");
}
