// They fire in one go of the host's loop, but each is a turn of its own.
let fired = 0;
for (let i = 0; i < 3000; i++) {
  setTimeout(() => {
    for (const until = performance.now() + 0.2; performance.now() < until;) fired += 0;
    fired++;
  }, 10);
}
