// The library's function calls a native one and returns at once: nothing tells the line but the text.
import config from "parse-config";

const items = JSON.stringify(Array.from({ length: 20_000 }, (_, i) => ({ id: i, name: `item ${i}` })));
const text = `[${Array.from({ length: 20 }, () => items).join()}]`;

function load() {
  const small = config.parse("[]");
  const large = config.parse(text); // BLOCKS parse (parse-config)
  return small.length + large.length;
}

setTimeout(load, 10);
