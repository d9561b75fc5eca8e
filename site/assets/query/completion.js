// What an editor proposes: keywords, variables of the query, prefixes, and the classes and properties of the data.

import { blanked, declarations, declared } from "./sparql.js";

const KEYWORDS = ("SELECT DISTINCT WHERE CONSTRUCT ASK DESCRIBE PREFIX OPTIONAL UNION MINUS GRAPH FILTER BIND VALUES " +
  "EXISTS NOT ORDER BY GROUP HAVING LIMIT OFFSET COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT AS DESC ASC STR LANG " +
  "LANGMATCHES DATATYPE BOUND REGEX REPLACE CONTAINS STRSTARTS STRENDS YEAR IF COALESCE").split(" ");
const MOST = 40;
const LOCAL = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_-])?$/u;

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
  const naming = namingIn(text, terms.prefixes);
  const found = lists.flatMap(([type, list]) => list.map((term) => option(term, type, { language, naming })).filter((each) => fits(each, word)));
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

/** Returns what calls a term as a query does that may declare other prefixes: by its name there, then by others that it may have. */
function namingIn(text, known) {
  const [taken, own] = [declared(text), declarations(text)];
  return (name) => {
    const prefix = name.slice(0, name.indexOf(":"));
    if (taken.has(prefix) && own[prefix] === known[prefix]) return [name];
    const iri = name.startsWith("<") ? name.slice(1, -1) : known[prefix] + name.slice(prefix.length + 1);
    const fitting = Object.entries(own).find(([, namespace]) => iri.startsWith(namespace) && LOCAL.test(iri.slice(namespace.length)));
    const others = taken.has(prefix) ? [] : [name];
    return fitting ? [`${fitting[0]}:${iri.slice(fitting[1].length)}`, ...others] : taken.has(prefix) ? [`<${iri}>`] : others;
  };
}

function option([name, number, labels], type, { language, naming }) {
  const names = naming(name);
  const label = labels[language] ?? labels.en ?? labels[""] ?? Object.values(labels)[0] ?? "";
  const local = name.slice(name.indexOf(":") + 1);
  return { label: names[0], type, detail: label, info: `${label ? `${label} · ` : ""}${number}`, names, local, words: Object.values(labels) };
}

function fits({ names, local, words }, word) {
  const wanted = word.toLowerCase();
  if (names.some((name) => name.toLowerCase().startsWith(wanted))) return true;
  return !word.includes(":") && [local, ...words].some((each) => each.toLowerCase().includes(wanted));
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
