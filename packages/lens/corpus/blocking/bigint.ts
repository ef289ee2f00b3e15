function power(): number {
  const n = 3n ** 200_000n;
  const digits = (n ** 10n).toString(); // BLOCKS
  return digits.length;
}

setTimeout(() => console.log(power()), 10);
