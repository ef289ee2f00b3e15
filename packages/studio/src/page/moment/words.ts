/** What a moment holds, in words, for the panel beside the timeline. */
import { inSeconds } from "../../../../lens/src/analysis/figures.ts";
import { nameOf, waitsForAfter } from "../../../../lens/src/report/page/words.ts";
import { inUnits } from "../../../../lens/src/report/units.ts";
import type { BlockedStretch, Trace } from "../../../../lens/src/trace.ts";
import type { Recorded } from "../recorded.ts";
import type { Listing, Moment } from "./moment.ts";

/** One thing in a list: who, and what about it. */
export interface Entry {
  readonly who: string;
  readonly what: string;
  /** The step to go to; -1 for none. */
  readonly step: number;
}

export interface MomentInWords {
  /** Who holds the baton, or that nobody does. */
  readonly baton: Entry;
  readonly isBlocked: boolean;
  readonly ready: EntryList;
  readonly timers: EntryList;
  readonly waiting: EntryList;
}

export interface EntryList {
  readonly count: number;
  readonly entries: readonly Entry[];
}

export function inWords(moment: Moment, recorded: Recorded): MomentInWords {
  const { trace } = recorded;
  return {
    baton: baton(moment, recorded),
    isBlocked: moment.blocked >= 0,
    ready: ready(moment, recorded),
    timers: listed(moment.timers, (step) => {
      const { timerWhen, timerSet } = trace.steps[step]!;
      const left = timerWhen - moment.time;
      const due = left >= 0 ? `in ${inUnits(left)}` : `due ${inUnits(-left)} ago, not seen yet`;
      return { who: ownerOf(recorded, step), what: `${due} (set for ${inUnits(timerWhen - timerSet)})`, step };
    }),
    waiting: listed(moment.waiting, (step) => ({
      who: ownerOf(recorded, step),
      what: `for ${waitsFor(recorded, step)}, ${inUnits(Math.max(0, moment.time - trace.steps[step]!.end))} so far`,
      step,
    })),
  };
}

/** The whole of it in one sentence, for those who can't see the page; `place` is the line that runs, if it is known. */
export function inOneSentence(words: MomentInWords, place: string): string {
  const parts = [
    `${words.baton.who}: ${words.baton.what}`,
    ...(place === "" ? [] : [`at ${place}`]),
    `ready ${names(words.ready)}`,
    `timers ${names(words.timers)}`,
    `waiting ${names(words.waiting)}`,
  ];
  return `${parts.join("; ")}.`;
}

function names({ count, entries }: EntryList): string {
  if (count === 0) return "none";
  const some = entries.slice(0, 3).map(({ who }) => who);
  return count > some.length ? `${some.join(", ")} and ${count - some.length} more` : some.join(", ");
}

function baton(moment: Moment, recorded: Recorded): Entry {
  const { trace } = recorded;
  const { step, time } = moment;
  const stretch = trace.blocked[moment.blocked];
  const who = moment.isRunning ? ownerOf(recorded, step) : stretch === undefined ? "Nobody" : "Code outside every task";
  const at = moment.isRunning ? step : -1;
  return { who, what: stretch === undefined ? activity(moment, trace) : blocking(stretch, time), step: at };
}

function blocking({ begin, end, called }: BlockedStretch, time: number): string {
  const inWhat = called === null ? "" : ` in ${called}`;
  return `blocks the thread${inWhat}: ${inUnits(time - begin)} of ${inUnits(end - begin)}`;
}

function activity({ step, time, isRunning, ready: queue, unbegun }: Moment, { steps, duration }: Trace): string {
  if (isRunning) return `runs, ${inUnits(steps[step]!.end - steps[step]!.begin)} in all`;
  if (time >= duration) return `the run ended at ${inSeconds(duration)}`;
  if (step < 0) return "nothing has run yet";
  if (step === steps.length - 1) return "nothing runs any more";
  return queue.count + unbegun.count > 0 ? "the loop is about to run the next step" : "the loop waits";
}

function ready(moment: Moment, recorded: Recorded): EntryList {
  const steps = listed(moment.ready, (step) => ({
    who: ownerOf(recorded, step),
    what: `${inUnits(Math.max(0, moment.time - recorded.trace.steps[step]!.ready))} so far`,
    step,
  }));
  const tasks = listed(moment.unbegun, (task) => ({
    who: withFunction(recorded.run.tasks[task]!),
    what: "never begun",
    step: -1,
  }));
  return { count: steps.count + tasks.count, entries: [...steps.entries, ...tasks.entries] };
}

function listed({ count, first }: Listing, entry: (index: number) => Entry): EntryList {
  return { count, entries: first.map(entry) };
}

function ownerOf({ run }: Recorded, step: number): string {
  const task = run.tasks[run.steps.task[step]!];
  return task === undefined ? `${nameOf(run, step)} (callback)` : withFunction(task);
}

function withFunction({ name, coro }: { readonly name: string; readonly coro: string }): string {
  return coro === "" || coro === name ? name : `${name} ${coro}`;
}

/** What a task waits for after a step; after its last one the recorder may know more. */
function waitsFor({ run, trace, moments }: Recorded, step: number): string {
  const task = trace.tasks[moments.taskOf(step)];
  return (moments.isLastOfTask(step) && task?.waitsFor) || waitsForAfter(run, step);
}
