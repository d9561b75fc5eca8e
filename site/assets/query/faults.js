// Why the engine in the page does not answer. It is loaded with the first query that has no answer.

import { at, blanked } from "./sparql.js";

// What the engine says among what it "expected", and what it means.
const SAID = {
  "The SELECT contains a variable that is unbound": "unbound",
  "The SELECT overrides an existing variable": "overridden",
  "Duplicated variable name in SELECT": "twice",
  "SELECT * is not authorized with GROUP BY": "star",
};
const SELECTED = /\bSELECT\b(.*?)(?=\{|\b(?:BIND|FILTER|FROM|GROUP|HAVING|ORDER|VALUES|WHERE)\b|$)/gisu;
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
  const start = unnamed(text);
  if (start !== undefined) return [{ kind: "unnamed", ...at(text, start) }];
  const odd = oddBracket(text);
  // What the parser stopped at before is the first fault.
  if (odd && (odd.line < line || (odd.line === line && odd.column <= column))) return [odd];
  const known = Object.keys(SAID).find((words) => message.includes(words));
  const rest = restOf(text, { line, column });
  return [{ kind: SAID[known] ?? (rest ? "unread" : "missing"), text: rest, line, column }];
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

// The first bracket that does not close the last one, which is not closed before it, with its place; it may close nothing.
function oddBracket(text) {
  const opened = [];
  for (const { 0: sign, index } of blanked(text).matchAll(BRACKET)) {
    if (!(sign in CLOSING)) opened.push(sign);
    else if (opened.at(-1) === CLOSING[sign]) opened.pop();
    else if (opened.includes(CLOSING[sign])) return { kind: "unclosed", bracket: opened.at(-1), sign, ...at(text, index) };
    else return { kind: "unopened", sign, ...at(text, index) };
  }
  return undefined;
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
