import { chmodSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, expectTypeOf, test } from "vitest";
import { createTask } from "../coroutines.ts";
import { TimeoutError } from "../exceptions.ts";
import { describeWait } from "../graph.ts";
import { getRunningLoop } from "../running.ts";
import { sleep } from "../sleep.ts";
import { runVirtual } from "../testing.ts";
import { timeout } from "../timeouts.ts";
import type { StreamReader } from "./stream-reader.ts";
import type { StreamWriter } from "./stream-writer.ts";
import { createSubprocessExec, createSubprocessShell, type Process, type SubprocessOptions } from "./subprocess.ts";
import { subprocess } from "./subprocess-start.ts";
import { ProcessLookupError } from "./subprocess-transport.ts";
import { leavesNothing, runs } from "./testing/children.ts";

const { PIPE, STDOUT, DEVNULL } = subprocess;
const directory = realpathSync(mkdtempSync(join(tmpdir(), "turnwise-subprocess-")));
afterAll(() => rmSync(directory, { recursive: true }));

async function untilLine(reader: StreamReader): Promise<string> {
  return String(await reader.readline()).trimEnd();
}

describe("createSubprocessExec", () => {
  test("runs a program with its arguments as they are, and reads what it writes", async () => {
    const got = await leavesNothing(async () => {
      const child = await createSubprocessExec("printf", ["%s|", "a b", "$HOME", "*"], { stdout: PIPE });
      return [String((await child.communicate())[0]), child.returncode];
    });
    expect(got).toEqual(["a b|$HOME|*|", 0]);
  });

  test("gives streams to talk with the program", async () => {
    await leavesNothing(async () => {
      const child = await createSubprocessExec("cat", [], { stdin: PIPE, stdout: PIPE });
      child.stdin.write("one\n");
      expect(await untilLine(child.stdout)).toBe("one");
      child.stdin.write("two\n");
      expect(await untilLine(child.stdout)).toBe("two");
      child.stdin.close();
      await child.stdin.waitClosed();
      expect(await child.stdout.read()).toHaveLength(0);
      expect(await child.wait()).toBe(0);
    });
  });

  test("runs it in a folder, with an environment, into a file", async () => {
    const file = join(directory, "out");
    await leavesNothing(async () => {
      await using log = await open(file, "w");
      const child = await createSubprocessShell("pwd; echo $NAME", {
        cwd: pathToFileURL(directory),
        env: { NAME: "value" },
        stdout: log,
        stderr: DEVNULL,
      });
      expect([child.stdin, child.stdout, child.stderr, await child.wait()]).toEqual([null, null, null, 0]);
    });
    expect(readFileSync(file, "utf8")).toBe(`${directory}\nvalue\n`);
  });

  test("has nothing to read on DEVNULL", async () => {
    const [stdout] = await leavesNothing(async () => {
      const child = await createSubprocessExec("cat", [], { stdin: DEVNULL, stdout: PIPE });
      return await child.communicate();
    });
    expect(stdout).toHaveLength(0);
  });

  test("has stderr in stdout, in the order in which it was written", async () => {
    const line = "for i in 1 2 3 4 5 6 7 8 9; do echo out $i; echo err $i >&2; done";
    const [stdout, stderr] = await leavesNothing(async () => {
      const child = await createSubprocessShell(line, { stdout: PIPE, stderr: STDOUT });
      return await child.communicate();
    });
    const expected = Array.from({ length: 9 }, (_, i) => `out ${i + 1}\nerr ${i + 1}\n`).join("");
    expect([String(stdout), stderr]).toEqual([expected, null]);
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith(`turnwise-pipe-${process.pid}-`))).toEqual([]);
  });

  test("knows by its type which streams there are", () => {
    const check = async () => {
      expectTypeOf(await createSubprocessExec("true")).toEqualTypeOf<Process<null, null, null>>();
      const some = await createSubprocessExec("cat", [], { stdin: PIPE, stdout: PIPE, stderr: STDOUT });
      expectTypeOf(some).toEqualTypeOf<Process<StreamWriter, StreamReader, null>>();
      expectTypeOf(some.communicate("")).resolves.toEqualTypeOf<[stdout: Buffer, stderr: null]>();
      const any = await createSubprocessShell("cat", {} as SubprocessOptions);
      expectTypeOf(any.stdout).toEqualTypeOf<StreamReader | null>();
      expectTypeOf(any.communicate()).resolves.toEqualTypeOf<[stdout: Buffer | null, stderr: Buffer | null]>();
      // @ts-expect-error: stdout can't be STDOUT.
      await createSubprocessExec("cat", [], { stdout: STDOUT });
    };
    expect(check).toBeTypeOf("function");
  });
});

