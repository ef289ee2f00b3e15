const { port1, port2 } = new MessageChannel();
let rounds = 0;
port1.on("message", () => {
  for (const until = performance.now() + 2; performance.now() < until;);
  if (++rounds < 250) port2.postMessage(null);
  else port1.close();
});
port2.postMessage(null);
