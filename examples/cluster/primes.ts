/** What the example computes, wherever it runs. */

/** How many primes there are from `from` up to, but not including, `to`. */
export function countPrimes([from, to]: readonly [from: number, to: number]): number {
  let count = 0;
  for (let n = Math.max(from, 2); n < to; n++) if (isPrime(n)) count++;
  return count;
}

function isPrime(n: number): boolean {
  for (let divisor = 2; divisor * divisor <= n; divisor++) if (n % divisor === 0) return false;
  return true;
}
