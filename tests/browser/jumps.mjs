// Opens pages of a slow host, several at a time, and tells what moves after it was shown: which nodes, and how far.
import { onEach, task } from "./browsing.mjs";

// What moves is told as its element, and "left top width height" before and after (Layout Instability, section 2.4).
const watchShifts = () => {
  window.jumps = [];
  const box = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(" ");
  const name = (node) => (node?.outerHTML ?? node?.parentElement?.outerHTML ?? "gone").slice(0, 120);
  const told = ({ node, previousRect, currentRect }) => [name(node), `${box(previousRect)} -> ${box(currentRect)}`];
  new PerformanceObserver((list) => list.getEntries().forEach((each) => window.jumps.push(...each.sources.map(told))))
    .observe({ type: "layout-shift", buffered: true });
};

const shifts = async (page, path) => {
  await page.goto(task.origin + path, { waitUntil: "load" });
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0))));
  return page.evaluate(() => window.jumps);
};

// A busy browser may pause within a line too, and show a sentence that still grows; what a layout does wrong it does
// each time, as the pieces are the same.
export default (browser) => {
  const options = { viewport: { width: task.width, height: 900 } };
  return onEach(browser, { options, tabs: 8, prepare: (page) => page.addInitScript(watchShifts) }, async (page, path) => {
    const once = await shifts(page, path);
    const again = new Set(once.length ? (await shifts(page, path)).map(([node]) => node) : []);
    return once.filter(([node]) => again.has(node));
  });
};
