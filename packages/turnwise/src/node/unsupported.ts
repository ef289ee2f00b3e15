/** What asyncio's loop has and Node can't give: each throws, and says what to use. */
import { RuntimeError } from "../exceptions.ts";

/** Why, and what to use instead: one entry for each function. */
const INSTEAD = {
  add_reader: "connectReadPipe() for a stream, createConnection() for a socket",
  remove_reader: "pauseReading() or close() of a transport",
  add_writer:
    "connectWritePipe() for a stream, createConnection() for a socket, and drain() to wait until it takes more",
  remove_writer: "close() of a transport",
  sock_recv: "openConnection() and read() of its reader",
  sock_recv_into: "createConnection() with a BufferedProtocol, which reads into your own buffer",
  sock_recvfrom: "createDatagramEndpoint() and datagramReceived() of its protocol",
  sock_recvfrom_into: "createDatagramEndpoint() and datagramReceived() of its protocol",
  sock_sendall: "openConnection(), write() and drain() of its writer",
  sock_sendto: "createDatagramEndpoint() and sendto() of its transport",
  sock_connect: "openConnection() or createConnection()",
  sock_accept: "startServer() or createServer()",
  sock_sendfile: "openConnection(), and its writer for the chunks of fs.createReadStream()",
} as const;

/** asyncio's `loop.add_reader`. @throws RuntimeError always. */
export const addReader: Unsupported = unsupported("add_reader");
/** asyncio's `loop.remove_reader`. @throws RuntimeError always. */
export const removeReader: Unsupported = unsupported("remove_reader");
/** asyncio's `loop.add_writer`. @throws RuntimeError always. */
export const addWriter: Unsupported = unsupported("add_writer");
/** asyncio's `loop.remove_writer`. @throws RuntimeError always. */
export const removeWriter: Unsupported = unsupported("remove_writer");
/** asyncio's `loop.sock_recv`. @throws RuntimeError always. */
export const sockRecv: Unsupported = unsupported("sock_recv");
/** asyncio's `loop.sock_recv_into`. @throws RuntimeError always. */
export const sockRecvInto: Unsupported = unsupported("sock_recv_into");
/** asyncio's `loop.sock_recvfrom`. @throws RuntimeError always. */
export const sockRecvfrom: Unsupported = unsupported("sock_recvfrom");
/** asyncio's `loop.sock_recvfrom_into`. @throws RuntimeError always. */
export const sockRecvfromInto: Unsupported = unsupported("sock_recvfrom_into");
/** asyncio's `loop.sock_sendall`. @throws RuntimeError always. */
export const sockSendall: Unsupported = unsupported("sock_sendall");
/** asyncio's `loop.sock_sendto`. @throws RuntimeError always. */
export const sockSendto: Unsupported = unsupported("sock_sendto");
/** asyncio's `loop.sock_connect`. @throws RuntimeError always. */
export const sockConnect: Unsupported = unsupported("sock_connect");
/** asyncio's `loop.sock_accept`. @throws RuntimeError always. */
export const sockAccept: Unsupported = unsupported("sock_accept");
/** asyncio's `loop.sock_sendfile`. @throws RuntimeError always. */
export const sockSendfile: Unsupported = unsupported("sock_sendfile");

/** A function that can't be had: it takes anything, and throws. */
export type Unsupported = (...args: unknown[]) => never;

function unsupported(name: keyof typeof INSTEAD): Unsupported {
  const camel = name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  return () => {
    throw new RuntimeError(
      `${camel}() can't be had: Node lets nobody wait for a raw file descriptor. Use ${INSTEAD[name]}`,
    );
  };
}
