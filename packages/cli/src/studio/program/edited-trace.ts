/** `withText`: a trace whose source lines are those that ran, where the file on disk has others. */
import type { BlockedStretch, Trace } from "@turnwise/lens";

/** So many lines before and after a blamed one are shown, as of files on disk. */
const CONTEXT = 3;

/** @param file - the file, as frames name it, that ran with `text`. */
export function withText(trace: Trace, file: string, text: string): Trace {
  const lines = text.split(/\r?\n/);
  const inText = (stretch: BlockedStretch): BlockedStretch => {
    const { blame } = stretch;
    if (blame?.file !== file) return stretch;
    const first = Math.max(1, blame.line - CONTEXT);
    return { ...stretch, source: { first, lines: lines.slice(first - 1, blame.line + CONTEXT) } };
  };
  return {
    ...trace,
    blocked: trace.blocked.map(inText),
    sources: trace.sources.map((source) => (source.file === file ? { file, text } : source)),
  };
}
