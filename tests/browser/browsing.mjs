// What the scripts share that use a browser: the task of each, and pages with every request that leaves the site noted.
import { chromium } from "playwright-core";

const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

// The task of the script that runs.
export let task;
export const begin = (next) => { task = next; };

export const launch = (flags = []) => chromium.launch({ executablePath: task.browser, args: [...FLAGS, ...flags] });
export const closeAll = (browser) => Promise.all(browser.contexts().map((context) => context.close()));

// A page in which everything that is asked of another origin, or complained of in the console, is kept.
export async function openPage(browser, options = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.foreign = [];
  page.complaints = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (/^https?:$/.test(url.protocol) && url.origin !== new URL(task.origin).origin) page.foreign.push(request.url());
  });
  page.on("console", (message) => message.type() === "error" && page.complaints.push(message.text()));
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  return page;
}

// Opens the pages of the task, several at a time, each tab one after the other; gives what `look` finds on each by its path.
export async function onEach(browser, { options, tabs = 4, prepare = async () => {} }, look) {
  const left = [...task.pages];
  const found = {};
  const work = async () => {
    const page = await openPage(browser, options);
    await prepare(page);
    for (let path = left.shift(); path; path = left.shift()) {
      page.foreign.length = page.complaints.length = 0;
      found[path] = await look(page, path);
    }
    await page.context().close();
  };
  await Promise.all(Array.from({ length: tabs }, work));
  return found;
}
