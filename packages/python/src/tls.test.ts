/** TLS in Python, by Node. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AUTHORITY, LOCALHOST, OTHER } from "../../turnwise/src/node/testing/certificates.ts";
import { type Interpreter, loadInterpreter } from "./interpreter.ts";
import { asMain, captured } from "./testing/captured.ts";

let python: Interpreter;
let directory: string;
beforeAll(async () => {
  python = await loadInterpreter();
  directory = realpathSync(mkdtempSync(join(tmpdir(), "turnwise-tls-")));
  for (const [name, { cert, key }] of Object.entries({ localhost: LOCALHOST, other: OTHER })) {
    writeFileSync(join(directory, `${name}.pem`), `${cert}\n${key}`);
  }
  writeFileSync(join(directory, "authority.pem"), AUTHORITY);
}, 60_000);
afterAll(() => rmSync(directory, { recursive: true }));

async function run(body: string): Promise<string[]> {
  const source = `
import asyncio, ssl
def serving(name):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(f"/certificates/{name}.pem")
    return context
trusting = ssl.create_default_context(cafile="/certificates/authority.pem")
async def echo(reader, writer):
    while line := await reader.readline():
        writer.write(line.upper())
    writer.close()
${asMain(body)}`;
  const { stdout, stderr, exitCode } = await captured(python, source, { mounts: { "/certificates": directory } });
  expect([stderr, exitCode]).toEqual(["", 0]);
  return stdout.trimEnd().split("\n");
}

test("a server and a client in Python speak TLS", async () => {
  const printed = await run(`
async with await asyncio.start_server(echo, "127.0.0.1", 0, ssl=serving("localhost")) as server:
    port = server.sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("localhost", port, ssl=trusting)
    writer.write(b"secret\\n")
    print(await reader.readline(), writer.can_write_eof(), writer.get_extra_info("peername")[1] == port)
    certificate = writer.get_extra_info("peercert")
    print(certificate["subject"], ("DNS", "localhost") in certificate["subjectAltName"])
    print(writer.get_extra_info("ssl_object").version(), len(writer.get_extra_info("cipher")))
    writer.close()
    await writer.wait_closed()
`);
  expect(printed).toEqual(["b'SECRET\\n' False True", "((('commonName', 'localhost'),),) True", "TLSv1.3 3"]);
});

test("a certificate that is for another, or that nobody trusts, is refused", async () => {
  const printed = await run(`
async def attempt(name, context):
    async with await asyncio.start_server(echo, "127.0.0.1", 0, ssl=serving(name)) as server:
        try:
            _, writer = await asyncio.open_connection("localhost", server.sockets[0].getsockname()[1], ssl=context)
            writer.close()
            print("connected")
        except ssl.SSLCertVerificationError as error:
            print("refused:", error)
await attempt("other", trusting)
await attempt("localhost", True)
unchecked = ssl.create_default_context(cafile="/certificates/authority.pem")
unchecked.check_hostname = False
await attempt("other", unchecked)
unchecked.verify_mode = ssl.CERT_NONE
await attempt("localhost", unchecked)
`);
  expect(printed).toEqual([
    expect.stringMatching(/^refused: certificate verify failed: the certificate of localhost is not for localhost/),
    expect.stringMatching(/^refused: .*is signed by nobody whom this machine trusts/),
    "connected",
    "connected",
  ]);
});

test("a connection goes on with TLS, at both ends", async () => {
  const printed = await run(`
async def upgrade(reader, writer):
    writer.write(await reader.readline())
    await writer.start_tls(serving("localhost"))
    writer.write((await reader.readline()).upper())
    writer.close()
async with await asyncio.start_server(upgrade, "127.0.0.1", 0) as server:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.sockets[0].getsockname()[1])
    writer.write(b"plain\\n")
    print(await reader.readline(), writer.get_extra_info("sslcontext"))
    await writer.start_tls(trusting, server_hostname="localhost")
    writer.write(b"secret\\n")
    print(await reader.readline(), writer.get_extra_info("sslcontext") is trusting, await reader.read())
    writer.close()
`);
  expect(printed).toEqual(["b'plain\\n' None", "b'SECRET\\n' True b''"]);
});

test("who does not speak TLS is an error, and a handshake takes so long and no longer", async () => {
  const printed = await run(`
async def talk(reader, writer):
    writer.write(b"this is no TLS\\n")
async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
    try:
        await asyncio.open_connection("127.0.0.1", server.sockets[0].getsockname()[1], ssl=trusting)
    except ssl.SSLError as error:
        print("no TLS", "does not speak TLS" in str(error))
    server.close_clients()
async def hang(reader, writer):
    await reader.read(1)
    await asyncio.sleep(1)
    writer.close()
async with await asyncio.start_server(hang, "127.0.0.1", 0) as server:
    port = server.sockets[0].getsockname()[1]
    try:
        await asyncio.open_connection("127.0.0.1", port, ssl=trusting, ssl_handshake_timeout=0.1)
    except ConnectionAbortedError as error:
        print(error)
`);
  expect(printed).toEqual(["no TLS True", "SSL handshake is taking longer than 0.1 seconds: aborting the connection"]);
});
