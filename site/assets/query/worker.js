// The query engine in a worker of its own: it loads the data once and answers one query after another.
// Whoever wants it to stop ends the worker.

import init, { namedNode, Store } from "../vendor/oxigraph.js";
import { callOf } from "./calls.js";
import { datasetOf } from "./dataset.js";
import { formOf } from "./sparql.js";

const WASM = new URL("../vendor/oxigraph.wasm", import.meta.url);
const UNION = "INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }";
const known = (name) => `DELETE { GRAPH <${name}> { ?s ?p ?o } } WHERE { GRAPH <${name}> { ?s ?p ?o } ?s ?p ?o }`;
const added = (name) => `INSERT { ?s ?p ?o } WHERE { GRAPH <${name}> { ?s ?p ?o } }`;
const copied = (name, other) => `INSERT { GRAPH <${other}> { ?s ?p ?o } } WHERE { GRAPH <${name}> { ?s ?p ?o } }`;
const FORMATS = { graph: "text/turtle", bindings: "application/sparql-results+json", boolean: "application/sparql-results+json" };
let loading;

addEventListener("message", async ({ data }) => {
  try {
    const call = callOf(data.text);
    if (call) throw refusal(call);
    loading ??= load(data.source).catch((error) => {
      loading = undefined;
      throw error;
    });
    const store = await loading;
    const form = formOf(data.text);
    const start = performance.now();
    const body = answer(store, data.text, { results_format: FORMATS[form], base_iri: data.source.endpoint });
    postMessage({ id: data.id, form, body, seconds: (performance.now() - start) / 1000 });
  } catch (error) {
    // Fetch fails with a TypeError, and says it in the words of the browser; so do the engine that has no more memory
    // (WebAssembly JavaScript Interface, section 5.11) and one that is nested too deep.
    const exhausted = error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
    const reasons = exhausted ? [{ kind: "memory" }] : error?.reasons;
    const said = String(error?.message ?? error);
    const sound = !exhausted && Boolean(reasons || /error at \d+:\d+/.test(said));
    postMessage({ id: data.id, unreached: error instanceof TypeError, error: said, sound, reasons, text: data.text });
  }
});

function refusal(reason) {
  return Object.assign(new Error(reason.kind), { reasons: [reason] });
}

// Several graphs make one, in which what they have in common counts once (SPARQL 1.1 Query, section 13.2.1); the engine
// would count it for each.
function answer(store, text, options) {
  const named = graphsOf(store, text, options);
  if (!named) return store.query(text, options);
  const [graphs, named_graphs] = named.map((iris) => [...new Set(iris)].map((iri) => namedNode(iri)));
  if (graphs.length < 2) return store.query(text, { ...options, default_graph: graphs, named_graphs });
  const merge = namedNode(`urn:x-merge:${Math.random()}`);
  try {
    for (const { value } of graphs) store.update(copied(value, merge.value));
    return store.query(text, { ...options, default_graph: [merge], named_graphs });
  } finally {
    store.update(`DROP SILENT GRAPH <${merge.value}>`);
  }
}

// The graphs that a query names for its default graph and by their name; undefined where it names less than two.
function graphsOf(store, text, { base_iri }) {
  if ((text.match(/from/gi) ?? []).length < 2) return undefined;
  // What is wrong with the text is told first.
  store.query(text, { base_iri, default_graph: [], named_graphs: [] });
  const found = datasetOf(text);
  if (!found) throw refusal({ kind: "untold" });
  if (found.default.length + found.named.length < 2) return undefined;
  // What the names mean, the engine knows.
  const meant = (iris) => store.query(`${found.prologue} SELECT ?iri { VALUES ?iri { ${iris.join(" ")} } }`, { base_iri });
  return [found.default, found.named].map((iris) => meant(iris).map((row) => row.get("iri").value));
}

// The default graph is the union of all graphs as a set, as the endpoint has it; and as there, graphs beside the dataset
// hold only what this does not state itself.
async function load({ dump, graphs, root }) {
  const [bytes] = await Promise.all([fetched(dump, progress), init({ module_or_path: WASM })]);
  const store = new Store();
  postMessage({ step: "load" });
  store.load(bytes, { format: "application/n-quads", no_transaction: true, lenient: true });
  store.update(UNION);
  for (const { url, name } of graphs) {
    const options = { format: "text/turtle", to_graph_name: namedNode(name), base_iri: root, lenient: true };
    store.load(await fetched(url), options);
    store.update(`${known(name)} ; ${added(name)}`);
  }
  return store;
}

function progress(done) {
  postMessage({ step: "fetch", done });
}

async function fetched(url, told) {
  const response = await fetch(url);
  if (!response.ok) throw refusal({ kind: "unfetched", name: new URL(url).pathname, status: response.status });
  const chunks = [];
  let size = 0;
  for await (const chunk of streamOf(response.body)) {
    chunks.push(chunk);
    told?.((size += chunk.length));
  }
  const blob = new Blob(chunks);
  // Some hosts unpack on their own: what counts is how the bytes begin.
  const packed = chunks[0]?.[0] === 0x1f && chunks[0]?.[1] === 0x8b;
  const stream = packed ? blob.stream().pipeThrough(new DecompressionStream("gzip")) : blob.stream();
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// Not every browser can iterate over a stream.
async function* streamOf(body) {
  const reader = body.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value;
}
