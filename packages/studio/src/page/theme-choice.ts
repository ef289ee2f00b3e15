/** `ThemeChoice`: light, dark, or what the system has; kept for the next time. */

export type Theme = "system" | "light" | "dark";

const KEY = "turnwise-theme";
const THEMES: readonly Theme[] = ["system", "light", "dark"];

export class ThemeChoice {
  #chosen: Theme;
  readonly #listeners = new Set<() => void>();
  /** The style sheet's rules for dark: the choice decides when they hold. */
  readonly #dark: readonly CSSMediaRule[] = [...document.styleSheets]
    .flatMap((sheet) => [...sheet.cssRules])
    .filter(
      (rule): rule is CSSMediaRule => rule instanceof CSSMediaRule && rule.conditionText.includes("color-scheme"),
    );

  constructor() {
    this.#chosen = THEMES.find((theme) => theme === remembered()) ?? "system";
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#tell());
    this.#apply();
  }

  get chosen(): Theme {
    return this.#chosen;
  }

  /** Goes on to the next of the three. */
  next(): void {
    this.#chosen = THEMES[(THEMES.indexOf(this.#chosen) + 1) % THEMES.length]!;
    try {
      localStorage.setItem(KEY, this.#chosen);
    } catch {
      // Where nothing can be kept, it holds until the page is closed.
    }
    this.#apply();
    this.#tell();
  }

  /** @returns a function that ends the listening. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #apply(): void {
    const chosen = this.#chosen;
    document.documentElement.style.colorScheme = chosen === "system" ? "light dark" : chosen;
    const condition = { system: "(prefers-color-scheme: dark)", light: "not all", dark: "all" }[chosen];
    for (const rule of this.#dark) rule.media.mediaText = condition;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
