/** The programs side by side, what plays them, and their timelines with what their loops hold. */
import type { VNode } from "preact";
import type { Studio } from "../studio.ts";
import type { ThemeChoice } from "../theme-choice.ts";
import { Dock } from "../timelines/dock.tsx";
import { ProgramCard } from "./program-card.tsx";
import { Transport } from "./transport.tsx";

export function Programs({ studio, theme }: { studio: Studio; theme: ThemeChoice }): VNode {
  const { slots } = studio;
  if (slots.length === 0) {
    return (
      <main class="nothing">
        {studio.hello === null ? (
          <p>Connecting…</p>
        ) : (
          <>
            <p>No program is shown.</p>
            <p class="quiet">
              “+ Add” has the examples, a new program, and traces that were saved; or drop a trace here.
            </p>
          </>
        )}
      </main>
    );
  }
  return (
    <main class="programs">
      <div class={`cards count-${slots.length}`}>
        {slots.map((slot) => (
          <ProgramCard key={slot.index} studio={studio} slot={slot} />
        ))}
      </div>
      <Transport studio={studio} />
      <Dock studio={studio} theme={theme} />
    </main>
  );
}
