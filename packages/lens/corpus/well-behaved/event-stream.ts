import { EventEmitter, on } from "node:events";

const source = new EventEmitter();
let sent = 0;
const timer = setInterval(() => {
  for (let i = 0; i < 20; i++) source.emit("item", sent++);
  if (sent >= 1000) {
    clearInterval(timer);
    source.emit("end");
  }
}, 2);
let sum = 0;
for await (const [item] of on(source, "item", { close: ["end"] })) sum += item as number;
console.log(sum);
