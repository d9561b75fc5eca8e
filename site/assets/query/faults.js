// Why the engine in the page does not answer. It is loaded with the first query that has no answer.

import { at, blanked, short } from "./sparql.js";

// What the engine says among what it "expected", and what it means.
const SAID = {
  "The SELECT contains a variable that is unbound": "unbound",
  "The SELECT overrides an existing variable": "overridden",
  "Duplicated variable name in SELECT": "twice",
  "SELECT * is not authorized with GROUP BY": "star",
};
const SELECTED = /(?<![\p{L}\p{N}_:.-])SELECT(?![\p{L}\p{N}_:.-])(.*?)(?=\{|\b(?:BIND|FILTER|FROM|GROUP|HAVING|ORDER|VALUES|WHERE)\b|$)/gisu;
const BARE = /(?<![\p{L}\p{N}_])https?:\/\/[^\s<>"{}|^`\\()]*[^\s<>"{}|^`\\().,;]/iu;
const LISTED = /^\s*(?:DISTINCT|REDUCED)?\s*$/i;
const IN_WORD = /^[\p{L}\p{N}_:]/u;
const BRACKET = /(?<!\\)[(){}[\]]/gu;
const CLOSING = { ")": "(", "]": "[", "}": "{" };
const PIECE = /[()]|(?<![\p{L}\p{N}_])[\p{L}\p{N}_]+(?=\s*\()|\bAS\b/giu;
const CALL = /^The custom (?:aggregate )?function (?<name><.*>) (?:is not supported|requires between (?<least>\d+) and (?<most>\d+) arguments, but (?<given>\d+) were given)$/;

/** Returns why the engine in the page does not answer, as the endpoint tells it (`communique.syntax.query_faults`). */
export function reasonsOf(text, said) {
  const call = CALL.exec(said)?.groups;
  if (call) return [{ kind: call.given ? "arguments" : "function", ...call }];
  const { line, column, message } = placeOf(said);
  if (!line) return [{ kind: "said", said }];
  const bare = BARE.exec(blanked(text));
  if (bare) return [{ kind: "bare", iri: short(bare[0]), ...at(text, bare.index) }];
  const start = unnamed(text);
  if (start !== undefined) return [{ kind: "unnamed", ...at(text, start) }];
  const odd = oddSign(text);
  // What the parser stopped at before is the first fault.
  if (odd && (odd.line < line || (odd.line === line && odd.column <= column))) return [odd];
  const known = Object.keys(SAID).find((words) => message.includes(words));
  if (known) return [{ kind: SAID[known], line, column }];
  const place = { line, column: wordAt(text, { line, column }) };
  const rest = restOf(text, place);
  return [rest ? { kind: "unread", text: rest, ...place } : { kind: "missing", line, column }];
}

/** Returns where a SELECT has an expression without a name or without brackets, undefined where all have both. */
function unnamed(text) {
  for (const clause of blanked(text).matchAll(SELECTED)) {
    const begin = clause.index + clause[0].length - clause[1].length;
    let [start, depth, named] = [0, 0, false];
    for (const { 0: piece, index } of clause[1].matchAll(PIECE)) {
      const word = piece.toUpperCase();
      if (word === "(") {
        if (!depth) [start, named] = [begin + index, false];
        depth += 1;
      } else if (word === ")") {
        depth -= 1;
        if (!depth && !named) return start;
      } else if (word === "AS") named ||= depth === 1;
      else if (!depth && !["DISTINCT", "REDUCED"].includes(word)) return begin + index;
    }
  }
  return undefined;
}

// The first comma or bracket that cannot stand where it does, with its place.
function oddSign(text) {
  const visible = blanked(text);
  const [first] = [comma(visible), oddBracket(visible)].filter(Boolean).sort((one, other) => one.index - other.index);
  if (!first) return undefined;
  const { index, ...reason } = first;
  return { ...reason, ...at(text, index) };
}

// A comma between the variables of a SELECT, or between them and its expressions.
function comma(visible) {
  for (const clause of visible.matchAll(SELECTED)) {
    let [depth, outside] = [0, ""];
    for (let place = 0; place < clause[1].length; place += 1) {
      const sign = clause[1][place];
      if (sign === "," && !depth) {
        if (!LISTED.test(outside)) break;
        return { kind: "comma", index: clause.index + clause[0].length - clause[1].length + place };
      }
      if ("()".includes(sign)) depth += sign === "(" ? 1 : -1;
      else if (!depth) outside += sign;
    }
  }
  return undefined;
}

// The first bracket that does not close the last one, which is not closed before it; it may close nothing.
function oddBracket(visible) {
  const opened = [];
  for (const { 0: sign, index } of visible.matchAll(BRACKET)) {
    if (!(sign in CLOSING)) opened.push(sign);
    else if (opened.at(-1) === CLOSING[sign]) opened.pop();
    else if (opened.includes(CLOSING[sign])) return { kind: "unclosed", bracket: opened.at(-1), sign, index };
    else return { kind: "unopened", sign, index };
  }
  return undefined;
}

// The column at which the word begins in which a place lies: a parser stops within one that begins as another does.
function wordAt(text, { line, column }) {
  const letters = [...(text.split("\n")[line - 1] ?? "")];
  let place = column - 1;
  if (!IN_WORD.test(letters[place] ?? "")) return column;
  while (place && IN_WORD.test(letters[place - 1])) place -= 1;
  return place && "?$@".includes(letters[place - 1]) ? place : place + 1;
}

/** Returns the beginning of what stands at a place, counted from 1, and after it in its line; "" if nothing does. */
export function restOf(text, { line, column }) {
  return [...[...(text.split("\n")[line - 1] ?? "")].slice(column - 1).join("").trim()].slice(0, 30).join("");
}

/** Returns the place that a message of the engine names, `{ line, column, message }`, counted from 1. */
export function placeOf(message) {
  const found = /error at (\d+):(\d+):?\s*(.*)/s.exec(message);
  return found ? { line: Number(found[1]), column: Number(found[2]), message: found[3] || message } : { message };
}
