class Report {
  readonly rows: number[] = [1, 2, 3];

  total(): number {
    let total = 0;
    for (const until = Date.now() + 300; Date.now() < until;) total += this.rows[total % 3]! % 2; // BLOCKS
    return total;
  }
}

setTimeout(() => console.log(new Report().total() > 0), 10);
