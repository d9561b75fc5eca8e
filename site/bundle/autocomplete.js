// What the query page takes from CodeMirror 6 once somebody writes.

export { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
