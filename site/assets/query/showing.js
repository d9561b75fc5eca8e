// What a reader sees of an answer. It is loaded with the first one.

import { element } from "./elements.js";
import { append, csv, labelQuery, labelsOf, table } from "./results.js";

const ROWS = 200;
const MORE = 1000;

/**
 * Shows an answer in `output`, and returns what there is to say of it.
 *
 * The place knows the `engine` that labels are asked of, the `source` that the site tells of itself, its `root`, the `suffix` of pages
 * in this language, the `prefixes`, the `words` of the page, how to `fill` them, their `language`, and the `first` one of its data; the engine
 * does one thing at a time: what is done later is done `alone`.
 */
export async function show({ form: kind, body }, place) {
  const { output, prefixes, words, fill, language } = place;
  output.hidden = false;
  if (kind === "graph") {
    if (!body.trim()) {
      output.replaceChildren();
      return words.empty;
    }
    const graph = await import("./graph.js");
    const found = graph.read(body, prefixes);
    const context = await contextOf(graph.firstIris(found).map((value) => ({ iri: { type: "uri", value } })), place);
    const saying = { label: words.results, more: (number) => fill(words.more, { number }) };
    output.replaceChildren(downloads([["graph.ttl", "text/turtle", () => found.text]], place), ...graph.shown(found, context, saying));
    return words.graph;
  }
  const json = JSON.parse(body);
  if ("boolean" in json) {
    output.replaceChildren(element("p", { class: "lead" }, json.boolean ? words.yes : words.no));
    return json.boolean ? words.yes : words.no;
  }
  const head = json.head.vars;
  const rows = json.results.bindings;
  const context = await contextOf(rows.slice(0, ROWS), place);
  const files = [["results.csv", "text/csv", () => csv(head, rows)], ["results.json", "application/sparql-results+json", () => body]];
  output.replaceChildren(downloads(files, place));
  const { picture, suitable } = await import("./chart.js");
  const drawing = suitable(head, rows);
  if (drawing) output.append(figure(picture, drawing, rows, context, place));
  if (rows.length) output.append(...tableOf(head, rows, context, place));
  return `${words.rows} ${rows.length.toLocaleString(language)}`;
}

function tableOf(head, rows, context, place) {
  const { words, fill, alone } = place;
  const made = table(head, rows.slice(0, ROWS), context);
  const box = element("section", { class: "scroll", "aria-label": words.results, tabindex: "0" }, made);
  if (rows.length <= ROWS) return [box];
  const more = element("button", { type: "button" });
  const left = rows.slice(ROWS);
  const offer = () => more.replaceChildren(fill(words.more, { number: Math.min(left.length, MORE) }));
  more.addEventListener("click", () =>
    alone(async () => {
      for (let shown = 0; shown < MORE && left.length; shown += ROWS) {
        const next = left.splice(0, ROWS);
        append(made, head, next, await contextOf(next, place).catch(() => context));
      }
      if (left.length) offer();
      else more.remove();
    }),
  );
  offer();
  return [box, element("p", {}, more)];
}

function figure(picture, drawing, rows, context, { output, words, language }) {
  const name = (term) => (term.type === "uri" ? context.labels.get(term.value)?.text || context.curie(term.value) : term.value);
  const width = Math.min(output.clientWidth, 720);
  const without = rows.length - drawing.rows.length;
  const told = without ? [element("figcaption", {}, `${words.pointless} ${without.toLocaleString(language)}`)] : [];
  return element("figure", { class: "chart" }, picture(drawing, { width, title: words.picture, words: name }), ...told);
}

function downloads(files, { words, fill }) {
  const buttons = files.map(([name, type, content]) => {
    const button = element("button", { type: "button" }, name.split(".").pop().toUpperCase());
    button.setAttribute("aria-label", fill(words.download, { name }));
    button.addEventListener("click", () => save(name, type, content()));
    return button;
  });
  return element("p", { class: "downloads" }, ...buttons);
}

function save(name, type, content) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  element("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

async function contextOf(rows, { engine, source, prefixes, root, suffix, language, first }) {
  const question = labelQuery(rows, source.labels.query);
  let labels = new Map();
  if (question) {
    const { body } = await engine.run(question);
    labels = labelsOf(JSON.parse(body).results.bindings, [first, ...source.languages], source.labels.paths);
  }
  const namespaces = Object.entries(prefixes).sort(([, left], [, right]) => right.length - left.length);
  const curie = (iri) => {
    const found = namespaces.find(([, namespace]) => iri.startsWith(namespace) && iri.length > namespace.length);
    return found ? `${found[0]}:${iri.slice(found[1].length)}` : iri;
  };
  return { labels, curie, page: (iri) => pageOf(iri, { source, root, suffix }), spoken: [first, language] };
}

/** Returns the address of the page of a described IRI, "" where it is none of ours. */
function pageOf(iri, { source, root, suffix }) {
  const base = source.base.replace(/#$/, "");
  if (!iri.startsWith(base)) return "";
  const [document, fragment] = iri.slice(base.length).split("#");
  const path = fragment ? `${document.replace(/\/$/, "")}/${fragment}`.replace(/^\//, "") : document;
  const stem = source.renamed[path] ?? path.replace(/\/$/, "/index");
  if (!stem || stem.includes("?")) return "";
  // Where pages are made on request, an odd IRI leads to its page itself.
  const odd = source.odd && !(path in source.renamed) && new RegExp(source.odd, "iu").test(path);
  // "./" keeps it a path, whatever it begins with.
  return new URL(odd ? `./${path}` : `./${stem}${suffix}`, root).href;
}
