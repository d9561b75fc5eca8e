// Whether a query would ask another host (SPARQL 1.1 Federated Query): nobody else is asked from a page. The engine
// does not tell: it answers SERVICE SILENT with an empty row.

import { at } from "./sparql.js";

// What may hold any letters without meaning them, as the endpoint reads it (`communique.syntax.sparql_text`).
const OPAQUE = /"""(?:[^"\\]|\\.|"(?!""))*"""|'''(?:[^'\\]|\\.|'(?!''))*'''|"(?:[^"\\\r\n]|\\.)*"?|'(?:[^'\\\r\n]|\\.)*'?|(?<iri><[^<>"{}|^`\x00-\x20]*>)|#[^\r\n]*|[?$][\p{L}\p{N}_]+|@[a-z]+(?:-[a-z\d]+)*|:(?:[\p{L}\p{N}_\-.:%]|\\.)*/gisu;
const ESCAPE = /\\u([\dA-Fa-f]{4})|\\U([\dA-Fa-f]{8})/g;
const CALL = /service/i;

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
  const [waiting, seen] = [[0], new Set()];
  while (CALL.test(text) && waiting.length) {
    let place = waiting.pop();
    while (!seen.has(place)) {
      seen.add(place);
      OPAQUE.lastIndex = place;
      const opaque = OPAQUE.exec(text);
      const found = CALL.exec(text.slice(place, opaque?.index));
      if (found) return place + found.index;
      if (!opaque) break;
      if (opaque.groups.iri && mayCompare(opaque[0])) waiting.push(opaque.index + 1);
      place = opaque.index + opaque[0].length;
    }
  }
  return undefined;
}

const mayCompare = (iri) => !/^<[a-z][a-z\d+.-]*:\/\//i.test(iri) && /[()&,'#]/.test(iri);
