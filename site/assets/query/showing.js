// What a reader sees of an answer. It is loaded with the first one.

import { element } from "./elements.js";
import { append, csv, irisOf, labelQuery, labelsOf, table } from "./results.js";

const ROWS = 200;
const MORE = 1000;
const TOO_MANY = ["answer", "engine-cap", "engine-wrong"];
const FEWEST = 25;

/**
 * Shows an answer in `output`, and returns what there is to say of it.
 *
 * The place knows the `engine` that labels are asked of, the `source` that the site tells of itself, its `root`, the `suffix` of pages
 * in this language, the `prefixes`, those that the query has `declared`, the `words` of the page, how to `fill` them, their `language`, and the `first` one of its data; the engine
 * does one thing at a time: what is done later is done `alone`, and what there is to say of it is for `say`.
 */
export async function show({ form: kind, body }, place) {
  const { output, prefixes, words, fill } = place;
  if (kind === "graph") {
    if (!body.trim()) {
      shown(output);
      return words.empty;
    }
    const graph = await import("./graph.js");
    const found = graph.read(body, prefixes, place.declared);
    const context = await contextOf(graph.firstIris(found).map((value) => ({ iri: { type: "uri", value } })), place);
    const saying = { label: words.results, more: (number) => fill(words.more, { number }) };
    shown(output, downloads([["graph.ttl", "text/turtle", () => found.text]], place), ...graph.shown(found, context, saying));
    return said(words.graph, context, words);
  }
  const json = JSON.parse(body);
  if ("boolean" in json) {
    shown(output, element("p", { class: "lead" }, json.boolean ? words.yes : words.no));
    return json.boolean ? words.yes : words.no;
  }
  const head = json.head.vars;
  // A variable may be called as something that every object has.
  const rows = json.results.bindings.map((row) => Object.setPrototypeOf(row, null));
  const context = await contextOf(rows.slice(0, ROWS), place);
  const files = [["results.csv", "text/csv", () => csv(head, rows)], ["results.json", "application/sparql-results+json", () => body]];
  shown(output, downloads(files, place));
  const { picture, suitable } = await import("./chart.js");
  const drawing = suitable(head, rows);
  if (drawing) output.append(figure(picture, drawing, context, place));
  if (rows.length) output.append(...tableOf(head, rows, context, place));
  return said(numberOf(rows, place), context, words);
}

function numberOf(rows, { words, language }) {
  return `${words.rows} ${rows.length.toLocaleString(language)}`;
}

function shown(output, ...parts) {
  output.hidden = false;
  output.replaceChildren(...parts);
}

function said(told, { unlabelled }, words) {
  return unlabelled ? `${told} · ${words.unlabelled}` : told;
}

function tableOf(head, rows, context, place) {
  const { words, fill, alone, say } = place;
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
        const known = await contextOf(next, place);
        append(made, head, next, known);
        if (known.unlabelled) say(said(numberOf(rows, place), known, words));
      }
      if (left.length) return offer();
      if (document.activeElement === more) box.focus({ preventScroll: true });
      more.remove();
    }),
  );
  offer();
  return [box, element("p", {}, more)];
}

function figure(picture, drawing, context, { output, words, fill, language }) {
  const name = (term) => (term.type === "uri" ? context.labels.get(term.value)?.text || context.curie(term.value) : term.value);
  const width = Math.min(output.clientWidth, 720);
  const told = [
    drawing.more ? fill(words.points, { number: drawing.spots.length }) : "",
    drawing.without ? `${words.pointless} ${drawing.without.toLocaleString(language)}` : "",
  ].filter(Boolean);
  const caption = told.length ? [element("figcaption", {}, told.join(" · "))] : [];
  return element("figure", { class: "chart" }, picture(drawing, { width, title: words.picture, words: name }), ...caption);
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
  const iris = irisOf(rows);
  // An answer is shown without labels where there is no time left for them.
  const found = iris.length ? await labelRows(iris, engine, source.labels.query).catch(() => undefined) : [];
  const labels = labelsOf(found ?? [], [first, ...source.languages], source.labels.paths);
  const namespaces = Object.entries(prefixes).sort(([, left], [, right]) => right.length - left.length);
  const curie = (iri) => {
    const found = namespaces.find(([, namespace]) => iri.startsWith(namespace) && iri.length > namespace.length);
    return found ? `${found[0]}:${iri.slice(found[1].length)}` : iri;
  };
  return { labels, unlabelled: !found, curie, page: (iri) => pageOf(iri, { source, root, suffix }), spoken: [first, language] };
}

// All labels may be more than an engine gives at once: those of half of the things are asked for then.
async function labelRows(iris, engine, template) {
  try {
    const { body } = await engine.run(labelQuery(iris, template));
    return JSON.parse(body).results.bindings;
  } catch (error) {
    const tooMany = error.reasons?.some(({ kind }) => TOO_MANY.includes(kind));
    if (!tooMany || iris.length <= FEWEST) throw error;
    const middle = Math.ceil(iris.length / 2);
    const first = await labelRows(iris.slice(0, middle), engine, template);
    return [...first, ...(await labelRows(iris.slice(middle), engine, template))];
  }
}

/** Returns the address of the page of a described IRI, "" where it is none of ours. What the site tells of itself is in files. */
function pageOf(iri, { source, root, suffix }) {
  const [whole, part = ""] = iri.split("#");
  const file = source.graphs.find((each) => whole === source.root + each);
  if (file && !source.dump) return "";
  if (file) return new URL(`./${file}${part && `#${part}`}`, root).href;
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
