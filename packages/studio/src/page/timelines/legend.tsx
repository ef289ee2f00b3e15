/** What the bars mean. */
import type { VNode } from "preact";
import type { Slot } from "../slot.ts";

interface LegendProps {
  readonly slots: readonly Slot[];
  readonly isWhatIfShown: boolean;
}

export function Legend({ slots, isWhatIfShown }: LegendProps): VNode {
  const isBlocked = slots.some(({ recorded }) => recorded !== null && recorded.trace.blocked.length > 0);
  return (
    <ul class="legend" aria-label="What the bars mean">
      <Item kind="run" text="runs" />
      <Item kind="ready" text="ready, waits for its turn" />
      <Item kind="wait" text="waits" />
      {isBlocked && <Item kind="blocked" text="blocks the thread" />}
      {isBlocked && isWhatIfShown && <Item kind="away" text="away: beside the thread" />}
      <Item kind="path" text="critical path" />
    </ul>
  );
}

function Item({ kind, text }: { kind: string; text: string }): VNode {
  return (
    <li>
      <span class={`swatch ${kind}`} aria-hidden="true" />
      {text}
    </li>
  );
}
