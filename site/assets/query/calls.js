// Whether a query would ask another host (SPARQL 1.1 Federated Query): nobody else is asked from a page. The engine
// does not tell: it answers SERVICE SILENT with an empty row.

import { at } from "./sparql.js";

// What may hold any letters without meaning them, as the endpoint reads it (`communique.syntax.sparql_text`).
const OPAQUE = /"""(?:[^"\\]|\\.|"(?!""))*"""|'''(?:[^'\\]|\\.|'(?!''))*'''|"(?:[^"\\\r\n]|\\.)*"?|'(?:[^'\\\r\n]|\\.)*'?|(?<iri><[^<>"{}|^`\x00-\x20]*>)|#[^\r\n]*|[?$][\p{L}\p{N}_]+|@[a-z]+(?:-[a-z\d]+)*|:(?:[\p{L}\p{N}_\-.:%]|\\.)*/gisu;
const ESCAPE = /\\u([\dA-Fa-f]{4})|\\U([\dA-Fa-f]{8})/g;
const CALL = /service/i;
// The rest of a prefix, and what stands behind a name that no group follows (SERVICE needs one).
const IN_PREFIX = /^[\p{L}\p{N}_.-]*$/u;
const NO_GROUP = /[ \t\r\n]*$|[ \t\r\n]+[^\s{#]|[,;.()[\]|/^*+?!<>=&"'@$}]/y;

/** Returns why a query is not asked that would ask another host, as a reason; undefined where it would not. */
export function callOf(text) {
  const place = callIn(text);
  if (place !== undefined) return { kind: "service", ...at(text, place) };
  const read = text.replace(ESCAPE, (_, short, long) => String.fromCodePoint(Math.min(parseInt(short ?? long, 16), 0x10ffff)));
  return read !== text && callIn(read) !== undefined ? { kind: "service" } : undefined;
}

// Where the word stands outside of all that is opaque. A `<` may open an IRI or compare, and what follows may be a string
// in one reading and not in the other: so both are followed, each place once.
function callIn(text) {
  const [waiting, seen] = [CALL.test(text) ? [0] : [], new Set()];
  while (waiting.length) {
    let place = waiting.pop();
    while (!seen.has(place)) {
      seen.add(place);
      OPAQUE.lastIndex = place;
      const opaque = OPAQUE.exec(text);
      const part = text.slice(place, opaque?.index);
      // Where the first such word is in a prefix, what stands behind it is so, too.
      const found = CALL.exec(part);
      if (found && !isPrefix(text, part.slice(found.index + found[0].length), opaque)) return place + found.index;
      if (!opaque) break;
      if (opaque.groups.iri && mayCompare(opaque[0])) waiting.push(opaque.index + 1);
      place = opaque.index + opaque[0].length;
    }
  }
  return undefined;
}

// A prefix such as `webservice:` is none that could be read as `SERVICE :name {`.
function isPrefix(text, rest, opaque) {
  if (!opaque?.[0].startsWith(":") || !IN_PREFIX.test(rest)) return false;
  NO_GROUP.lastIndex = opaque.index + opaque[0].length;
  return NO_GROUP.test(text);
}

const mayCompare = (iri) => !/^<[a-z][a-z\d+.-]*:\/\//i.test(iri) && /[()&,'#]/.test(iri);
