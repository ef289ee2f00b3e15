import { expect, test } from "vitest";
import { readMessage } from "./messages.ts";

const RUN = {
  type: "run",
  slot: 3,
  run: 7,
  source: "",
  language: "python",
  file: null,
  name: "a.py",
  virtual: false,
} as const;

test.for([RUN, { ...RUN, file: "/a.py" }, { type: "stop", slot: 0 }, { type: "watch" }, { type: "unwatch" }])(
  "what makes sense is taken as it is: %o",
  (message) => {
    expect(readMessage(JSON.stringify(message))).toEqual(message);
  },
);

test.for([
  ["{", "that is no JSON"],
  ["null", "a message is an object"],
  ["7", "a message is an object"],
  ["{}", "there is no message of the type undefined"],
  ['{"type":"toString"}', 'there is no message of the type "toString"'],
  ['{"type":"stop"}', "stop: `slot` is not right"],
])("what makes none is told of: %s", ([text, why]) => {
  expect(readMessage(text!)).toBe(why);
});

test.for(
  Object.entries({
    slot: [4, -1, 0.5, "0", null],
    run: [1.5, "1", 2 ** 53],
    source: [null, 7],
    language: ["ruby", null],
    file: [7, undefined],
    name: [null],
    virtual: [0, "false"],
  }).flatMap(([name, values]) => values.map((value) => [name, value] as const)),
)("a run whose %s is %o is not taken", ([name, value]) => {
  expect(readMessage(JSON.stringify({ ...RUN, [name]: value }))).toBe(`run: \`${name}\` is not right`);
});
