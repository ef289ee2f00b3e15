/** What a run came to: the time it took, the time it was blocked, and what it would have taken had it yielded. */
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { counted, inSeconds } from "../../../../lens/src/analysis/figures.ts";
import type { Slot } from "../slot.ts";

export function Figures({ slot }: { slot: Slot }): VNode {
  if (slot.isBusy) return <Running />;
  if (slot.recorded === null)
    return <p class="figures quiet">{slot.state === "not run" ? "Not run yet" : "Not recorded"}</p>;
  const { summary, trace } = slot.recorded;
  const isBlocked = summary.blocked.seconds > 0;
  return (
    <dl class="figures">
      <Figure name="taken" value={inSeconds(summary.duration)} note={trace.program.virtual ? "virtual" : ""} />
      <Figure name="blocked" value={inSeconds(summary.blocked.seconds)} kind={isBlocked ? "bad" : ""} />
      <Figure name="if it yielded" value={inSeconds(summary.prediction.seconds)} kind={isBlocked ? "good" : ""} />
      {trace.dropped.steps > 0 && (
        <Figure
          name="is not there"
          value={counted(trace.dropped.steps, "older step")}
          note={`complete from ${inSeconds(trace.dropped.completeFrom)} on`}
        />
      )}
    </dl>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly kind?: "" | "bad" | "good";
  readonly note?: string;
}

function Figure({ name, value, kind = "", note = "" }: FigureProps): VNode {
  return (
    <div class={kind}>
      <dd>{value}</dd>
      <dt>
        {name}
        {note !== "" && ` (${note})`}
      </dt>
    </div>
  );
}

/** Says how long a program has run so far. */
function Running(): VNode {
  const [begun] = useState(() => performance.now());
  const [now, setNow] = useState(begun);
  useEffect(() => {
    const ticking = setInterval(() => setNow(performance.now()), 100);
    return () => clearInterval(ticking);
  }, []);
  return (
    <dl class="figures">
      <Figure name="so far" value={`${((now - begun) / 1000).toFixed(1)} s`} />
    </dl>
  );
}
