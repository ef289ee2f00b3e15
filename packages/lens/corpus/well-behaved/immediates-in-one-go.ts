// 500 callbacks of 1 ms are ready at once: the loop takes half a second to come round, but nobody blocks it.
for (let i = 0; i < 500; i++) {
  setImmediate(() => {
    for (const until = performance.now() + 1; performance.now() < until;);
  });
}
