/** `Notes`: what a recorder notes of callbacks and notices while they are in the ready queue. */

/** When it came into the queue, and because of which step. */
export class Note {
  readonly owner: Notes;
  readonly at: number;
  readonly by: number;
  readonly inside: boolean;

  constructor(owner: Notes, at: number, by: number, inside: boolean) {
    this.owner = owner;
    this.at = at;
    this.by = by;
    this.inside = inside;
  }
}

/** The runtime's objects have a place for a note: to find it in a weak map costs as much as all else that is recorded. */
interface Noted {
  _note?: Note | null;
}

/** The notes of one recorder. */
export class Notes {
  /** Of what has no such place, or has another recorder's note there. */
  readonly #others = new WeakMap<object, Note>();

  set(thing: object, at: number, by: number, inside: boolean): void {
    const note = new Note(this, at, by, inside);
    const noted = thing as Noted;
    if (noted._note === null || noted._note?.owner === this) noted._note = note;
    else this.#others.set(thing, note);
  }

  get(thing: object): Note | undefined {
    const note = (thing as Noted)._note;
    return note?.owner === this ? note : this.#others.get(thing);
  }
}
