const settings = {
  get value(): number {
    let value = 0;
    const until = Date.now() + 300;
    while (Date.now() < until) value = (value + 7) % 1000; // BLOCKS
    return value;
  },
};

setTimeout(() => console.log(settings.value >= 0), 5);
