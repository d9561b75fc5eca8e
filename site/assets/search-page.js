// The page of the search: answers while one types, with what the templates in the page look like.

import { search } from "./search.js";

const field = document.getElementById("site-q");
const form = field.form;
const place = document.getElementById("site-found");
const status = document.getElementById("site-status");
const { root, ending, language } = place.dataset;
const index = new URL(`${root}search/`, location.href);
const files = new Map();

function read(name) {
  if (!files.has(name)) {
    const wanted = fetch(new URL(name, index)).then((answer) => {
      if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
      return answer.json();
    });
    wanted.catch(() => files.delete(name));
    files.set(name, wanted);
  }
  return files.get(name);
}

// Returns what a template shows, with values where it names them in braces.
function filled(name, values) {
  const made = document.getElementById(`site-${name}`).content.cloneNode(true);
  const put = (text) => text.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
  const walker = document.createTreeWalker(made, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeType === Node.TEXT_NODE) node.data = put(node.data);
    else for (const attribute of node.attributes) attribute.value = put(attribute.value);
  }
  for (const element of made.querySelectorAll("[data-if]")) {
    if (!element.dataset.if) element.remove();
    else delete element.dataset.if;
  }
  // A link that leads nowhere yet is no link.
  for (const link of made.querySelectorAll("[data-href]")) {
    link.setAttribute("href", link.dataset.href);
    delete link.dataset.href;
  }
  return made;
}

const encoded = (stem) => stem.split("/").map(encodeURIComponent).join("/");

// Returns a number as the pages of the build write it.
function number(value) {
  return value.toLocaleString(document.documentElement.lang, { numberingSystem: "latn", useGrouping: "always" });
}

// The heading of what is of no class.
const untyped = document.getElementById("site-untyped")?.content.textContent ?? "";

function group(kind, kindTag, hits) {
  const heading = kind ? { kind, language: kindTag } : { kind: untyped, language };
  const section = filled("group", { ...heading, count: number(hits.length) });
  section.querySelector("ul").append(...hits.map(({ stem, title, tag, other }) =>
    filled("hit", { url: root + encoded(stem) + ending, title, language: tag, other })));
  return section;
}

function show({ found, count, short }) {
  const groups = Map.groupBy ? Map.groupBy(found, (each) => each.kind) : grouped(found);
  // A late answer must not take the focus away from who is among the links already.
  const held = place.contains(document.activeElement) && document.activeElement.href;
  place.replaceChildren(...[...groups].map(([kind, hits]) => group(kind, hits[0].kindTag, hits)));
  if (held) ([...place.querySelectorAll("a")].find((link) => link.href === held) ?? field).focus();
  const state = short ? "short" : count === 0 ? "none" : count > found.length ? "more" : "count";
  status.replaceChildren(filled(state, { count: number(count), shown: number(found.length) }));
}

function grouped(found) {
  const groups = new Map();
  for (const each of found) groups.set(each.kind, [...(groups.get(each.kind) ?? []), each]);
  return groups;
}

let latest = 0;

async function answer() {
  const turn = ++latest;
  const query = field.value.trim();
  if (!query) {
    place.replaceChildren();
    status.replaceChildren();
    return;
  }
  try {
    const result = await search(query, { language, read });
    if (turn === latest) show(result);
  } catch {
    if (turn === latest) status.replaceChildren(filled("failed", {}));
  }
}

function remember() {
  const address = new URL(location.href);
  if (field.value.trim()) address.searchParams.set("q", field.value.trim());
  else address.searchParams.delete("q");
  history.replaceState(null, "", address);
}

// Up and down go through what was found and back to the field; Escape leads back at once.
function move(event) {
  const stops = [field, ...place.querySelectorAll("a")];
  const here = stops.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && here >= 0 && stops[here + step]) stops[here + step].focus();
  else if (event.key === "Escape" && here > 0) field.focus();
  else return;
  event.preventDefault();
}

field.addEventListener("input", answer);
field.addEventListener("change", remember);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  remember();
  answer();
});
document.addEventListener("keydown", move);
const asked = new URL(location.href).searchParams.get("q");
if (asked && !place.childElementCount) {
  field.value = asked;
  answer();
}
