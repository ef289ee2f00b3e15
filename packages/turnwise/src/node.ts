/**
 * Turnwise with the world outside: streams, servers, subprocesses, signals, threads, over Node's own. It has all that
 * `turnwise` has: `import * as asyncio from "turnwise/node"`.
 */
export * from "./index.ts";
export {
  type ClientTlsOptions,
  type ConnectionOptions,
  createConnection,
  createUnixConnection,
} from "./node/connections.ts";
export { createDatagramEndpoint, type DatagramEndpointOptions } from "./node/datagrams.ts";
export { type Backoff, type CallOptions, Executor, type MapOptions, type ShutdownOptions } from "./node/executor.ts";
export { runInExecutor, setDefaultExecutor, shutdownDefaultExecutor } from "./node/executors.ts";
export {
  type EmitterLike,
  eventsOf,
  type EventStream,
  type EventTargetLike,
  type EventValue,
  fromEvent,
} from "./node/from-event.ts";
export {
  FunctionReference,
  functionReference,
  type FunctionReferences,
  functionsOf,
  type ThreadOptions,
} from "./node/function-references.ts";
export { LoopExecutor } from "./node/loop-executor.ts";
export {
  callSoonThreadsafe,
  type LoopFunctions,
  type LoopPort,
  loopPort,
  runCoroutineThreadsafe,
} from "./node/loop-port.ts";
export type { ProtocolFactory } from "./node/loop-transport.ts";
export { connectReadPipe, connectWritePipe } from "./node/pipes.ts";
export {
  BaseProtocol,
  BufferedProtocol,
  type DatagramAddress,
  DatagramProtocol,
  Protocol,
  SubprocessProtocol,
} from "./node/protocols.ts";
export {
  createServer,
  createUnixServer,
  Server,
  type ServerOptions,
  type SocketAddress,
  type UnixServerOptions,
} from "./node/servers.ts";
export {
  type ByteSink,
  readerFrom,
  type SourceReader,
  toReadable,
  toReadableStream,
  toWritable,
  toWritableStream,
  writerTo,
} from "./node/stream-adapters.ts";
export { IncompleteReadError, LimitOverrunError } from "./node/stream-errors.ts";
export { StreamReaderProtocol } from "./node/stream-protocol.ts";
export { StreamReader, type StreamReaderOptions } from "./node/stream-reader.ts";
export { StreamWriter } from "./node/stream-writer.ts";
export {
  openConnection,
  openUnixConnection,
  startServer,
  startUnixServer,
  type StreamLimit,
  type StreamPair,
} from "./node/streams.ts";
export type { StreamHandler } from "./node/stream-handlers.ts";
export {
  createSubprocessExec,
  createSubprocessShell,
  Process,
  type ProcessOf,
  type SubprocessOptions,
} from "./node/subprocess.ts";
export { type SpawnOptions, type Stdio, subprocess } from "./node/subprocess-start.ts";
export { ProcessLookupError, subprocessExec, subprocessShell } from "./node/subprocess-transport.ts";
export { ThreadPoolExecutor, type ThreadPoolOptions } from "./node/thread-pool.ts";
export { transferring } from "./node/thread-results.ts";
export { toThread } from "./node/threads.ts";
export { type ClientSsl, type ServerSsl, startTls, type StartTlsOptions } from "./node/tls.ts";
export {
  BaseTransport,
  type Bytes,
  type DatagramTransport,
  type ReadTransport,
  type SubprocessTransport,
  type Transport,
  type WriteBufferLimits,
  type WriteTransport,
} from "./node/transports.ts";
export { addSignalHandler, removeSignalHandler } from "./node/unix-signals.ts";
export {
  addReader,
  addWriter,
  removeReader,
  removeWriter,
  sockAccept,
  sockConnect,
  sockRecv,
  sockRecvfrom,
  sockRecvfromInto,
  sockRecvInto,
  sockSendall,
  sockSendfile,
  sockSendto,
  type Unsupported,
} from "./node/unsupported.ts";
