import fc from "fast-check";
import { test } from "vitest";
import { programs, simulate } from "./testing/programs.ts";
import { replay } from "./replay.ts";
import { causesOf } from "./causes.ts";
test("x", () => {
  for (const kinds of [
    ["block", "sleep"],
    ["block", "sleep", "join"],
    ["block", "sleep", "join", "cancel"],
    ["block", "sleep", "outside", "join"],
  ] as const) {
    let gain = 0,
      far = 0,
      exact = 0;
    const bad: unknown[] = [];
    for (const p of fc.sample(programs(...kinds), 2000)) {
      const t = simulate(p);
      const twin = simulate(p, true).duration;
      const pr = Math.min(t.duration, replay(t, causesOf(t)).seconds);
      const e = Math.abs(pr - twin) / (twin || 1);
      if (twin < t.duration * 0.8) gain++;
      if (e > 0.05) {
        far++;
        bad.push([p, pr, twin, t.duration]);
      }
      if (e < 1e-9) exact++;
    }
    console.log(kinds.join(), { gain, far, exact });
    bad.sort((a, b) => JSON.stringify(a).length - JSON.stringify(b).length);
    if (kinds.length === 4)
      console.log(
        bad
          .slice(0, 2)
          .map((x) => JSON.stringify(x))
          .join("\n"),
      );
  }
});
