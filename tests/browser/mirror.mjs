// Opens pages that run from right to left, and tells their direction, what stands out of the window, and where things begin.
import { onEach, task } from "./browsing.mjs";

const look = () => {
  document.querySelectorAll("details").forEach((each) => { each.open = true; });
  const width = document.documentElement.clientWidth;
  const box = (selector) => document.querySelector(selector)?.getBoundingClientRect();
  const [title, main, find] = [box("h1"), box("main"), box(".masthead .find")];
  const iri = document.querySelector(".actions .iri");
  // What is hidden for the eye, and what scrolls in a box of its own, may stand anywhere.
  const free = (node) => !node.closest(".hidden, .word, .scroll, pre, svg");
  const out = [...document.querySelectorAll("body *")].filter((node) => {
    const { left, right, width: own } = node.getBoundingClientRect();
    return own > 0 && free(node) && (left < -1 || right > width + 1);
  });
  return {
    direction: getComputedStyle(document.documentElement).direction,
    declared: document.documentElement.dir,
    overflow: document.documentElement.scrollWidth - width,
    out: out.slice(0, 5).map((node) => node.outerHTML.slice(0, 120)),
    titleOnTheRight: !title || title.right > main.right - main.width * 0.1,
    findOnTheLeft: !find || width < 640 || find.left < width * 0.2,
    iri: iri ? getComputedStyle(iri).direction : "ltr",
  };
};

export default async (browser) => {
  const found = {};
  for (const width of task.widths) {
    const seen = await onEach(browser, { options: { viewport: { width, height: 900 } } }, async (page, path) => {
      await page.goto(task.origin + path, { waitUntil: "load" });
      return page.evaluate(look);
    });
    for (const path of task.pages) found[`${path} ${width}`] = seen[path];
  }
  return found;
};
