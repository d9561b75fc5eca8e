// What the text of a query tells before any engine reads it.

// What may hold any letters without meaning them: strings, IRIs, comments, variables.
const OPAQUE = /"""(?:[^"\\]|\\.|"(?!""))*"""|'''(?:[^'\\]|\\.|'(?!''))*'''|"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*'|<[^<>"{}|^`\x00-\x20]*>|#[^\r\n]*|[?$][\p{L}\p{N}_]+/gsu;
const FORMS = { select: "bindings", ask: "boolean", construct: "graph", describe: "graph" };
const BASED = /^(?:\s|#[^\r\n]*(?:[\r\n]|$))*BASE\s*<[^<>\s]*>/iu;
const DECLARED = /\bPREFIX\s+([^\s:]*):/giu;
// A space is read in one way only: else the ways to read a prologue multiply with each prefix.
const UPDATE = /^(?:\s|PREFIX\s+[^\s:]*:|BASE\b)*(INSERT|DELETE|LOAD|CLEAR|CREATE|DROP|COPY|MOVE|ADD|WITH)\b/iu;
// What begins as an IRI and holds what stands in none. No comparison does so: a prefix is not followed by two slashes.
const MALFORMED = /<[a-z][a-z0-9+.-]*:\/\/[^<>\r\n]*>?/iu;
const REFERENCE = /\s*<([a-z][a-z0-9+.-]*:[^<>"{}|^`\\\x00-\x20]*)>/iuy;
const USED = /(?<![\p{L}\p{N}_:.%-])([\p{L}][\p{L}\p{N}_.-]*)?:(?=[\p{L}\p{N}_%\\-])/gu;


/** Returns the text with spaces in place of all that is neither keyword, name nor punctuation. */
export function blanked(text) {
  return text.replace(OPAQUE, (span) => " ".repeat(span.length));
}

/** Returns what a query answers with: "bindings", "boolean" or "graph". */
export function formOf(text) {
  const found = /\b(select|ask|construct|describe)\b/i.exec(blanked(text).replace(DECLARED, ""));
  return FORMS[found?.[1].toLowerCase()] ?? "bindings";
}

/** Returns the query with declarations of those prefixes that it uses, does not declare, and that are known. */
export function withPrefixes(text, known) {
  const missing = [...new Set(undeclared(text).map(({ prefix }) => prefix))].filter((prefix) => known[prefix]).sort();
  if (!missing.length) return text;
  const lines = missing.map((prefix) => `PREFIX ${prefix}: <${known[prefix]}>`).join("\n");
  // Not every engine takes a BASE behind a PREFIX (Virtuoso).
  const based = BASED.exec(text)?.[0] ?? "";
  const rest = text.slice(based.length);
  return `${based}${based && "\n"}${lines}${/^[\r\n]/.test(rest) ? "" : "\n"}${rest}`;
}

/** Returns the prefixes that a query uses and does not declare, each with its place, counted from 1. */
export function undeclared(text) {
  const [visible, known] = [blanked(text), declared(text)];
  const names = visible.replace(DECLARED, (span) => " ".repeat(span.length)).matchAll(USED);
  return [...names].filter((found) => !known.has(found[1] ?? "")).map((found) => ({ prefix: found[1] ?? "", ...at(text, found.index) }));
}

/** Returns the prefixes that a query declares, whatever they stand for. */
export function declared(text) {
  return new Set([...blanked(text).matchAll(DECLARED)].map((found) => found[1]));
}

/** Returns what looks like an IRI and is none, as it has a space for example, with its place; undefined where there is nothing such. */
export function malformed(text) {
  const found = MALFORMED.exec(blanked(text));
  if (!found) return undefined;
  return { iri: short(text.slice(found.index, found.index + found[0].length)), ...at(text, found.index) };
}

/** Returns the beginning of a text that is told. */
export function short(text) {
  const letters = [...text];
  return letters.length > 60 ? `${letters.slice(0, 60).join("")}…` : text;
}

/** Returns the namespaces that a query declares in full, by their prefix. */
export function declarations(text) {
  const found = {};
  for (const { 0: head, 1: prefix, index } of blanked(text).matchAll(DECLARED)) {
    REFERENCE.lastIndex = index + head.length;
    const iri = REFERENCE.exec(text)?.[1];
    if (iri) found[prefix] = iri;
  }
  return found;
}

/** Returns the line and the column of a place in a text, counted from 1, in letters as the engine does, however many units they take. */
export function at(text, index) {
  const before = text.slice(0, index).split("\n");
  return { line: before.length, column: [...before.at(-1)].length + 1 };
}

/** Returns the word with which an update begins, if the text is one. */
export function updateOf(text) {
  return UPDATE.exec(blanked(text))?.[1].toUpperCase();
}
