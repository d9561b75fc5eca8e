// The query page: what stands in it works as a form; this makes it better where it can.

import { endpoint, hasEndpoint, inPage, QueryError, Stopped, Unreached } from "./engine.js";
import { append, csv, element, labelQuery, labelsOf, table } from "./results.js";
import { undeclared, updateOf, withPrefixes } from "./sparql.js";

const ROWS = 200;
const FREE = 300_000;
const MOST = 1_000_000;
const SIZES = [["megabyte", 1e6, "short"], ["kilobyte", 1e3, "short"], ["byte", 1, "long"]];

const form = document.querySelector("#query");
const textarea = form.elements.query;
const words = JSON.parse(document.querySelector("#query-words").textContent);
const status = document.querySelector("#query-status");
const output = document.querySelector("#query-results");
const [runButton, stopButton, linkButton] = ["run", "stop", "link"].map((name) => form.querySelector(`[data-does=${name}]`));
const root = new URL(form.dataset.root, location.href);
const language = document.documentElement.lang;

const source = await (await fetch(new URL("queries/engine.json", root))).json();
const remote = await hasEndpoint(new URL(`sparql${form.dataset.suffix}`, root));
const engine = remote ? endpoint(new URL("sparql", root).href) : "engine" in form.dataset ? inPage(sourceOf(source), loading) : undefined;
let editor = plainEditor();
let warned = false;
let running = false;
let terms;

start();

async function start() {
  runButton.disabled = !engine || (!remote && source.triples > MOST);
  // Of a query in the address the server has said already what came of it.
  if (!status.textContent.trim()) say(runButton.disabled ? words.cannot : remote ? words.remote : fill(words.local, sizes()));
  linkButton.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.defaultPrevented) {
      event.preventDefault();
      run();
    }
  });
  stopButton.addEventListener("click", () => engine.stop());
  linkButton.addEventListener("click", copyLink);
  addEventListener("hashchange", readAddress);
  for (const link of document.querySelectorAll("a[data-query]")) link.addEventListener("click", chooseExample);
  if ("editor" in form.dataset) await improve();
  readAddress();
  form.dataset.ready = "";
}

async function improve() {
  const { edit } = await import("./editor.js");
  editor = edit(textarea, { label: words.editor, language, run, leave: () => runButton.focus(), terms: known });
  form.querySelector("label").addEventListener("click", () => editor.focus());
  form.querySelector("[data-says=keys]").hidden = false;
}

function plainEditor() {
  return {
    get text() {
      return textarea.value;
    },
    set text(text) {
      textarea.value = text;
    },
    focus: () => textarea.focus(),
    mark() {},
    go: () => textarea.focus(),
  };
}

async function known() {
  terms ??= fetch(new URL("queries/completion.json", root)).then((response) => response.json());
  try {
    return await terms;
  } catch {
    terms = undefined;
    throw new Unreached();
  }
}

function chooseExample(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  editor.text = event.currentTarget.dataset.query;
  writeAddress();
  form.scrollIntoView();
  editor.focus();
}

function readAddress() {
  const query = new URLSearchParams(location.hash.slice(1)).get("query");
  if (!query) return;
  editor.text = query;
  form.scrollIntoView({ behavior: "instant" });
}

function writeAddress() {
  history.replaceState(null, "", `#query=${encodeURIComponent(editor.text)}`);
}

async function copyLink() {
  writeAddress();
  try {
    await navigator.clipboard.writeText(location.href);
    say(words.copied);
  } catch {
    say(words.copy);
  }
}

async function run() {
  if (running || runButton.disabled) return;
  if (!remote && source.triples > FREE && !warned) {
    warned = true;
    say(fill(words.large, sizes()));
    return;
  }
  busy(true);
  say(words.running);
  try {
    const { prefixes } = await known();
    editor.text = withPrefixes(editor.text, prefixes);
    editor.mark();
    writeAddress();
    refuse(editor.text);
    const answer = await engine.run(editor.text);
    const shown = await show(answer, prefixes);
    say(`${shown} · ${fill(words.seconds, { seconds: written(answer.seconds) })}`);
  } catch (error) {
    output.hidden = true;
    if (error instanceof Stopped) say(words.stopped);
    else tell(error);
  } finally {
    busy(false);
    status.scrollIntoView({ block: "nearest" });
  }
}

/** Throws what is wrong with a query as far as its text tells. */
function refuse(text) {
  const word = updateOf(text);
  if (word) throw new QueryError("", [{ kind: "update", word }]);
  const [unknown] = undeclared(text);
  if (unknown) throw new QueryError("", [{ kind: "prefix", ...unknown }]);
}

/** Returns what is said of a failure: a sentence for each reason, or as it is where there are no words for one. */
function saidOf(error) {
  if (error instanceof Unreached) return words.unreached;
  const reasons = error.reasons ?? [];
  if (!reasons.length || reasons.some(({ kind }) => !(kind in words.reasons))) return error.message;
  const sentences = reasons.map((each) => fill(words.reasons[each.kind], each));
  return sentences.map((each) => (/[。！？]$/.test(each) ? each : `${each} `)).join("").trim();
}

function busy(on) {
  running = on;
  stopButton.hidden = !on;
  form.setAttribute("aria-busy", String(on));
}

