// Results as a reader sees them: a table with labels and links, and files to take along.

import { element } from "./elements.js";

const XSD = "http://www.w3.org/2001/XMLSchema#";
const typesOf = (names) => new Set(names.split(" ").map((name) => XSD + name));
const NUMBERS = typesOf(
  "integer decimal double float int long short byte nonNegativeInteger positiveInteger nonPositiveInteger negativeInteger " +
    "unsignedInt unsignedLong unsignedShort unsignedByte",
);
const FAMILIAR = typesOf("string boolean date dateTime dateTimeStamp time gYear gYearMonth gMonth gMonthDay gDay");
const MOST_LABELS = 400;

export function isNumber(term) {
  return term?.type === "literal" && NUMBERS.has(term.datatype);
}

export function isPlain(term) {
  return term?.type === "literal" && !term["xml:lang"] && (term.datatype ?? `${XSD}string`) === `${XSD}string`;
}

/** Returns the IRIs in `rows` whose labels are shown. */
export function irisOf(rows) {
  const iris = new Set();
  for (const row of rows) {
    for (const term of Object.values(row)) if (term.type === "uri") iris.add(term.value);
  }
  return [...iris].filter((iri) => !/[<>"{}|^`\\\x00-\x20]/.test(iri)).slice(0, MOST_LABELS);
}

/** Returns the query for the labels of some IRIs, by its `template`. */
export function labelQuery(iris, template) {
  return template.replace("{iris}", () => iris.map((iri) => `<${iri}>`).join(" "));
}

/** Returns the best label of each IRI that is described: in the first of `languages` that has one, else any; by the first of `paths`. */
export function labelsOf(bindings, languages, paths) {
  const best = new Map();
  const found = bindings.flatMap(({ iri, path, label, reified }) => [{ iri, path, label }, { iri, label: reified }]);
  for (const { iri, path, label } of found) {
    const tag = label?.["xml:lang"] ?? "";
    const place = languages.findIndex((language) => tag.split("-")[0] === language.split("-")[0]);
    const rank = [label ? (place >= 0 ? place * 2 : tag ? 99 : 1) : 999, paths.indexOf(path?.value), tag, label?.value ?? ""];
    const known = best.get(iri.value);
    if (!known || compare(rank, known.rank) < 0) best.set(iri.value, { rank, text: label?.value ?? "", language: tag });
  }
  return best;
}

function compare(left, right) {
  const place = left.findIndex((value, index) => value !== right[index]);
  return place < 0 ? 0 : left[place] < right[place] ? -1 : 1;
}

/** Returns the table of some rows; `context` knows labels, pages and words. */
export function table(head, rows, context) {
  const ofNumbers = (name) => rows.some((row) => row[name]) && rows.every((row) => !row[name] || isNumber(row[name]));
  const headings = head.map((name) => element("th", { scope: "col", ...(ofNumbers(name) ? { class: "number" } : {}) }, name));
  const body = element("tbody");
  const made = element("table", {}, element("thead", {}, element("tr", {}, ...headings)), body);
  append(made, head, rows, context);
  return made;
}

/** Adds rows to a table. */
export function append(made, head, rows, context) {
  made.tBodies[0].append(...rows.map((row) => element("tr", {}, ...head.map((name) => cell(row[name], context)))));
}

function cell(term, context) {
  if (!term) return element("td");
  return element("td", isNumber(term) ? { class: "number" } : {}, ...shown(term, context));
}

function shown(term, context) {
  if (term.type === "uri") return [link(term.value, context)];
  if (term.type === "bnode") return ["[ ]"];
  if (term.type === "triple") return ["<< ", ...parts(term.value, context), " >>"];
  const language = term["xml:lang"];
  if (!language) return [element("span", { dir: "auto" }, term.value), ...datatype(term, context)];
  const main = (tag) => tag.toLowerCase().split("-")[0];
  const spoken = context.spoken.map(main).includes(main(language));
  const tag = spoken ? [] : [element("span", { class: "tag" }, language)];
  return [element("span", { lang: language, dir: "auto" }, term.value), ...tag];
}

// Strings, numbers, truths and dates are known by their looks.
function datatype(term, context) {
  const name = term.datatype;
  if (!name || NUMBERS.has(name) || FAMILIAR.has(name)) return [];
  return [element("span", { class: "tag", title: name }, context.curie(name))];
}

function parts({ subject, predicate, object }, context) {
  return [subject, predicate, object].flatMap((term) => [...shown(term, context), " "]);
}

/** Returns an IRI as `text`, else by its label: with a link to its page, or to itself. */
export function link(iri, context, text) {
  const label = context.labels.get(iri);
  const words = text ?? (label?.text || context.curie(iri));
  const attributes = text ? { title: iri } : { dir: "auto", title: iri, ...(label?.language ? { lang: label.language } : {}) };
  const page = label ? context.page(iri) : "";
  if (page) return element("a", { ...attributes, href: page }, words);
  if (/^https?:\/\//i.test(iri)) return element("a", { ...attributes, href: iri, class: "out", rel: "noreferrer" }, words);
  return element("span", { ...attributes, class: "iri" }, words);
}

/** Returns rows as CSV (SPARQL 1.1 Query Results CSV, section 3). */
export function csv(head, rows) {
  const line = (values) => values.map((value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)).join(",") + "\r\n";
  const within = (term) => (term.type === "literal" ? `"${term.value}"` : plain(term));
  const triple = ({ subject, predicate, object }) => [subject, predicate, object].map(within).join(" ");
  const shown = { bnode: (value) => `_:${value}`, triple, uri: String, literal: String };
  const plain = (term) => (term ? shown[term.type](term.value) : "");
  return line(head) + rows.map((row) => line(head.map((name) => plain(row[name])))).join("");
}
