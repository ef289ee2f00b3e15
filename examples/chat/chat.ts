/** The chat itself: who is in which room, and what goes in and out of each connection. */
import * as asyncio from "turnwise/node";

const LOBBY = "lobby";
const HELP = "/nick NAME, /join ROOM, /leave, /who, /quit; anything else is said to the room";
const NAME = /^[\p{L}\p{N}_-]{1,20}$/u;

/** How many lines wait for a member who does not read, before it is shown out. */
const OUTBOX = 64;
/** How long, in seconds, a member has to take its last lines. */
const GRACE = 5;
/** Between two lines of one member, in seconds: nobody fills the others' outboxes faster than they can be emptied. */
const PAUSE = 0.005;

export class Chat {
  /** By their names. */
  readonly #members = new Map<string, Member>();
  #guests = 0;

  /** Serves a connection until it ends. */
  async serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter): Promise<void> {
    let name: string;
    do name = `guest${++this.#guests}`;
    while (this.#members.has(name));
    await new Member(this, name, writer).serve(reader);
  }

  /** Says a line to all who are in a room. */
  say(room: string, line: string): void {
    for (const member of this.membersOf(room)) member.send(line);
  }

  membersOf(room: string): Member[] {
    return [...this.#members.values()].filter((member) => member.room === room);
  }

  /** @returns false if another has the name. */
  add(name: string, member: Member): boolean {
    if (this.#members.has(name)) return false;
    this.#members.set(name, member);
    return true;
  }

  delete(name: string): void {
    this.#members.delete(name);
  }

  /** Tells everybody that it is over. */
  end(farewell: string): void {
    for (const member of this.#members.values()) member.end(farewell);
  }
}

/** One connection: a task that listens to it, and a task that delivers what waits in its outbox. */
class Member {
  name: string;
  room: string = LOBBY;
  readonly #chat: Chat;
  readonly #writer: asyncio.StreamWriter;
  readonly #outbox = new asyncio.Queue<string>(OUTBOX);
  readonly #ended = new asyncio.Event();
  #farewell = "";

  constructor(chat: Chat, name: string, writer: asyncio.StreamWriter) {
    this.#chat = chat;
    this.name = name;
    this.#writer = writer;
  }

  async serve(reader: asyncio.StreamReader): Promise<void> {
    this.#chat.add(this.name, this);
    this.send(`* welcome, ${this.name}, to the ${LOBBY}: ${HELP}`);
    this.#chat.say(this.room, `* ${this.name} came`);
    await asyncio.taskGroup(async (group) => {
      const listening = group.createTask(() => this.#listen(reader), { name: "listen" });
      const delivery = group.createTask(() => this.#deliver(), { name: "deliver" });
      await this.#ended.wait();
      listening.cancel();
      await asyncio.wait([delivery], { timeout: GRACE });
      this.#writer.transport.abort(); // Nothing is left to send, or it would not be taken.
      delivery.cancel();
    });
  }

  /** Puts a line into the outbox. Whoever lets it fill up is shown out: what waits must not fill the memory. */
  send(line: string): void {
    if (this.#ended.isSet()) return;
    if (!this.#outbox.full()) this.#outbox.putNowait(line);
    else {
      this.#outbox.shutdown(true);
      this.end("you read too slowly");
    }
  }

  /** Ends the connection, once what is in the outbox is delivered, and then the reason. */
  end(farewell: string): void {
    if (this.#ended.isSet()) return;
    this.#farewell = farewell;
    this.#ended.set();
    this.#outbox.shutdown();
    this.#chat.delete(this.name);
    this.#chat.say(this.room, `* ${this.name} left`);
    console.log(`${this.name} left: ${farewell}`);
  }

  async #deliver(): Promise<void> {
    try {
      for await (const line of this.#outbox) {
        this.#writer.write(`${line}\n`);
        await this.#writer.drain();
      }
      this.#writer.write(`* goodbye: ${this.#farewell}\n`);
      this.#writer.close();
      await this.#writer.waitClosed();
    } catch (error) {
      if (!isLost(error)) throw error;
    }
  }

  async #listen(reader: asyncio.StreamReader): Promise<void> {
    let farewell = "see you";
    try {
      for await (const line of reader) {
        // No control characters: they would play with the others' terminals.
        const text = line
          .toString()
          .replaceAll(/\p{Cc}/gu, "")
          .trim();
        if (text === "/quit") break;
        if (text !== "") this.#obey(text);
        await asyncio.sleep(PAUSE);
      }
    } catch (error) {
      if (error instanceof RangeError) farewell = "your line is too long";
      else if (isLost(error)) farewell = "the connection is lost";
      else throw error;
    } finally {
      this.end(farewell);
    }
  }

  #obey(text: string): void {
    const [command = "", argument = ""] = text.split(/\s+/, 2);
    if (command === "/nick") this.#rename(argument);
    else if (command === "/join") this.#move(argument);
    else if (command === "/leave") this.#move(LOBBY);
    else if (command === "/who") this.send(`* in ${this.room}: ${this.#names().join(", ")}`);
    else if (command.startsWith("/")) this.send(`* there is no ${command}: ${HELP}`);
    else this.#chat.say(this.room, `${this.name}: ${text}`);
  }

  #names(): string[] {
    return this.#chat.membersOf(this.room).map((member) => member.name);
  }

  #rename(name: string): void {
    if (!NAME.test(name)) this.send("* a name has up to 20 letters, digits, - and _");
    else if (!this.#chat.add(name, this)) this.send(`* ${name} is here already`);
    else {
      this.#chat.delete(this.name);
      this.#chat.say(this.room, `* ${this.name} is ${name} now`);
      this.name = name;
    }
  }

  #move(room: string): void {
    if (!NAME.test(room)) this.send("* a room's name has up to 20 letters, digits, - and _");
    else if (room === this.room) this.send(`* you are in ${room}`);
    else {
      this.#chat.say(this.room, `* ${this.name} went to ${room}`);
      this.room = room;
      this.#chat.say(room, `* ${this.name} came`);
    }
  }
}

/** A connection that breaks is no mistake of ours. */
function isLost(error: unknown): boolean {
  return error instanceof Error && "code" in error && ["ECONNRESET", "EPIPE", "ETIMEDOUT"].includes(String(error.code));
}
