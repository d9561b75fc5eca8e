// Opens pages in one width and each scheme, and tells what axe finds and what is asked of others.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { onEach, task } from "./browsing.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
// All that a scheme changes is colours.
const OF_COLOURS = ["color-contrast", "link-in-text-block"];

// The contrast of a word follows from its own look and those of all it stands in: of elements that look alike the first
// three are judged, as the rows of long lists are most of a page.
const unlike = () => {
  const LOOK = [
    "color", "backgroundColor", "backgroundImage", "opacity", "fontSize", "fontWeight", "textShadow", "filter", "position",
    "display", "float", "zIndex", "overflow", "clipPath", "transform", "textIndent", "mixBlendMode",
  ];
  const numbers = new Map();
  const looks = new Map();
  const judged = new Map();
  for (const node of document.querySelectorAll("*")) {
    const style = getComputedStyle(node);
    const own = [looks.get(node.parentElement), node.localName, node.className, ...LOOK.map((name) => style[name])].join();
    if (!numbers.has(own)) numbers.set(own, numbers.size);
    looks.set(node, numbers.get(own));
    const letters = [...node.childNodes].map((each) => (each.nodeType === Node.TEXT_NODE ? each.data.trim() : "")).join("");
    const kind = [looks.get(node), Math.min(letters.length, 2), node.disabled, node.checkVisibility()].join();
    judged.set(kind, (judged.get(kind) ?? 0) + 1);
    node.toggleAttribute("data-judged", judged.get(kind) <= 3);
  }
  axe.configure({ rules: [{ id: "color-contrast", selector: "[data-judged]" }] });
};
const inspect = (rules) => axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
const told = ({ id, help, nodes }) =>
  ({ id, help, where: nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} | ${node.failureSummary}`) });

// Each page has scripts of its own, as the browser sees it: what it would optimise runs once.
export const flags = ["--js-flags=--no-opt --no-maglev"];

export default async (browser) => {
  const [first] = task.schemes;
  const options = { viewport: { width: task.width, height: 900 }, bypassCSP: true };
  const judged = await onEach(browser, { options, tabs: 2 }, async (page, path) => {
    const found = {};
    await page.emulateMedia({ colorScheme: first });
    await page.goto(task.origin + path, { waitUntil: "load" });
    await page.evaluate(AXE);
    for (const scheme of task.translated.includes(path) ? [first] : task.schemes) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.evaluate(unlike);
      const { violations } = await page.evaluate(inspect, scheme === "dark" ? OF_COLOURS : RULES);
      found[scheme] = { violations: violations.map(told), foreign: [...page.foreign], complaints: [...page.complaints] };
    }
    return found;
  });
  const of = (scheme) => task.pages.filter((path) => judged[path][scheme]).map((path) => [path, judged[path][scheme]]);
  return Object.fromEntries(task.schemes.map((scheme) => [scheme, Object.fromEntries(of(scheme))]));
};
