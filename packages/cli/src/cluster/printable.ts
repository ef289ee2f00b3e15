/** Text that came over the network. */

/** So much of a text is shown at most. */
const LONGEST = 4000;

/** The text, with nothing in it that a terminal would obey: it is one line, however many it was. */
export function printable(text: string, longest: number = LONGEST): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}]/gu, (character) => (character === "\n" ? " ⏎ " : "�"));
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
