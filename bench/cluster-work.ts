/** What the rows about threads and clusters call. */
export function add(a: number, b: number): number {
  return a + b;
}
