function ask(): Promise<number> {
  return new Promise((resolve) => {
    let n = 1;
    for (const until = Date.now() + 300; Date.now() < until;) n = (n * 5) % 1021; // BLOCKS
    resolve(n);
  });
}

await new Promise((resolve) => setTimeout(resolve, 10));
console.log((await ask()) > 0);
