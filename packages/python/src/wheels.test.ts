/** Packages from wheels. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Interpreter, loadInterpreter } from "./interpreter.ts";
import { captured } from "./testing/captured.ts";

let python: Interpreter;
beforeAll(async () => {
  python = await loadInterpreter();
}, 60_000);

let directory: string;
beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), "turnwise-wheels-")));
});
afterEach(() => rmSync(directory, { recursive: true }));

const METADATA = {
  "greeting-1.2.dist-info/METADATA": "Metadata-Version: 2.1\nName: greeting\nVersion: 1.2\n",
  "greeting-1.2.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
};

/** Makes a wheel, by the interpreter's own `zipfile`. @returns its path. */
async function wheel(name: string, files: Record<string, string>): Promise<string> {
  const path = join(directory, name);
  const source = `
import json, sys, zipfile
with zipfile.ZipFile("/made/" + sys.argv[1], "w") as file:
    for name, text in json.loads(sys.argv[2]).items():
        file.writestr(name, text)`;
  await captured(python, source, { args: [name, JSON.stringify(files)], mounts: { "/made": directory } });
  return path;
}

test("a program imports a package from a wheel, with its data and metadata, and the next one does not", async () => {
  const path = await wheel("greeting-1.2-py3-none-any.whl", {
    "greeting/__init__.py": "from .words import WORDS",
    "greeting/words.py": "WORDS = 'from a wheel'",
    "greeting/data.txt": "data",
    "greeting-1.2.data/purelib/apart.py": "APART = True",
    "greeting-1.2.data/scripts/greet": "#!python",
    ...METADATA,
  });
  const source = `
import apart, greeting, importlib.metadata, importlib.resources, json
print(greeting.WORDS, apart.APART, importlib.metadata.version("greeting"), json.__file__.startswith("/lib/python"))
print(importlib.resources.files("greeting").joinpath("data.txt").read_text())`;
  const { stdout, stderr } = await captured(python, source, { packages: [path] });
  expect([stdout, stderr]).toEqual(["from a wheel True 1.2 True\ndata\n", ""]);
  const without = await captured(python, "import greeting");
  expect(without.stderr).toContain("ModuleNotFoundError: No module named 'greeting'");
});

test("what is not a wheel of pure Python is refused, and nothing of it is left", async () => {
  const good = await wheel("good-1-py3-none-any.whl", { "good.py": "", ...METADATA });
  for (const [name, files, why] of [
    [
      "native-1-cp314-cp314-linux_x86_64.whl",
      { "n.py": "", ...METADATA },
      "is compiled for another machine (cp314-lin",
    ],
    ["native-1-py3-none-any.whl", { "n/x.so": "", ...METADATA }, "is compiled for another machine (n/x.so)"],
    ["old-1-py2-none-any.whl", { "old.py": "", ...METADATA }, "is for another Python (py2): this one is 3.14"],
    ["bare-1-py3-none-any.whl", { "bare.py": "" }, "it has no metadata"],
    ["evil-1-py3-none-any.whl", { "../evil.py": "", ...METADATA }, "would lie outside of its directory"],
    ["bare.whl", { "bare.py": "" }, "is not named as wheels are"],
  ] as const) {
    const outcome = captured(python, "print(1)", { packages: [good, await wheel(name, files)] });
    await expect(outcome, name).rejects.toThrow(why);
  }
  writeFileSync(join(directory, "text-1-py3-none-any.whl"), "text");
  const outcome = captured(python, "print(1)", { packages: [join(directory, "text-1-py3-none-any.whl")] });
  await expect(outcome).rejects.toThrow("text-1-py3-none-any.whl is no wheel");
  await expect(captured(python, "", { packages: [join(directory, "none.whl")] })).rejects.toThrow("ENOENT");
  expect((await captured(python, "import good")).stderr).toContain("No module named 'good'");
});
