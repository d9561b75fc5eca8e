// Uses the query page as a reader does; the task says in `does` what for, and each answer tells what was seen.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { openPage, task } from "./browsing.mjs";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const idle = () => document.querySelector("#query").getAttribute("aria-busy") === "false";

async function open(browser, { hash = "", ...options } = {}) {
  const page = await openPage(browser, options);
  page.asked = [];
  page.on("request", (request) => page.asked.push(new URL(request.url()).pathname));
  await page.goto(`${task.origin}${task.page ?? "sparql.html"}${hash}`);
  await page.waitForSelector("#query[data-ready]");
  return page;
}

// The page reads its address when it hears that it has changed, which takes a moment for a long one.
const write = (page, text) => page.evaluate((query) => new Promise((done) => {
  const former = location.href;
  addEventListener("hashchange", done, { once: true });
  location.hash = `query=${encodeURIComponent(query)}`;
  if (location.href === former) done();
}), text);
const status = (page) => page.textContent("#query-status");

async function ask(page, text) {
  await write(page, text);
  await page.evaluate(() => document.querySelector("#query").removeAttribute("aria-busy"));
  await page.click("[data-does=run]");
  await page.waitForFunction(idle, undefined, { timeout: 60_000 });
  return status(page);
}

// What is written in a picture beyond its edge or over something else, and where its bars begin and end, from the zero line on.
function drawing() {
  const chart = document.querySelector("#query-results svg");
  const box = (each) => each.getBoundingClientRect();
  const all = (selector) => [...(chart?.querySelectorAll(selector) ?? [])];
  const [texts, bars, zero] = [all("text"), all(".chart-bar"), all(".chart-zero")[0]];
  const meet = (one, other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
  const within = (one, other) => one.left >= other.left && one.right <= other.right && one.top >= other.top && one.bottom <= other.bottom;
  const beyond = (text) => !within(box(text), box(chart));
  const over = (text) => [...bars, ...texts].some((each) => each !== text && meet(box(text), box(each)));
  return {
    cut: texts.filter(beyond).map((each) => each.textContent),
    covered: bars.length ? texts.filter(over).map((each) => each.textContent) : [],
    numbers: texts.map((each) => each.textContent),
    bars: zero ? bars.map((each) => [box(each).left, box(each).right].map((x) => Math.round(x - box(zero).left))) : [],
  };
}

// The variables below an element whose sign stands at the end of another line than their name.
function torn(selector, shadow) {
  const box = document.querySelector(selector);
  const walker = document.createTreeWalker(shadow ? box.shadowRoot : box, NodeFilter.SHOW_TEXT);
  const found = [];
  const top = (node, place) => {
    const range = document.createRange();
    range.setStart(node, place);
    range.setEnd(node, place + 1);
    return range.getBoundingClientRect().top;
  };
  while (walker.nextNode()) {
    const node = walker.currentNode;
    for (const { 0: name, index } of node.data.matchAll(/\?\w+/g)) if (top(node, index) !== top(node, index + 1)) found.push(name);
  }
  return found;
}

async function saved(page, name) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(`[aria-label$="${name}"]`)]);
  const chunks = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

