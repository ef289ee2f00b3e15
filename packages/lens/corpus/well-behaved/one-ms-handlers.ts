import { EventEmitter } from "node:events";

const events = new EventEmitter();
let handled = 0;
events.on("event", () => {
  for (const until = performance.now() + 1; performance.now() < until;) handled += 0;
  if (++handled < 600) setImmediate(() => events.emit("event"));
});
events.emit("event");
