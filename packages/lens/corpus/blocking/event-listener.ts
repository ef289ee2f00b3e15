import { EventEmitter } from "node:events";

const orders = new EventEmitter();
orders.on("order", (size: number) => {
  let price = 0;
  for (const until = Date.now() + 300; Date.now() < until;) price = (price + size) % 997; // BLOCKS
});

setTimeout(() => orders.emit("order", 3), 5);