function tell(error) {
  const [{ line, column } = {}] = error.reasons ?? [];
  const message = element("span", { class: "fault" }, `${words.fault} ${saidOf(error)}`);
  const parts = [message];
  if (line) {
    const button = element("button", { type: "button", class: "plain" }, fill(words.place, { line, column }));
    button.addEventListener("click", () => editor.go(line, column));
    parts.push(" ", button);
    editor.mark(line, column);
  }
  status.replaceChildren(...parts);
}

async function show({ form: kind, body }, prefixes) {
  output.hidden = false;
  if (kind === "graph") {
    if (!body.trim()) {
      output.replaceChildren();
      return words.empty;
    }
    const graph = await import("./graph.js");
    const found = graph.read(body, prefixes);
    const context = await contextOf(graph.firstIris(found).map((value) => ({ iri: { type: "uri", value } })), prefixes);
    const saying = { label: words.results, more: (number) => fill(words.more, { number }) };
    output.replaceChildren(downloads([["graph.ttl", "text/turtle", () => found.text]]), ...graph.shown(found, context, saying));
    return words.graph;
  }
  const json = JSON.parse(body);
  if ("boolean" in json) {
    output.replaceChildren(element("p", { class: "lead" }, json.boolean ? words.yes : words.no));
    return json.boolean ? words.yes : words.no;
  }
  const head = json.head.vars;
  const rows = json.results.bindings;
  const context = await contextOf(rows.slice(0, ROWS), prefixes);
  const files = [["results.csv", "text/csv", () => csv(head, rows)], ["results.json", "application/sparql-results+json", () => body]];
  output.replaceChildren(downloads(files));
  const { picture, suitable } = await import("./chart.js");
  const drawing = suitable(head, rows);
  if (drawing) output.append(figure(picture, drawing, rows, context));
  if (rows.length) output.append(...tableOf(head, rows, context));
  return `${words.rows} ${rows.length.toLocaleString(language)}`;
}

function tableOf(head, rows, context) {
  const made = table(head, rows.slice(0, ROWS), context);
  const box = element("section", { class: "scroll", "aria-label": words.results, tabindex: "0" }, made);
  if (rows.length <= ROWS) return [box];
  const more = element("button", { type: "button" }, fill(words.more, { number: rows.length - ROWS }));
  more.addEventListener("click", async () => {
    more.remove();
    append(made, head, rows.slice(ROWS), context);
  });
  return [box, element("p", {}, more)];
}

function figure(picture, drawing, rows, context) {
  const name = (term) => (term.type === "uri" ? context.labels.get(term.value)?.text || context.curie(term.value) : term.value);
  const width = Math.min(output.clientWidth, 720);
  const without = rows.length - drawing.rows.length;
  const told = without ? [element("figcaption", {}, `${words.pointless} ${without.toLocaleString(language)}`)] : [];
  return element("figure", { class: "chart" }, picture(drawing, { width, title: words.picture, words: name }), ...told);
}

function downloads(files) {
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

async function contextOf(rows, prefixes) {
  // An engine of others may show named graphs nowhere else.
  const question = labelQuery(rows, { inGraphs: !source.dump });
  let labels = new Map();
  if (question) {
    const { body } = await engine.run(question);
    labels = labelsOf(JSON.parse(body).results.bindings, [language, ...source.languages]);
  }
  const namespaces = Object.entries(prefixes).sort(([, left], [, right]) => right.length - left.length);
  const curie = (iri) => {
    const found = namespaces.find(([, namespace]) => iri.startsWith(namespace) && iri.length > namespace.length);
    return found ? `${found[0]}:${iri.slice(found[1].length)}` : iri;
  };
  return { labels, curie, page, language };
}

/** Returns the address of the page of a described IRI, "" where it is none of ours. */
function page(iri) {
  const base = source.base.replace(/#$/, "");
  if (!iri.startsWith(base)) return "";
  const [document, fragment] = iri.slice(base.length).split("#");
  const path = fragment ? `${document.replace(/\/$/, "")}/${fragment}`.replace(/^\//, "") : document;
  const stem = source.renamed[path] ?? path.replace(/\/$/, "/index");
  if (!stem || stem.includes("?")) return "";
  // Where pages are made on request, an odd IRI leads to its page itself.
  const odd = !source.dump && !(path in source.renamed) && /%|\/\/|^\//.test(path);
  // "./" keeps it a path, whatever it begins with.
  return new URL(odd ? `./${path}` : `./${stem}${form.dataset.suffix}`, root).href;
}

function loading({ step, done }) {
  say(step === "load" ? words.loading : fill(words.fetching, { done: size(done), all: size(source.bytes) }));
}

function sourceOf({ dump, graphs, root: name }) {
  const resolved = graphs.map((file) => ({ url: new URL(file, root).href, name: name + file }));
  return { dump: new URL(dump, root).href, graphs: resolved, root: name, endpoint: new URL("sparql", root).href };
}

function sizes() {
  return {
    engine: size(source.engine),
    data: size(source.bytes),
    triples: source.triples.toLocaleString(language),
    memory: Math.ceil((150 + source.triples / 1200) / 50) * 50,
  };
}

function size(bytes) {
  const [unit, of, unitDisplay] = SIZES.find(([, least]) => bytes >= least) ?? SIZES.at(-1);
  return (bytes / of).toLocaleString(language, { style: "unit", unit, unitDisplay, maximumFractionDigits: 1 });
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => (typeof values[name] === "number" ? written(values[name]) : values[name] ?? ""));
}

function written(number) {
  return number.toLocaleString(language, { maximumFractionDigits: 3 });
}

function say(text) {
  status.replaceChildren(text);
}
