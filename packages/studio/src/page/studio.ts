/** `Studio`: what the page is about: the programs, the cursor of time that they share, and what is done with them. */
import type { HelloMessage, ServerMessage, StudioProgram } from "../protocol.ts";
import { SLOTS } from "../protocol.ts";
import { NO_PLACE, type Place } from "./address.ts";
import { LiveTasks } from "./live/live-tasks.ts";
import { isRecorded, Playhead, type RecordedSlot } from "./playhead.ts";
import { recorded } from "./recorded.ts";
import { Server } from "./server.ts";
import { Slot } from "./slot.ts";
import { programOf, readTraceFile, TraceFileError } from "./trace-file.ts";

/** What the page shows. */
export type ViewName = "programs" | "tasks";

/** What changed: all, or only where the cursor or the window of time is. */
export type Change = "all" | "cursor" | "window";

export class Studio {
  slots: readonly Slot[] = [];
  /** The program whose steps the step buttons go through. */
  selected: Slot | null = null;
  hello: HelloMessage | null = null;
  view: ViewName = "programs";
  /** Beneath each run that was blocked lies the run as it would have been. */
  isWhatIfShown = false;
  /** What has to be said to the person now; null for nothing. */
  notice: string | null = null;
  isConnected = true;
  readonly live: LiveTasks;
  readonly playhead: Playhead;
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #server: Server;
  /** Where a link leads, until what it leads to is there. */
  #place: Place;
  #runs = 0;
  /** The person has chosen the selected program. */
  #isChosen = false;

  constructor(place: Place) {
    this.#place = place;
    this.#server = new Server(
      (message) => this.#hear(message),
      () => {
        this.isConnected = false;
        this.notice =
          "The command `turnwise studio` has ended. Start it again to run programs; what was recorded stays here.";
        this.#changed("all");
      },
    );
    this.live = new LiveTasks(this.#server, () => this.#changed("all"));
    this.playhead = new Playhead(this, (what) => this.#changed(what));
  }

  /** @returns a function that ends the listening. */
  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get hasRoom(): boolean {
    return this.slots.length < SLOTS;
  }

  select(slot: Slot): void {
    this.#isChosen = true;
    if (this.selected === slot) return;
    this.selected = slot;
    this.playhead.forgetStep();
    this.#changed("all");
  }

  show(view: ViewName): void {
    this.view = view;
    this.live.watch(view === "tasks");
    this.#changed("all");
  }

  showWhatIf(isShown: boolean): void {
    this.isWhatIfShown = isShown;
    this.#changed("all");
  }

  say(notice: string | null): void {
    this.notice = notice;
    this.#changed("all");
  }

  /** Tells everybody who listens that a slot was changed from outside. */
  touched(): void {
    this.#changed("all");
  }

  add(program: StudioProgram): Slot | null {
    return this.#put(program, false);
  }

  remove(slot: Slot): void {
    if (slot.isBusy) this.stop(slot);
    this.slots = this.slots.filter((other) => other !== slot);
    if (this.selected === slot) this.selected = this.slots[0] ?? null;
    this.playhead.renew();
    this.#changed("all");
  }

  run(slot: Slot): void {
    if (!this.isConnected || slot.isSaved) return;
    this.playhead.player.pause();
    slot.begin(++this.#runs);
    this.#server.say({
      type: "run",
      slot: slot.index,
      run: slot.run,
      source: slot.text,
      language: slot.language,
      file: slot.file,
      name: slot.name,
      virtual: slot.isVirtual,
    });
    this.playhead.renew();
    this.#changed("all");
  }

  stop(slot: Slot): void {
    if (slot.state !== "running") return;
    slot.state = "stopping";
    this.#server.say({ type: "stop", slot: slot.index });
    this.#changed("all");
  }

  /** Shows the trace that was saved in a file as a program of its own. */
  async open(file: File): Promise<void> {
    try {
      this.say(`Reading ${file.name}…`);
      await shown();
      const trace = readTraceFile(file.name, await file.text());
      const result = recorded(trace);
      const slot = this.#put(programOf(trace, file.name), true);
      if (slot === null) throw new TraceFileError(`${file.name} can’t be shown: there is room for ${SLOTS} programs.`);
      slot.showSaved(result);
      this.notice = null;
      this.select(slot);
      this.playhead.renew();
      this.show("programs");
    } catch (error) {
      this.notice =
        error instanceof TraceFileError
          ? error.message
          : `${file.name} can’t be shown: it is damaged (${String(error)}).`;
    }
    this.#changed("all");
  }

  #put(program: StudioProgram, isSaved: boolean): Slot | null {
    const free = Array.from({ length: SLOTS }, (_, index) => index).find((index) =>
      this.slots.every((slot) => slot.index !== index),
    );
    if (free === undefined) return null;
    const slot = new Slot(free, program, isSaved);
    this.slots = [...this.slots, slot].toSorted((a, b) => a.index - b.index);
    this.selected ??= slot;
    this.#changed("all");
    return slot;
  }

  #hear(message: ServerMessage): void {
    switch (message.type) {
      case "hello":
        this.#begin(message);
        break;
      case "refused":
        this.notice = `The server refused: ${message.message}`;
        break;
      case "tasks":
      case "slow":
      case "gone":
        this.live.hear(message);
        break;
      case "started":
      case "output":
      case "cut":
      case "trace":
      case "ended": {
        const slot = this.slots.find(({ run }) => run === message.run);
        slot?.hear(message);
        if (message.type === "trace" && slot !== undefined && isRecorded(slot)) {
          this.playhead.renew();
          this.#preferSteps(slot);
          this.#follow(slot);
        }
      }
    }
    this.#changed("all");
  }

  #begin(hello: HelloMessage): void {
    this.hello = hello;
    for (const program of hello.programs.slice(0, hello.shown)) this.add(program);
    const linked = this.slots.find(({ letter }) => letter === this.#place.program);
    this.#isChosen = linked !== undefined;
    this.selected = linked ?? this.slots[0] ?? null;
    for (const slot of this.slots) this.run(slot);
    const isAboutTasks = this.#place.view === "tasks" || (this.#place.view === null && this.slots.length === 0);
    if (hello.pid !== null && isAboutTasks) this.show("tasks");
  }

  /** A program without steps is selected only if somebody wants that: stepping through it is nothing. */
  #preferSteps(slot: RecordedSlot): void {
    const isDull = this.selected?.recorded?.trace.steps.length === 0;
    if (isDull && !this.#isChosen && slot.recorded.trace.steps.length > 0) this.selected = slot;
  }

  /** Goes where the link leads, once the program that it names is there. */
  #follow(slot: Slot): void {
    const { time, step, window } = this.#place;
    const isLast = this.slots.every((one) => !one.isBusy || isRecorded(one));
    if (window !== null) this.playhead.axis.view.show(window.from, window.to);
    if (time !== null) {
      const begin = slot === this.selected ? slot.recorded?.trace.steps[step]?.begin : undefined;
      if (begin !== undefined) this.playhead.goToStep(step);
      else if (slot === this.selected || this.playhead.cursor.step < 0) this.playhead.goTo(time);
    }
    if (isLast) this.#place = NO_PLACE;
  }

  #changed(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }
}

/** After what was said has been drawn: what follows may take a while. */
function shown(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}
