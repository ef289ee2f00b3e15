/** Writes the moment that is shown into the page's address, once it rests, so that a link leads there. */
import { writePlace } from "./address.ts";
import type { Studio } from "./studio.ts";

/** Milliseconds without a change. */
const REST = 300;

export function keepPlace(studio: Studio): void {
  let waiting = 0;
  studio.listen(() => {
    clearTimeout(waiting);
    waiting = window.setTimeout(() => {
      // Until there is a moment, the address is still the link that was followed.
      if (studio.playhead.duration === 0 && studio.view === "programs") return;
      const { view, selected, playhead } = studio;
      const { cursor, axis, player } = playhead;
      if (player.isPlaying) return;
      const isAtMoment = selected !== null && cursor.time > 0;
      const place = {
        view,
        program: isAtMoment ? selected.letter : null,
        time: isAtMoment ? cursor.time : null,
        step: cursor.step,
        window: axis.view.isWhole ? null : axis.view.window,
      };
      history.replaceState(null, "", writePlace(place));
    }, REST);
  });
}
