/** What a transport tells of its TLS. */
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";

/** Whether a socket speaks TLS. */
export function isTls(socket: Socket): socket is TLSSocket {
  return (socket as Partial<TLSSocket>).encrypted === true;
}

/** What `getExtraInfo(name)` tells of TLS; null where it is nothing of TLS's. */
export function tlsInfo(socket: TLSSocket, name: string): unknown {
  switch (name) {
    case "sslObject":
      return socket;
    case "peercert": {
      const certificate = socket.getPeerCertificate();
      return certificate === null || Object.keys(certificate).length === 0 ? null : certificate;
    }
    case "cipher":
      return socket.getCipher();
    default:
      return null;
  }
}
