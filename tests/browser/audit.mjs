// Opens pages in one scheme and width, and tells what axe finds and what is asked of others.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { openPage, task, withBrowser } from "./browsing.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
// All that a scheme changes is colours.
const OF_COLOURS = ["color-contrast", "link-in-text-block"];

const inspect = (rules) => axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
const told = ({ id, help, nodes }) =>
  ({ id, help, where: nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} | ${node.failureSummary}`) });

await withBrowser(async (browser) => {
  const viewport = { width: task.width, height: 900 };
  const page = await openPage(browser, { viewport, colorScheme: task.scheme, bypassCSP: true });
  const found = {}, rules = task.scheme === "dark" ? OF_COLOURS : RULES;
  for (const path of task.pages) {
    page.foreign.length = page.complaints.length = 0;
    await page.goto(task.origin + path, { waitUntil: "load" });
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(inspect, rules);
    found[path] = { violations: violations.map(told), foreign: [...page.foreign], complaints: [...page.complaints] };
  }
  return found;
});
