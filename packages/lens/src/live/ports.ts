/** Which process listens on which port: on Linux the kernel tells, elsewhere it has to be tried. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
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
  const own = new Set<number>();
  const taken = new Set<number>();
  const connections = new Map<number, Set<string>>();
  for (const { local, remote, isListening, inode } of sockets(pid)) {
    if (isListening) {
      taken.add(local);
      if (inodes.has(inode)) own.add(local);
      continue;
    }
    for (const port of [local, remote]) {
      const known = connections.get(port) ?? new Set();
      connections.set(port, known.add(`${local} ${remote}`));
    }
  }
  return {
    own,
    isTaken: (port) => Promise.resolve(taken.has(port)),
    connections: (port) => connections.get(port) ?? new Set(),
  };
}

interface Socket {
  readonly local: number;
  readonly remote: number;
  readonly isListening: boolean;
  readonly inode: string;
}

/** All that the network of a process knows of; also connections that were closed not long ago. */
function sockets(pid: number): Socket[] {
  const port = (address = ""): number => Number.parseInt(address.slice(address.lastIndexOf(":") + 1), 16);
  return ["tcp", "tcp6"].flatMap((table) =>
    readOrEmpty(`/proc/${pid}/net/${table}`)
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => {
        const [, local, remote, state, , , , , , inode = ""] = line.trim().split(/\s+/);
        return { local: port(local), remote: port(remote), isListening: state === "0A", inode };
      }),
  );
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