describe("a program that can't be started", () => {
  const script = join(directory, "script");
  writeFileSync(script, "#!/no/such/interpreter\n");
  chmodSync(script, 0o755);
  const plain = join(directory, "plain");
  writeFileSync(plain, "");

  test.each([
    [
      "no-such-program",
      {},
      "ENOENT",
      "there is no program no-such-program: is it installed, and on the PATH? (ENOENT)",
    ],
    ["./none", { cwd: directory }, "ENOENT", `there is no program ${directory}/none: is the path right? (ENOENT)`],
    ["true", { cwd: "/no/such" }, "ENOENT", "there is no folder /no/such to run true in: is cwd right? (ENOENT)"],
    ["true", { cwd: plain }, "ENOTDIR", `can't run true in ${plain}: that is no folder; is cwd right? (ENOTDIR)`],
    [script, {}, "ENOENT", `can't run ${script}: the interpreter that its first line names is not there (ENOENT)`],
    [
      plain,
      {},
      "EACCES",
      `no permission to run ${plain}: make it executable (chmod +x), or run its interpreter with it (EACCES)`,
    ],
    [
      "true",
      { stdout: 9999 },
      "EBADF",
      "can't start true: what was given as its stdin, stdout or stderr is no open file descriptor (EBADF)",
    ],
    [directory, {}, "EACCES", `can't run ${directory}: it is a folder (EACCES)`],
  ])("%s %o: %s", async (program, options, code, message) => {
    await leavesNothing(async () => {
      const started = createSubprocessExec(program, [], { stdin: PIPE, stdout: PIPE, stderr: STDOUT, ...options });
      await expect(started).rejects.toMatchObject({ code, message });
    });
  });

  test("has too long an argument", async () => {
    await leavesNothing(async () => {
      await expect(createSubprocessExec("true", ["x".repeat(2 ** 18)], { stdout: PIPE })).rejects.toMatchObject({
        code: "E2BIG",
        message: expect.stringMatching(/^can't start true: its arguments and environment are too long/),
      });
    });
  });

  test("was asked for with arguments that can't be", async () => {
    await leavesNothing(async () => {
      await expect(createSubprocessExec(5 as never)).rejects.toThrow("program must be a string, got 5");
      await expect(createSubprocessExec("true", {} as never)).rejects.toThrow(
        "arguments must be an array, got [Object]",
      );
      await expect(createSubprocessExec("true", [5] as never)).rejects.toThrow("arguments must be strings, got 5");
      await expect(createSubprocessExec("true", [], { stdout: "stdout" as never })).rejects.toThrow(
        'stdout must be PIPE, DEVNULL of subprocess, a file descriptor, an open file or null; got "stdout"',
      );
      await expect(createSubprocessExec("true", [], { stdout: PIPE, limit: 0 })).rejects.toThrow(RangeError);
      await expect(createSubprocessExec("true", ["\0"])).rejects.toThrow(TypeError);
    });
  });
});

describe("Process", () => {
  test("gives an exit code, or the number of a signal below 0", async () => {
    await leavesNothing(async () => {
      const exits = await createSubprocessShell("exit 3");
      expect([await exits.wait(), exits.returncode, await exits.wait()]).toEqual([3, 3, 3]);
      const dies = await createSubprocessExec("sleep", ["100"]);
      expect(dies.returncode).toBe(null);
      dies.kill();
      expect(await dies.wait()).toBe(-9);
      const ends = await createSubprocessExec("sleep", ["100"]);
      ends.terminate();
      expect(await ends.wait()).toBe(-15);
      const hears = await createSubprocessExec("sleep", ["100"]);
      hears.sendSignal("SIGHUP");
      expect(await Promise.all([hears.wait(), hears.wait()])).toEqual([-1, -1]);
    });
  });

  test("says that a process which has ended gets no signal", async () => {
    await leavesNothing(async () => {
      const child = await createSubprocessExec("true");
      await child.wait();
      for (const send of [() => child.kill(), () => child.terminate(), () => child.sendSignal(15)]) {
        expect(send).toThrow(ProcessLookupError);
      }
      expect(() => child.kill()).toThrow(`process ${child.pid} has ended (returncode 0): it gets no SIGKILL`);
      expect(() => child.sendSignal("SIGX" as never)).toThrow(RangeError);
    });
  });

  test("says what the task that waits for it waits for", async () => {
    await leavesNothing(async () => {
      await using child = await createSubprocessExec("cat", [], { stdin: PIPE, stdout: PIPE });
      const waits = createTask(() => child.wait());
      const reads = createTask(() => child.stdout.read());
      await sleep(0);
      expect(describeWait(waits)).toBe(`waits for the end of process ${child.pid}`);
      expect(describeWait(reads)).toBe(`waits for data from stdout of process ${child.pid}`);
      child.stdin.close();
      await Promise.all([waits, reads]);
    });
  });

  test("ends its wait though a program in the background still holds its pipe", async () => {
    await leavesNothing(async () => {
      const child = await createSubprocessShell("sleep 100 & echo $!", { stdout: PIPE, stderr: DEVNULL });
      const background = Number(await untilLine(child.stdout));
      expect(await child.wait()).toBe(0);
      process.kill(background);
      expect(await child.stdout.read()).toHaveLength(0);
    });
  });

  test("is waited for in real time under a virtual clock", async () => {
    const elapsed = await runVirtual(async () => {
      const child = await createSubprocessExec("cat", [], { stdin: PIPE, stdout: PIPE });
      const [stdout] = await timeout(5, () => child.communicate("hello"));
      expect(String(stdout)).toBe("hello");
      return getRunningLoop().time();
    });
    expect(elapsed).toBeLessThan(5);
  });
});

describe("communicate", () => {
  test("writes 100 MB while it reads 100 MB, whichever comes first", async () => {
    const size = 100_000_000;
    const got = await leavesNothing(async () => {
      const line = `head -c ${size} /dev/zero; wc -c >&2`;
      const child = await createSubprocessShell(line, { stdin: PIPE, stdout: PIPE, stderr: PIPE });
      const [stdout, stderr] = await child.communicate(Buffer.alloc(size));
      return [stdout.length, Number(stderr), child.returncode];
    });
    expect(got).toEqual([size, size, 0]);
  });

  test("passes 100 MB through a program that writes what it reads", async () => {
    const input = Buffer.alloc(100_000_000, "0123456789abcdef");
    const [stdout] = await leavesNothing(async () => {
      const child = await createSubprocessExec("cat", [], { stdin: PIPE, stdout: PIPE });
      return await child.communicate(input);
    });
    expect(stdout.equals(input)).toBe(true);
  });

  test.each([
    ["closes its stdin", "exec 0<&-; echo out"],
    ["ends", "echo out"],
  ])("takes no offence at a program that %s without reading", async (_, line) => {
    const got = await leavesNothing(async () => {
      const child = await createSubprocessShell(line, { stdin: PIPE, stdout: PIPE });
      return [String((await child.communicate(Buffer.alloc(10_000_000)))[0]), child.returncode];
    });
    expect(got).toEqual(["out\n", 0]);
  });

  test("refuses input that can't be written", async () => {
    await leavesNothing(async () => {
      const child = await createSubprocessExec("true");
      await expect(child.communicate("input")).rejects.toThrow(/start the process with stdin: subprocess\.PIPE/);
      expect(await child.communicate()).toEqual([null, null]);
    });
  });

  test("cancelled, leaves the process running, and can be called again", async () => {
    await leavesNothing(async () => {
      await using child = await createSubprocessExec("sleep", ["100"], { stdout: PIPE });
      await expect(timeout(0.05, () => child.communicate())).rejects.toBeInstanceOf(TimeoutError);
      expect([child.returncode, runs(child.pid)]).toEqual([null, true]);
      child.terminate();
      expect(await child.communicate()).toEqual([Buffer.alloc(0), null]);
    });
  });
});
