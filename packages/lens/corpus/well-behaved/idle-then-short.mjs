for (let i = 0; i < 4; i++) {
  await new Promise((resolve) => setTimeout(resolve, 150));
  for (const until = Date.now() + 20; Date.now() < until;);
}
