// What an editor proposes: keywords, variables of the query, prefixes, and the classes and properties of the data.

import { blanked } from "./sparql.js";

const KEYWORDS = ("SELECT DISTINCT WHERE CONSTRUCT ASK DESCRIBE PREFIX OPTIONAL UNION MINUS GRAPH FILTER BIND VALUES " +
  "EXISTS NOT ORDER BY GROUP HAVING LIMIT OFFSET COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT AS DESC ASC STR LANG " +
  "LANGMATCHES DATATYPE BOUND REGEX REPLACE CONTAINS STRSTARTS STRENDS YEAR IF COALESCE").split(" ");
const MOST = 40;

/** Returns the options for the text before the cursor, `{ from, options }`, or null; `terms` is `completion.json`. */
export function proposals(before, text, { terms, language }) {
  const variable = /[?$][\p{L}\p{N}_]*$/u.exec(before);
  if (variable) return variables(variable, text);
  const prefix = /\bPREFIX\s+([\w-]*)$/i.exec(before);
  if (prefix) return prefixes(prefix[1], before, terms.prefixes);
  const word = /[\p{L}\p{N}_-]*:?[\p{L}\p{N}_-]*$/u.exec(before)[0];
  if (word.length < 2 || !isOpen(before, word)) return null;
  const wantsClass = /(?:\ba|rdf:type)\s+$/.test(before.slice(0, before.length - word.length));
  const lists = wantsClass ? [["class", terms.classes]] : [["property", terms.properties], ["class", terms.classes]];
  const found = lists.flatMap(([type, list]) => list.map((term) => option(term, type, language)).filter((each) => fits(each, word)));
  const keywords = KEYWORDS.filter((each) => each.startsWith(word.toUpperCase())).map((label) => ({ label, type: "keyword" }));
  const options = [...found.slice(0, MOST), ...keywords];
  return options.length ? { from: before.length - word.length, options, filter: false } : null;
}

/** Tells whether a name can stand here: not in a string, an IRI, a comment or a language tag, finished or not. */
function isOpen(before, word) {
  const visible = blanked(before);
  const line = visible.slice(visible.lastIndexOf("\n") + 1);
  return visible.endsWith(word) && !/["']|<\S*$|@[\w-]*$/.test(line);
}

function option([name, number, labels], type, language) {
  const label = labels[language] ?? labels.en ?? labels[""] ?? Object.values(labels)[0] ?? "";
  return { label: name, type, detail: label, info: `${label ? `${label} · ` : ""}${number}`, words: Object.values(labels) };
}

function fits({ label, words }, word) {
  const wanted = word.toLowerCase();
  const local = label.slice(label.indexOf(":") + 1).toLowerCase();
  if (word.includes(":")) return label.toLowerCase().startsWith(wanted);
  return label.toLowerCase().startsWith(wanted) || local.includes(wanted) || words.some((each) => each.toLowerCase().includes(wanted));
}

function variables(found, text) {
  const names = new Set(text.match(/[?$][\p{L}\p{N}_]+/gu) ?? []);
  names.delete(found[0]);
  const options = [...names].filter((name) => name.startsWith(found[0])).sort().map((label) => ({ label, type: "variable" }));
  return options.length ? { from: found.index, options } : null;
}

function prefixes(start, before, known) {
  const names = Object.keys(known).filter((prefix) => prefix.startsWith(start));
  const options = names.map((prefix) => ({ label: `${prefix}: <${known[prefix]}>`, type: "namespace" }));
  return options.length ? { from: before.length - start.length, options, filter: false } : null;
}
