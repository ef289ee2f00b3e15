/** How source looks: the page's colours, which know light from dark. */
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword, tags.self], color: "var(--ink-keyword)" },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: "var(--ink-string)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--ink-number)" },
  { tag: [tags.comment, tags.docComment], color: "var(--muted)", fontStyle: "italic" },
  { tag: [tags.typeName, tags.className, tags.namespace], color: "var(--ink-type)" },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: "var(--ink-function)" },
]);

const theme = EditorView.theme({
  "&": { height: "100%", fontSize: "0.82rem", color: "var(--text)", backgroundColor: "transparent" },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "-3px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--text)", padding: "0.4rem 0" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--text)" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--muted)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine": { backgroundColor: "var(--zebra)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--selection)",
  },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--selected)" },
  ".cm-selectionMatch": { backgroundColor: "var(--selected)" },
  ".cm-panels, .cm-tooltip": { backgroundColor: "var(--card)", color: "var(--text)", borderColor: "var(--border)" },
  ".signs": { width: "1.1rem", color: "var(--accent)", fontSize: "0.7rem", textAlign: "center" },
  ".bad-sign": { color: "var(--on-blocked)" },
  ".cm-line.line-runs": { backgroundColor: "var(--selected)", boxShadow: "inset 3px 0 var(--accent)" },
  ".cm-line.line-blocks": { backgroundColor: "var(--mark)", boxShadow: "inset 3px 0 var(--blocked)" },
  ".cm-line.line-fails": { backgroundColor: "var(--mark)", boxShadow: "inset 3px 0 var(--blocked)" },
  ".error-text": {
    padding: "0.15rem 0.6rem 0.25rem",
    backgroundColor: "var(--mark)",
    color: "var(--on-blocked)",
    fontFamily: "var(--sans)",
    whiteSpace: "pre-wrap",
  },
});

export const look: Extension = [theme, syntaxHighlighting(colours)];