const acts = {
  async answers(browser) {
    const page = await open(browser);
    const before = [...page.asked];
    const said = await status(page);
    const answers = {};
    for (const [name, text] of Object.entries(task.queries)) {
      const shown = await ask(page, text);
      const graph = await page.locator("#query-results pre").count();
      answers[name] = { shown, body: await saved(page, graph ? "graph.ttl" : "results.json") };
    }
    return { answers, before, said, asked: page.asked, foreign: page.foreign, complaints: page.complaints };
  },

  async stopping(browser) {
    const page = await open(browser);
    await write(page, task.endless);
    await page.click("[data-does=run]");
    await page.waitForTimeout(1500);
    const began = Date.now();
    await page.click("[data-does=stop]");
    await page.waitForFunction(idle);
    const focused = await page.evaluate(() => document.activeElement.dataset.does);
    return { stopped: await status(page), milliseconds: Date.now() - began, focused, after: await ask(page, task.query) };
  },

  async keyboard(browser) {
    const page = await open(browser);
    const focused = () => page.evaluate(() => {
      const deep = document.activeElement.shadowRoot?.activeElement ?? document.activeElement;
      return deep.dataset.does ?? deep.getAttribute("role") ?? deep.tagName;
    });
    await page.focus("[data-does=run]");
    await page.keyboard.press("Shift+Tab");
    const inside = await focused();
    await page.keyboard.press("Tab");
    const tabbed = await focused();
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.insertText(task.query);
    await page.keyboard.press("ControlOrMeta+Enter");
    await page.waitForFunction(idle);
    const ran = await status(page);
    await page.keyboard.press("Escape");
    return { inside, tabbed, ran, left: await focused(), address: new URL(page.url()).hash, live: await page.getAttribute("#query-status", "role") };
  },

  async faults(browser) {
    const page = await open(browser);
    await write(page, task.wrong);
    await page.click("[data-does=run]");
    await page.waitForSelector(".fault");
    const said = await status(page);
    const [marked = ""] = await page.locator(".cm-wrong").allTextContents();
    return { said, marked, asked: page.asked, complaints: page.complaints };
  },

  async completion(browser) {
    const page = await open(browser);
    await page.locator(".cm-content").click();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type(task.typed, { delay: 20 });
    // What is proposed for the letters before stands there until the last one has been read.
    const first = page.locator(".cm-tooltip-autocomplete li:first-child", { hasText: task.typed.split(" ").at(-1) });
    await first.waitFor();
    const proposed = await page.locator(".cm-tooltip-autocomplete li").allTextContents();
    // Right after it proposes something CodeMirror takes no key (`interactionDelay`): nobody reads that fast.
    await page.waitForTimeout(500);
    await page.keyboard.press("Enter");
    return { proposed, text: await page.inputValue("#query-text", { timeout: 1000 }).catch(() => page.evaluate(() => document.querySelector("#query-text").value)) };
  },

  async limits(browser) {
    const found = {};
    for (const triples of task.sizes) {
      const page = await openPage(browser);
      await page.route("**/queries/engine.json", async (route) => {
        const response = await route.fetch();
        await route.fulfill({ json: { ...(await response.json()), triples } });
      });
      await page.goto(`${task.origin}sparql.html`);
      await page.waitForSelector("#query[data-ready]");
      const disabled = await page.isDisabled("[data-does=run]");
      const shown = [await status(page)];
      while (!disabled && !shown.at(-1).startsWith("Rows")) {
        await page.click("[data-does=run]");
        const ended = /^Rows|Press Run again/.source;
        const waiting = ([before, pattern]) => {
          const { textContent } = document.querySelector("#query-status");
          return textContent !== before && new RegExp(pattern).test(textContent);
        };
        await page.waitForFunction(waiting, [shown.at(-1), ended]);
        shown.push(await status(page));
      }
      found[triples] = { disabled, shown };
    }
    return found;
  },

  async plain(browser) {
    const page = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(`${task.origin}sparql.html`);
    await page.fill("#query-text", task.query);
    await page.click("[data-does=run]");
    await page.waitForLoadState();
    const links = await page.locator("#query-results td a").evaluateAll((all) => all.map((each) => [each.textContent, each.href]));
    return { address: page.url(), links, complaints: page.complaints, title: await page.title() };
  },

  async shown(browser) {
    const page = task.scripts ? await open(browser) : await openPage(browser, { javaScriptEnabled: false });
    if (!task.scripts) await page.goto(`${task.origin}sparql.html`);
    await page.emulateMedia({ media: task.media });
    return page.locator("main").innerText();
  },

  async unplugged(browser) {
    const page = await open(browser);
    await page.context().setOffline(true);
    const without = await ask(page, task.query);
    await page.context().setOffline(false);
    return { without, again: await ask(page, task.query) };
  },

  async missing(browser) {
    const page = await open(browser);
    await page.context().route("**/*.nq.gz", (route) => route.fulfill({ status: 404, body: "" }));
    const without = await ask(page, task.query);
    await page.context().unrouteAll();
    return { without, again: await ask(page, task.query) };
  },

  async said(browser) {
    return ask(await open(browser), task.query);
  },

  // The editor reads in the time that it has, so that how far it comes is another thing each time.
  async texts(browser) {
    const page = await open(browser);
    const lengths = [];
    for (const query of task.queries) {
      await write(page, query);
      lengths.push(await page.evaluate(() => document.querySelector("#query-text").value.length));
    }
    return { lengths, complaints: page.complaints };
  },

  async halves(browser) {
    const page = await open(browser);
    const asked = [];
    const problem = { detail: "Too many rows.", reasons: [{ kind: "engine-cap", rows: 9 }] };
    const refuse = { status: 413, contentType: "application/problem+json", body: JSON.stringify(problem) };
    await page.route("**/sparql", (route) => {
      const named = /VALUES \?iri \{([^}]*)\}/.exec(route.request().postData())?.[1].match(/<[^>]*>/g)?.length ?? 0;
      asked.push(named);
      return named > task.most ? route.fulfill(refuse) : route.continue();
    });
    const said = await ask(page, task.query);
    return { said, asked, cells: await page.locator("#query-results tbody td").allTextContents() };
  },

  async unlabelled(browser) {
    const page = await open(browser);
    let asked = 0;
    const refuse = { status: 429, contentType: "application/problem+json", body: '{"detail": "Your budget is used up."}' };
    await page.route("**/sparql", (route) => ((asked += 1) === 1 ? route.continue() : route.fulfill(refuse)));
    const said = await ask(page, task.query);
    return { said, asked, cells: await page.locator("#query-results tbody td").allTextContents() };
  },

  async variables(browser) {
    const page = task.scripts ? await open(browser) : await openPage(browser, { javaScriptEnabled: false });
    if (task.scripts) await ask(page, task.query);
    else await page.goto(`${task.origin}sparql?query=${encodeURIComponent(task.query)}`);
    const found = { said: await status(page), torn: [], editor: [] };
    for (let width = 320; width < 420; width += 4) {
      await page.setViewportSize({ width, height: 800 });
      found.torn.push(...(await page.evaluate(`(${torn})("#query-status", false)`)));
      if (task.scripts) found.editor.push(...(await page.evaluate(`(${torn})(".editor", true)`)));
    }
    return found;
  },

  async more(browser) {
    const page = await open(browser);
    await ask(page, task.query);
    const button = page.locator("#query-results p button").last();
    const counts = [];
    for (let left = true; left; left = (await button.textContent()).startsWith("Show")) {
      await button.click();
      await page.waitForFunction(idle);
      counts.push(await page.locator("#query-results tbody tr").count());
    }
    const last = page.locator("#query-results tbody tr").last().locator("a");
    const focused = await page.evaluate(() => document.activeElement.className);
    return { counts, focused, last: [await last.textContent(), await last.getAttribute("href")], again: await ask(page, "ASK {}") };
  },

  async linked(browser) {
    const page = await open(browser, { hash: `#query=${encodeURIComponent(task.query)}`, viewport: { width: 360, height: 740 } });
    return page.evaluate(() => document.querySelector("#query").getBoundingClientRect().top / innerHeight);
  },

  async addressed(browser) {
    const page = await openPage(browser);
    await page.goto(`${task.origin}sparql?query=${encodeURIComponent(task.query)}`);
    await page.waitForSelector("#query[data-ready]");
    return { said: await status(page), rows: await page.locator("#query-results tbody tr").count() };
  },

  async given(browser) {
    const page = await openPage(browser);
    await page.goto(`${task.origin}sparql.html?query=${encodeURIComponent(task.query)}`);
    await page.waitForSelector("#query[data-ready]");
    return page.evaluate(() => document.querySelector("#query-text").value);
  },

  // An address that the server answers, with another query behind it; then with that query run or its link copied.
  async readdressed(browser) {
    const hash = `#query=${encodeURIComponent(task.other)}`;
    const page = await openPage(browser);
    const found = {};
    const seen = async (name) => {
      await page.waitForSelector("#query[data-ready]");
      const rows = await page.locator("#query-results tbody tr").count();
      found[name] = { address: page.url(), text: await page.evaluate(() => document.querySelector("#query-text").value), said: await status(page), rows };
    };
    for (const does of ["run", "link"]) {
      await page.goto(`${task.origin}sparql?lang=ru&query=${encodeURIComponent(task.query)}`);
      await seen("answered");
      await page.goto(`${task.origin}sparql?lang=ru&query=${encodeURIComponent(task.query)}${hash}`);
      await page.reload();
      await seen("both");
      await page.click(`[data-does=${does}]`);
      await page.waitForFunction(() => !location.search);
      if (does === "run") await page.waitForFunction(idle);
      await seen(does);
      await page.reload();
      await seen("again");
    }
    return found;
  },

  // What is left of an answer when the reader types, when another query is chosen, and when one is chosen over a running one.
  async chosen(browser) {
    const page = await open(browser);
    const found = {};
    const seen = async (name) => {
      found[name] = [await status(page), await page.locator("#query-results *").count()];
    };
    const example = () => page.locator("a[data-query]").last().click();
    await seen("first");
    await ask(page, task.query);
    await page.locator(".cm-content").click();
    await page.keyboard.type(" ");
    await seen("typed");
    await example();
    await seen("example");
    await ask(page, task.query);
    await write(page, "ASK {}");
    await seen("address");
    await write(page, task.endless);
    await page.click("[data-does=run]");
    await page.waitForTimeout(1500);
    await example();
    await page.waitForFunction(idle);
    await seen("running");
    found.after = await ask(page, task.query);
    return found;
  },

  // What stands in the editor after a change of the language: at once, when something was written, from an answer of the server.
  async languages(browser) {
    const page = await open(browser);
    const text = () => page.evaluate(() => document.querySelector("#query-text").value);
    const change = async (to) => {
      await page.click(`.languages a[hreflang=${to}]`);
      await page.waitForSelector(`html[lang=${to}] #query[data-ready]`);
      return [new URL(page.url()).pathname, await text()];
    };
    const own = await text();
    const untouched = [...(await change("ru")), new URL(page.url()).hash];
    await page.locator(".cm-content").click();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.insertText(task.query);
    const written = await change("zh");
    await page.goto(`${task.origin}sparql?query=${encodeURIComponent(task.query)}`);
    await page.waitForSelector("#query[data-ready]");
    return { own, untouched, written, answered: await change("ru") };
  },

  async graph(browser) {
    const hash = `#query=${encodeURIComponent(task.query)}`;
    const page = await open(browser, { hash, viewport: task.viewport, colorScheme: task.scheme, bypassCSP: true });
    await page.click("[data-does=run]");
    await page.waitForFunction(idle);
    const links = await page.locator("#query-results pre a").evaluateAll((all) => all.map((each) => [each.textContent, each.href]));
    const wide = await page.evaluate(() => [document.documentElement, document.querySelector("pre")].some((each) => each.scrollWidth > each.clientWidth));
    const text = await page.textContent("#query-results pre");
    const saves = await saved(page, "graph.ttl");
    if (task.picture) await page.locator("#query-results").screenshot({ path: task.picture });
    await page.evaluate(readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"));
    const { violations } = await page.evaluate((rules) => axe.run(document, { runOnly: rules, resultTypes: ["violations"] }), RULES);
    return { links, wide, text, saves, violations: violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 120)}`) };
  },

  async tags(browser) {
    const page = await open(browser);
    await ask(page, task.query);
    if (task.picture) await page.locator("#query-results").screenshot({ path: task.picture });
    return page.locator("#query-results td").evaluateAll((all) => all.map((each) => each.querySelector(".tag")?.textContent ?? ""));
  },

  async table(browser) {
    const page = await open(browser, { hash: `#query=${encodeURIComponent(task.query)}`, viewport: task.viewport, colorScheme: task.scheme, bypassCSP: true });
    await page.click("[data-does=run]");
    await page.waitForFunction(idle);
    const links = await page.locator("#query-results td a").evaluateAll((all) => all.map((each) => [each.textContent, each.href]));
    const picture = await page.locator("#query-results svg desc").allTextContents();
    const caption = await page.locator("#query-results figcaption").allTextContents();
    const drawn = await page.evaluate(drawing);
    if (task.picture) await page.locator("#query-results").screenshot({ path: task.picture });
    const csv = await saved(page, "results.csv");
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
    await page.evaluate(readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"));
    const { violations } = await page.evaluate((rules) => axe.run(document, { runOnly: rules, resultTypes: ["violations"] }), RULES);
    return { links, picture, caption, csv, wide, ...drawn, violations: violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 120)}`) };
  },
};

export default (browser) => acts[task.does](browser);
