/** What a program printed. */
import type { VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Slot } from "../slot.ts";

/** Follows the end, unless the person has scrolled away from it. */
export function Output({ slot: { letter, output: chunks } }: { slot: Slot }): VNode {
  const log = useRef<HTMLPreElement>(null);
  const isAtEnd = useRef(true);
  useLayoutEffect(() => {
    if (log.current !== null && isAtEnd.current) log.current.scrollTop = log.current.scrollHeight;
  }, [chunks]);
  return (
    <pre
      ref={log}
      class="output"
      tabIndex={0}
      role="log"
      aria-label={`Output of ${letter}`}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        isAtEnd.current = scrollTop + clientHeight >= scrollHeight - 8;
      }}
    >
      {chunks.length === 0 && <span class="quiet">No output</span>}
      {chunks.map(({ stream, text }, index) => (
        <span key={index} class={stream} title={stream === "stderr" ? "on stderr" : undefined}>
          {text}
        </span>
      ))}
    </pre>
  );
}
