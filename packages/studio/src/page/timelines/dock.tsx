/** The timelines, and beside each what its loop holds at the cursor. */
import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { MomentPanel } from "../moment/moment-panel.tsx";
import type { Slot } from "../slot.ts";
import type { Studio } from "../studio.ts";
import type { ThemeChoice } from "../theme-choice.ts";
import { Legend } from "./legend.tsx";
import { RULER_HEIGHT } from "./ruler.ts";
import { Timelines } from "./timelines.ts";

export function Dock({ studio, theme }: { studio: Studio; theme: ThemeChoice }): VNode {
  const place = useRef<HTMLDivElement>(null);
  const [heights, setHeights] = useState<ReadonlyMap<Slot, number>>(new Map());
  const slots = studio.playhead.recorded;
  const isEmpty = slots.length === 0;

  useEffect(() => {
    if (isEmpty) return;
    const timelines = new Timelines(studio, setHeights);
    place.current!.append(timelines.element);
    timelines.followCursor();
    const forget = [
      studio.listen((change) => (change === "window" ? timelines.redraw() : timelines.followCursor())),
      theme.listen(() => timelines.newTheme()),
    ];
    return () => {
      for (const each of forget) each();
      timelines.dispose();
      timelines.element.remove();
    };
  }, [studio.playhead.axis, studio.isWhatIfShown, isEmpty]);

  if (isEmpty) {
    const isBusy = studio.slots.some((slot) => slot.isBusy);
    return (
      <section class="dock empty" aria-label="Timelines">
        <p class="quiet">
          {isBusy ? "The timelines come when the programs have ended." : "Run a program to see its timeline."}
        </p>
      </section>
    );
  }
  return (
    <section class="dock" aria-label="Timelines">
      <div class="dock-columns">
        <div ref={place} />
        <div class="moments" style={{ "--ruler": `${RULER_HEIGHT}px` }}>
          {slots.map((slot) => (
            <MomentPanel key={slot.index} studio={studio} slot={slot} height={heights.get(slot)} />
          ))}
        </div>
      </div>
      <Legend slots={slots} isWhatIfShown={studio.isWhatIfShown} />
    </section>
  );
}
