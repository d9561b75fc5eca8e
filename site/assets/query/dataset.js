// Which graphs a query names (SPARQL 1.1 Query, section 13.2): the engine that has read it does not tell.

// The engine has found no fault in the text: so what ends a name here is what cannot stand in one.
const SPACE = String.raw`(?:\s|#[^\r\n]*(?:[\r\n]|$))*`;
const WORD = String.raw`[^\s<>{}()\[\]#\\"'*?$:]`;
const NAME = String.raw`${WORD}*:(?:[^\s<>{}()\[\]#"'\\]|\\.)*`;
const IRI = "<[^<>\"{}|^`\\x00-\\x20]*>";
const STRING = String.raw`"""(?:[^"\\]|\\.|"(?!""))*"""|'''(?:[^'\\]|\\.|'(?!''))*'''|"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*'`;
const sticky = (text) => new RegExp(text, "isuy");
const DECLARED = sticky(String.raw`\s+|#[^\r\n]*|PREFIX${SPACE}(?<prefix>${WORD}*):${SPACE}${IRI}|BASE${SPACE}${IRI}|VERSION${SPACE}(?:${STRING})`);
const FORM = sticky(`SELECT|ASK|DESCRIBE|CONSTRUCT${SPACE}`);
const TOKEN = sticky(String.raw`(?<name>${NAME})|(?<word>${WORD}+)|#[^\r\n]*|${IRI}|[?$]${WORD}*|.`);
const CLAUSE = sticky(`FROM${SPACE}(?<named>NAMED${SPACE})?(?<iri>${IRI}|${NAME})${SPACE}`);
const UNNAMED = sticky(`FROM${SPACE}(?<iri>${NAME})${SPACE}`);
const INNER = sticky(String.raw`${STRING}|(?<iri>${IRI})|#[^\r\n]*|${NAME}|[?$]${WORD}*|(?<open>[({\[])|(?<close>[)}\]])|.`);

/** Returns the graphs that a query names, as it writes them, `{ prologue, default, named }`; undefined where that cannot be told. */
export function datasetOf(text) {
  const prefixes = new Set();
  let place = 0;
  for (let found; (found = at(DECLARED, text, place)); place += found[0].length) {
    if (found.groups.prefix !== undefined) prefixes.add(found.groups.prefix);
  }
  const prologue = text.slice(0, place);
  const form = at(FORM, text, place)?.[0];
  if (!form) return undefined;
  place += form.length;
  if (/^c/i.test(form) && text[place] === "{") place = closed(text, place);
  const known = (name) => prefixes.has(name.slice(0, name.indexOf(":")));
  place = first(text, place, /^d/i.test(form) ? known : () => false);
  return place === undefined ? undefined : { prologue, ...clauses(text, place, known) };
}

function at(pattern, text, place) {
  pattern.lastIndex = place;
  return pattern.exec(text);
}

// Where the first clause begins, else the end of the text. In what stands before there are names in a DESCRIBE only.
function first(text, place, known) {
  while (place !== undefined && place < text.length) {
    const found = at(TOKEN, text, place);
    const { name, word } = found.groups;
    if (/^from/i.test(name ?? word ?? "") && !(name && known(name))) return place;
    if (found[0] === "{" || /^where$/i.test(word ?? "")) return text.length;
    place = found[0] === "(" ? closed(text, place) : place + found[0].length;
  }
  return place;
}

function clauses(text, place, known) {
  const graphs = { default: [], named: [] };
  for (let found; (found = at(CLAUSE, text, place)); place += found[0].length) {
    const whole = at(UNNAMED, text, place);
    // A prefix may begin with this word.
    if (found.groups.named && whole && known(whole.groups.iri)) found = whole;
    graphs[found.groups.named ? "named" : "default"].push(found.groups.iri);
  }
  return graphs;
}

// Where the bracket that opens at a place has been closed. Between brackets a `<` may compare, and what follows may look
// like an IRI: it does where something stands before it.
function closed(text, place) {
  const brackets = [];
  while (place < text.length) {
    const found = at(INNER, text, place);
    const { iri, open, close } = found.groups;
    if (open) brackets.push(open);
    else if (close) brackets.pop();
    const compares = iri && brackets.at(-1) === "(" && /[\p{L}\p{N}_)"'>]$/u.test(text.slice(0, place).trimEnd());
    place += compares ? 1 : found[0].length;
    if (!brackets.length) return place;
  }
  return undefined;
}
