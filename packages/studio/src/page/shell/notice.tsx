/** What has to be said to the person now: a file that is no trace, a server that has gone. */
import type { VNode } from "preact";
import type { Studio } from "../studio.ts";

export function Notice({ studio }: { studio: Studio }): VNode {
  return (
    <div role="alert" class="notices">
      {studio.notice !== null && (
        <p class="notice">
          {studio.notice}
          <button type="button" aria-label="Close this message" onClick={() => studio.say(null)}>
            ✕
          </button>
        </p>
      )}
    </div>
  );
}
