// Long, but under the threshold.
for (let i = 0; i < 15; i++) {
  for (const until = performance.now() + 30; performance.now() < until;);
  await new Promise((resolve) => setTimeout(resolve, 5));
}
