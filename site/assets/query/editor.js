// CodeMirror in place of the textarea. It stands in a shadow tree, where its styles need no exception from the policy
// of the page, and takes its colours from the style sheet of the site.

import {
  bracketMatching, Decoration, defaultKeymap, EditorState, EditorView, HighlightStyle, highlightSpecialChars, history, historyKeymap,
  keymap, lineNumbers, Prec, sparql, StateEffect, StateField, syntaxHighlighting, tags,
} from "../vendor/codemirror.js";

const LONGEST = 20_000;
const LONGEST_WORD = 300;
const setFault = StateEffect.define();
const wrong = Decoration.mark({ class: "cm-wrong", attributes: { "aria-invalid": "true" } });
const fault = StateField.define({
  create: () => Decoration.none,
  update: (marks, change) => {
    const set = change.effects.find((effect) => effect.is(setFault));
    if (set) return set.value ? Decoration.set([wrong.range(...set.value)]) : Decoration.none;
    return change.docChanged ? Decoration.none : marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const theme = EditorView.theme({
  "&": { backgroundColor: "var(--leaf)", color: "var(--ink)", fontSize: "0.9rem", border: "1px solid var(--rule)" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55", minHeight: "14rem", maxHeight: "32rem" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--leaf)", color: "var(--quiet)", border: "0" },
  ".cm-wrong": { textDecoration: "underline wavy var(--interpreted) 2px", textDecorationSkipInk: "none" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "transparent", outline: "1px solid var(--accent)" },
  ".cm-tooltip": { backgroundColor: "var(--paper)", color: "var(--ink)", border: "1px solid var(--rule)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--paper)" },
  ".cm-completionDetail": { fontStyle: "normal", fontFamily: "var(--plain)" },
  ".cm-completionIcon": { opacity: "1" },
});
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.definitionKeyword], color: "var(--accent)", fontWeight: "600" },
  { tag: [tags.variableName, tags.special(tags.variableName)], color: "var(--interpreted)", whiteSpace: "nowrap" },
  { tag: [tags.string, tags.literal, tags.number, tags.bool], color: "var(--external)" },
  { tag: [tags.url, tags.namespace, tags.propertyName, tags.typeName], color: "var(--ink)" },
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
]);

/** Puts an editor after `textarea`, which it keeps up to date and hides; `run` and `leave` are called by its keys. */
export function edit(textarea, { label, language, run, leave, terms }) {
  const host = document.createElement("div");
  host.className = "editor";
  textarea.after(host);
  const root = host.attachShadow({ mode: "open", delegatesFocus: true });
  host.addEventListener("focusin", () => help(view, { language, terms }), { once: true });
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: textarea.value,
      extensions: [
        keymap.of([
          { key: "Mod-Enter", run: () => (run(), true) },
          { key: "Escape", run: () => (leave(), true) },
        ]),
        lineNumbers(), highlightSpecialChars(), history(), bracketMatching(),
        keymap.of([...defaultKeymap, ...historyKeymap]),
        syntax(), syntaxHighlighting(colours), theme, fault, EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) textarea.value = update.state.doc.toString();
        }),
      ],
    }),
  });
  textarea.hidden = true;
  return {
    get text() {
      return view.state.doc.toString();
    },
    set text(text) {
      if (text !== view.state.doc.toString()) view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    focus: () => view.focus(),
    /** Marks the place of a fault, or takes the mark away. */
    mark(line, column) {
      const { doc } = view.state;
      view.dispatch({ effects: setFault.of(line ? span(doc, offset(doc, line, column)) : null) });
    },
    /** Puts the cursor at a place, both counted from 1. */
    go(line, column) {
      view.dispatch({ selection: { anchor: offset(view.state.doc, line, column) }, scrollIntoView: true });
      view.focus();
    },
  };
}

/** Returns what knows the syntax of queries; what nests too deeply for it is a text without colours. */
function syntax() {
  const { language, support } = sparql();
  const wrap = (parse) => ({
    advance() {
      try {
        return parse.advance();
      } catch (error) {
        if (error instanceof RangeError) return language.parser.parse("");
        throw error;
      }
    },
    get parsedPos() {
      return parse.parsedPos;
    },
    get stoppedAt() {
      return parse.stoppedAt;
    },
    stopAt: (place) => parse.stopAt(place),
  });
  return [language.configure({ wrap }), support];
}

/** Adds what helps to write, which is fetched when somebody does. */
async function help(view, { language, terms }) {
  const { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } = await import("../vendor/autocomplete.js");
  const { proposals } = await import("./completion.js");
  const complete = async (context) => {
    if (context.state.doc.length > LONGEST) return null;
    const text = context.state.doc.toString();
    return proposals(text.slice(0, context.pos), text, { terms: await terms(), language });
  };
  view.dispatch({
    effects: StateEffect.appendConfig.of([
      Prec.highest(keymap.of([...completionKeymap, ...closeBracketsKeymap])),
      closeBrackets(),
      autocompletion({ override: [complete], defaultKeymap: false, icons: false }),
    ]),
  });
}

/** Returns where a place is that is counted from 1, in letters, or the next one that there is. */
function offset(doc, number, column) {
  const line = doc.line(Math.min(Math.max(number, 1), doc.lines));
  return line.from + [...line.text].slice(0, Math.max(column - 1, 0)).join("").length;
}

/** Returns the word around a place, else the last one before it; null where there is none. */
function span(doc, at) {
  const line = doc.lineAt(at);
  const before = /[\p{L}\p{N}_:?$-]*$/u.exec(doc.sliceString(Math.max(line.from, at - LONGEST_WORD), at))[0].length;
  const after = /^(?:[\p{L}\p{N}_:?$-]+|\S)/u.exec(doc.sliceString(at, line.to))?.[0].length ?? 0;
  if (before || after) return [at - before, at + after];
  const written = doc.sliceString(0, at).trimEnd();
  if (written && written.length < at) return span(doc, written.length);
  const last = [...written.slice(-2)].at(-1) ?? "";
  return last ? [written.length - last.length, written.length] : null;
}
