// An instrument: hears what the loop does, and keeps the longest step.
import * as asyncio from "turnwise";
import { addInstrument, type Instrument } from "turnwise/instrument";

class LongestStep implements Instrument {
  seconds = 0;
  task = "";
  #began = 0;

  stepBegan(_subject: unknown, time: number): void {
    this.#began = time;
  }

  stepEnded(subject: object, time: number): void {
    if (time - this.#began <= this.seconds) return;
    this.seconds = time - this.#began;
    this.task = subject instanceof asyncio.Task ? subject.getName() : "a callback";
  }
}

/** Computes for so many milliseconds, and lets nobody else run. */
function compute(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

const longest = new LongestStep();
await asyncio.run(async () => {
  addInstrument(asyncio.getRunningLoop(), longest);
  const work = (ms: number) => async () => {
    for (let i = 0; i < 3; i++) {
      compute(ms);
      await asyncio.sleep(0.01);
    }
  };
  await asyncio.taskGroup(async (group) => {
    group.createTask(work(1), { name: "light" });
    group.createTask(work(20), { name: "heavy" });
  });
});
console.log(`longest step: ${longest.task}`);
