/** Making elements. Text goes in as text only, so what a trace says can't become markup. */

/** Attributes; a function is a listener of that event. Nothing is set for `false` and `null`. */
export type Attributes = Readonly<Record<string, string | number | boolean | null | ((event: Event) => void)>>;

export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value !== null && value !== false) made.setAttribute(key, value === true ? "" : String(value));
  }
  made.append(...children);
  return made;
}

/** Text in which what stands between backticks is code. */
export function prose(text: string): (Node | string)[] {
  return text.split("`").map((part, index) => (index % 2 === 1 ? element("code", {}, part) : part));
}

/** Pairs of a term and what there is to say about it. A figure and its unit stay on one line. */
export function definitions(pairs: readonly (readonly [string, Node | string])[]): HTMLDListElement {
  return element(
    "dl",
    {},
    ...pairs.flatMap(([term, about]) => [
      element("dt", {}, term),
      element(
        "dd",
        {},
        typeof about === "string" ? about.replaceAll(/(\d) (?=(?:s|ms|µs|ns|min)\b)/g, "$1\u00a0") : about,
      ),
    ]),
  );
}
