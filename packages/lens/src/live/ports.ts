/** Which process listens on which port: on Linux the kernel tells, elsewhere it has to be tried. */
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from "node:fs";
import { connect } from "node:net";

/** The ports that are listened on. */
export interface Ports {
  /** By the process that was asked for; null where that can't be found out. */
  readonly own: ReadonlySet<number> | null;
  readonly isTaken: (port: number) => Promise<boolean>;
  /** The connections to a port, with those of the last minute. */
  readonly connections: (port: number) => ReadonlySet<string>;
}

/** The ports that process `pid` and others on its network listen on. */
export function portsOf(pid: number): Ports {
  if (process.platform !== "linux") return { own: null, isTaken, connections: () => new Set() };
  const inodes = socketsOf(pid);
  const listening = listenersOf(pid);
  const taken = new Set(listening.map(({ port }) => port));
  return {
    own: new Set(listening.flatMap(({ port, inode }) => (inodes.has(inode) ? [port] : []))),
    isTaken: (port) => Promise.resolve(taken.has(port)),
    connections: (port) => connectionsOf(pid, port),
  };
}

const TABLES = ["tcp", "tcp6"] as const;
/** The state of a socket that listens. */
const LISTENS = "0A";

/** All that listen on the network of a process. */
function listenersOf(pid: number): { port: number; inode: string }[] {
  return TABLES.flatMap((table) =>
    linesWhile(`/proc/${pid}/net/${table}`, (line) => fieldsOf(line)[3] === LISTENS).map((line) => {
      const [, local = "", , , , , , , , inode = ""] = fieldsOf(line);
      return { port: Number.parseInt(local.slice(local.lastIndexOf(":") + 1), 16), inode };
    }),
  );
}

/** The connections from and to a port; also those that were closed not long ago. */
function connectionsOf(pid: number, port: number): Set<string> {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  const ofPort = new RegExp(String.raw`^ *\d+: (?:\w+:${hex} \w+:\w+|\w+:\w+ \w+:${hex}) (?!${LISTENS})`, "gm");
  return new Set(
    TABLES.flatMap((table) => readOrEmpty(`/proc/${pid}/net/${table}`).match(ofPort) ?? []).map((line) => {
      const [, local = "", remote = ""] = fieldsOf(line);
      return `${local} ${remote}`;
    }),
  );
}

function fieldsOf(line: string): string[] {
  return line.trim().split(/\s+/);
}

/**
 * The lines of a table behind its title, up to the first that is not meant. The kernel lists first what listens: a server
 * may have a hundred thousand connections, and to list them takes the kernel a tenth of a second.
 */
function linesWhile(file: string, isMeant: (line: string) => boolean): string[] {
  let fd: number;
  try {
    fd = openSync(file, "r");
  } catch {
    return []; // It has ended.
  }
  try {
    const chunk = Buffer.alloc(4096);
    const lines: string[] = [];
    let rest = "";
    let isTitle = true;
    for (let size; (size = readSync(fd, chunk)) > 0;) {
      const parts = (rest + chunk.toString("latin1", 0, size)).split("\n");
      rest = parts.pop()!;
      for (const line of parts) {
        if (!isTitle && !isMeant(line)) return lines;
        if (!isTitle) lines.push(line);
        isTitle = false;
      }
    }
    return lines;
  } catch {
    return [];
  } finally {
    closeSync(fd);
  }
}

function socketsOf(pid: number): Set<string> {
  const inodes = new Set<string>();
  for (const fd of listOrEmpty(`/proc/${pid}/fd`)) {
    try {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
      if (inode !== undefined) inodes.add(inode);
    } catch {
      // Closed meanwhile.
    }
  }
  return inodes;
}

/** A process that ends meanwhile listens on nothing. */
function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
function listOrEmpty(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    const answer = (taken: boolean): void => {
      socket.destroy();
      resolve(taken);
    };
    socket.setTimeout(500, () => answer(false));
    socket.once("connect", () => answer(true)).once("error", () => answer(false));
  });
}
