// A graph in Turtle as a reader sees it: with prefixes and with links.

import { element } from "./elements.js";
import { link } from "./results.js";

const LINES = 400;
// What engines write: strings, blank nodes, IRIs and names with a prefix; space or "^^" stands between them.
const TOKEN = /"(?:[^"\\]|\\.)*"|_:\S+|<[^<>\s]*>|[^\s"<>^@:]*:\S*/gu;
const DECLARED = /^@prefix ([^\s:]*): <([^<>\s]*)> \.$/u;
const LOCAL = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_-])?$/u;

/**
 * Returns `{ lines, text }` of a text in Turtle: pieces of each line, `{ text, iri }` for a name, and the text; names get the prefixes of
 * the query, `own`, else `known` ones.
 */
export function read(turtle, known, own = {}) {
  const all = turtle.trimEnd().split("\n");
  const declared = new Map(all.map((line) => DECLARED.exec(line)).filter(Boolean).map(([, prefix, name]) => [prefix, name]));
  const used = new Map(declared);
  const taken = new Set(Object.values(own));
  const others = Object.entries(known).filter(([prefix, name]) => !(prefix in own) && !taken.has(name));
  const fitting = [...Object.entries(own), ...others].filter(([prefix]) => !declared.has(prefix));
  const spare = fitting.sort(([, one], [, other]) => other.length - one.length);
  const lines = all.filter((line) => line && !DECLARED.test(line)).map((line) => pieces(line, declared, spare, used));
  const head = [...used].sort(([one], [other]) => (one < other ? -1 : 1)).map(([prefix, name]) => [`@prefix ${prefix}: <${name}> .`]);
  const whole = head.length ? [...head, [""], ...lines] : lines;
  return { lines: whole, text: whole.map((line) => line.map((each) => each.text ?? each).join("") + "\n").join("") };
}

function pieces(line, declared, spare, used) {
  const found = [];
  let end = 0;
  for (const { 0: token, index } of line.matchAll(TOKEN)) {
    if (token.startsWith('"') || token.startsWith("_:")) continue;
    found.push(line.slice(end, index), token.startsWith("<") ? shortened(token.slice(1, -1), spare, used) : named(token, declared));
    end = index + token.length;
  }
  return [...found, line.slice(end)];
}

function named(text, declared) {
  const [prefix] = text.split(":", 1);
  const name = declared.get(prefix);
  return name === undefined ? text : { text, iri: name + text.slice(prefix.length + 1).replace(/\\(.)/gu, "$1") };
}

function shortened(iri, spare, used) {
  const found = spare.find(([, name]) => iri.startsWith(name) && LOCAL.test(iri.slice(name.length)));
  if (!found) return { text: `<${iri}>`, iri };
  used.set(...found);
  return { text: `${found[0]}:${iri.slice(found[1].length)}`, iri };
}

/** Returns the IRIs of what is shown at first. */
export function firstIris({ lines }) {
  return [...new Set(lines.slice(0, LINES).flat().map(({ iri }) => iri).filter(Boolean))];
}

/** Returns the elements that show a text that was read; `context` knows pages, `more` says how many lines are left. */
export function shown({ lines }, context, { label, more }) {
  const code = element("code");
  const add = (some) => code.append(...some.flatMap((line) => [...line.map((each) => (each.iri ? link(each.iri, context, each.text) : each)), "\n"]));
  add(lines.slice(0, LINES));
  const block = element("pre", { class: "graph", tabindex: "0", "aria-label": label }, code);
  if (lines.length <= LINES) return [block];
  const button = element("button", { type: "button" }, more(lines.length - LINES));
  button.addEventListener("click", () => {
    block.focus({ preventScroll: true });
    button.remove();
    add(lines.slice(LINES));
  });
  return [block, element("p", {}, button)];
}
