/** What keys do on the page, and how that is called: the help shows this list. In fields and editors keys mean text. */
import type { Playhead } from "./playhead.ts";
import type { Studio } from "./studio.ts";

export interface Command {
  /** As `KeyboardEvent.key` has them. */
  readonly keys: readonly string[];
  /** As the help shows them, where that is not `keys`. */
  readonly shown?: string;
  readonly what: string;
  readonly act: (studio: Studio, key: string) => void;
}

export const COMMANDS: readonly Command[] = [
  {
    keys: [" "],
    shown: "Space",
    what: "play, pause",
    act: ({ playhead }) => playhead.playOrPause(),
  },
  { keys: ["n", "."], what: "one step forwards, in the selected program", act: ({ playhead }) => stepBy(playhead, 1) },
  { keys: ["p", ","], what: "one step back", act: ({ playhead }) => stepBy(playhead, -1) },
  { keys: ["b"], what: "to the next blocked stretch", act: ({ playhead }) => playhead.goToBlocked(1) },
  {
    keys: ["B"],
    shown: "Shift B",
    what: "to the blocked stretch before",
    act: ({ playhead }) => playhead.goToBlocked(-1),
  },
  { keys: ["]"], what: "play faster", act: ({ playhead }) => changePace(playhead, 1) },
  { keys: ["["], what: "play slower", act: ({ playhead }) => changePace(playhead, -1) },
  { keys: ["Home"], what: "to the beginning", act: ({ playhead }) => playhead.goTo(0) },
  { keys: ["End"], what: "to the end", act: ({ playhead }) => playhead.goTo(playhead.duration) },
  { keys: ["ArrowLeft"], shown: "←", what: "move the window of time back", act: ({ playhead }) => pan(playhead, -1) },
  { keys: ["ArrowRight"], shown: "→", what: "move it on", act: ({ playhead }) => pan(playhead, 1) },
  { keys: ["+", "="], shown: "+", what: "zoom in, at the cursor", act: ({ playhead }) => zoom(playhead, 1.6) },
  { keys: ["-", "_"], shown: "−", what: "zoom out", act: ({ playhead }) => zoom(playhead, 1 / 1.6) },
  {
    keys: ["0"],
    what: "show the whole runs",
    act: ({ playhead }) => playhead.axis.showAll(),
  },
  {
    keys: ["w"],
    what: "show what the runs would have been, had they yielded",
    act: (studio) => studio.showWhatIf(!studio.isWhatIfShown),
  },
  {
    keys: ["1", "2", "3", "4"],
    shown: "1  2  3  4",
    what: "select the program",
    act: (studio, key) => {
      const slot = studio.slots.find(({ index }) => index === Number(key) - 1);
      if (slot !== undefined) studio.select(slot);
    },
  },
  {
    keys: ["r"],
    what: "run the selected program; in its source Ctrl Enter",
    act: (studio) => studio.selected !== null && studio.run(studio.selected),
  },
  {
    keys: ["s"],
    what: "stop it",
    act: (studio) => studio.selected !== null && studio.stop(studio.selected),
  },
];

/** Whether the key meant something. */
export function handleKey(studio: Studio, event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || studio.view !== "programs" || isForText(event)) return false;
  const command = COMMANDS.find(({ keys }) => keys.includes(event.key));
  if (command === undefined) return false;
  command.act(studio, event.key);
  return true;
}

function stepBy(playhead: Playhead, direction: 1 | -1): void {
  playhead.player.pause();
  playhead.step(direction);
}

function changePace({ player }: Playhead, by: 1 | -1): void {
  player.setPace(player.pace + by);
}

function pan({ axis }: Playhead, direction: 1 | -1): void {
  axis.view.pan((direction * axis.view.span) / 8);
}

/** Around the cursor, if that is in sight. */
function zoom({ axis, cursor }: Playhead, factor: number): void {
  const { from, to } = axis.view.window;
  axis.view.zoom(factor, cursor.time >= from && cursor.time <= to ? cursor.time : undefined);
}

/** Whether what has the focus takes the key itself. */
function isForText(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches("textarea, select, dialog *, dialog")) return true;
  if (target.matches("[type=range]")) return /^(Arrow|Page|Home|End)/.test(event.key);
  if (target.matches("input")) return !target.matches("[type=checkbox]") || event.key === " ";
  return event.key === " " && target.matches("button, summary, a");
}
