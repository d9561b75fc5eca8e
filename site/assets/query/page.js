// The query page: what stands in it works as a form; this makes it better where it can.

import { endpoint, hasEndpoint, inPage, QueryError, Stopped, Unreached } from "./engine.js";
import { element } from "./elements.js";
import { declarations, malformed, undeclared, updateOf, withPrefixes } from "./sparql.js";

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
const first = form.dataset.language ?? language;
const page = new URL(`sparql${form.dataset.suffix}`, root);
// The page has a query of its own, unless it answers one.
const own = location.pathname !== page.pathname && new URLSearchParams(location.search).has("query") ? "" : textarea.defaultValue;

const source = await (await fetch(new URL("queries/engine.json", root))).json();
const remote = await hasEndpoint(page);
const engine = remote ? endpoint(new URL("sparql", root).href) : "engine" in form.dataset ? inPage(sourceOf(source), loading) : undefined;
let editor = plainEditor();
let warned = false;
let running = false;
let outdated = false;
let terms;

start();

async function start() {
  runButton.disabled = !engine || (!remote && source.triples > MOST);
  // Of a query in the address the server has said already what came of it.
  if (!status.textContent.trim()) greet();
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
  for (const link of document.querySelectorAll(".languages a")) {
    for (const use of ["click", "auxclick", "contextmenu"]) link.addEventListener(use, takeAlong);
  }
  if ("editor" in form.dataset) await improve();
  readAddress();
  form.dataset.ready = "";
}

function greet() {
  say(runButton.disabled ? words.cannot : remote ? words.remote : fill(words.local, sizes()));
}

async function improve() {
  const { edit } = await import("./editor.js");
  editor = edit(textarea, { label: words.editor, language: first, run, leave: () => runButton.focus(), terms: known });
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
  put(event.currentTarget.dataset.query);
  writeAddress();
  form.scrollIntoView();
  editor.focus();
}

/** Puts another query into the editor: what came of the former one goes. */
function put(text) {
  const former = editor.text;
  editor.text = text;
  if (editor.text === former) return;
  outdated = true;
  if (running) engine.stop();
  else clear();
}

function clear() {
  outdated = false;
  output.replaceChildren();
  greet();
}

function readAddress() {
  // Of other tools there are links with `?query=`; the address of the endpoint is answered by the server.
  const asked = location.pathname === page.pathname ? location.search : "";
  const query = new URLSearchParams(location.hash.slice(1)).get("query") ?? new URLSearchParams(asked).get("query");
  if (!query) return;
  put(query);
  form.scrollIntoView({ behavior: "instant" });
}

/** Has a link to this page in another language take the query along. */
function takeAlong({ currentTarget: link }) {
  link.hash = editor.text === own ? "" : hash();
}

const hash = () => `query=${encodeURIComponent(editor.text)}`;

// Of a query that the server was asked, nothing stays in the address.
function writeAddress() {
  history.replaceState(null, "", `${page}#${hash()}`);
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
    outdated = false;
    editor.text = withPrefixes(editor.text, prefixes);
    editor.mark();
    writeAddress();
    refuse(editor.text);
    const answer = await engine.run(editor.text);
    const { show } = await showing();
    const shown = await show(answer, { output, engine, source, prefixes, declared: declarations(editor.text), root, suffix: form.dataset.suffix, words, fill, language, first, alone, say });
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

// Does some work unless the engine is at work already.
async function alone(work) {
  if (running) return;
  busy(true);
  try {
    await work();
  } finally {
    busy(false);
  }
}

async function showing() {
  try {
    return await import("./showing.js");
  } catch {
    throw new Unreached();
  }
}

/** Throws what is wrong with a query as far as its text tells. */
function refuse(text) {
  if (!text.trim()) throw new QueryError("", [{ kind: "empty" }]);
  const word = updateOf(text);
  if (word) throw new QueryError("", [{ kind: "update", word }]);
  const wrong = malformed(text);
  if (wrong) throw new QueryError("", [{ kind: "iri", ...wrong }]);
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
  if (!on && outdated) clear();
  if (!on && document.activeElement === stopButton) runButton.focus({ preventScroll: true });
  stopButton.hidden = !on;
  form.setAttribute("aria-busy", String(on));
}

function tell(error) {
  const [{ line, column } = {}] = error.reasons ?? [];
  const message = element("span", { class: "fault" }, `${words.fault} `, ...unbroken(saidOf(error)));
  const parts = [message];
  if (line) {
    const button = element("button", { type: "button", class: "plain" }, fill(words.place, { line, column }));
    button.addEventListener("click", () => editor.go(line, column));
    parts.push(" ", button);
  }
  status.replaceChildren(...parts);
  editor.mark(line, column);
}

// A line could end between the sign and the name of a variable.
function unbroken(text) {
  return text.split(/([?$][\p{L}\p{N}_]+)/u).map((part, place) => (place % 2 ? element("span", { class: "variable" }, part) : part));
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
