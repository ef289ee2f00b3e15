class Cache {
  readonly entries = new Map<number, number>();

  constructor() {
    const until = performance.now() + 300;
    for (let i = 0; performance.now() < until; i++) this.entries.set(i % 1000, i); // BLOCKS
  }
}

setImmediate(() => console.log(new Cache().entries.size));
