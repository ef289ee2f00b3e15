/** Which process listens on which port: on Linux the kernel tells, elsewhere it has to be tried. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { connect } from "node:net";

/** The ports that are listened on. */
export interface Ports {
  /** By the process that was asked for; null where that can't be found out. */
  readonly own: ReadonlySet<number> | null;
  readonly isTaken: (port: number) => Promise<boolean>;
}

/** The ports that process `pid` and others on its network listen on. */
export function portsOf(pid: number): Ports {
  const sockets = listeningSockets(pid);
  if (sockets === null) return { own: null, isTaken };
  const inodes = socketsOf(pid);
  const own = new Set<number>();
  const all = new Set<number>();
  for (const { port, inode } of sockets) {
    all.add(port);
    if (inodes.has(inode)) own.add(port);
  }
  return { own, isTaken: (port) => Promise.resolve(all.has(port)) };
}

function listeningSockets(pid: number): { port: number; inode: string }[] | null {
  if (process.platform !== "linux") return null;
  return ["tcp", "tcp6"].flatMap((table) =>
    readOrEmpty(`/proc/${pid}/net/${table}`)
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === "0A") // LISTEN
      .map((fields) => ({ port: Number.parseInt(fields[1]?.split(":")[1] ?? "", 16), inode: fields[9] ?? "" })),
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
