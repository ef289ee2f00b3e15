import { expect, test } from "vitest";
import { pythonError } from "./python-error.ts";

const FILE = "/tmp/turnwise-studio-x/program.py";

test("a syntax error: line and column", () => {
  const source = "def f():\n    x = (\n";
  const stderr = `  File "${FILE}", line 2
    x = (
        ^
SyntaxError: '(' was never closed
`;
  const message = "SyntaxError: '(' was never closed";
  expect(pythonError(stderr, FILE, source)).toEqual({ message, file: FILE, line: 2, column: 9 });
});

test("a traceback: the innermost line of the program's own", () => {
  const source = "import json\n\n\njson.loads('x')\n";
  const stderr = `out of order: no Error here
Traceback (most recent call last):
  File "program.py", line 4, in <module>
    json.loads('x')
    ~~~~~~~~~~^^^^^
  File "/lib/python314.zip/json/decoder.py", line 345, in decode
    obj, end = self.raw_decode(s, idx=_w(s, 0).end())
json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)
`;
  const message = "json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)";
  expect(pythonError(stderr, FILE, source)).toEqual({ message, file: FILE, line: 4, column: 11 });
});

test("a group: its first error's line", () => {
  const stderr = `  + Exception Group Traceback (most recent call last):
  |   File "${FILE}", line 9, in <module>
  |     asyncio.run(main())
  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "${FILE}", line 4, in fails
    |     raise ValueError("no")
    | ValueError: no
    +------------------------------------
`;
  expect(pythonError(stderr, FILE, "")).toMatchObject({ message: "ValueError: no", file: FILE, line: 4 });
});

test("an error in a module that it imports is told of that file", () => {
  const stderr = `Traceback (most recent call last):
  File "/home/me/helper.py", line 7, in helps
    raise OSError
OSError
`;
  expect(pythonError(stderr, FILE, "")).toEqual({
    message: "OSError",
    file: "/home/me/helper.py",
    line: 7,
    column: null,
  });
});

test("nothing of the kind", () => {
  expect(pythonError("", FILE, "")).toBeNull();
  expect(pythonError("All is well\n", FILE, "")).toBeNull();
});
