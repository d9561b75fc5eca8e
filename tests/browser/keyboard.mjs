// Goes through pages by keyboard alone, and tells where that leads.
import { onEach, task } from "./browsing.mjs";

// Where the focus is: its number among all elements, and what a reader sees of it.
const focused = async () => {
  const node = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(node);
  const seen = () => {
    const box = node.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight;
  };
  // The page is scrolled to the focus with the next frame.
  for (let frame = 0; frame < 30 && !seen(); frame += 1) await new Promise(requestAnimationFrame);
  const all = [...document.querySelectorAll("*")];
  return {
    place: all.indexOf(node), name: node.outerHTML.slice(0, 120), note: node.closest(".notes li")?.id ?? "", shown: seen(),
    ringed: outlineStyle !== "none" && parseFloat(outlineWidth) > 0, main: Boolean(node.closest("main")),
  };
};
const reachable = () => [...document.querySelectorAll("a[href], input, button, summary, [tabindex='0']")]
  .filter((node) => node.checkVisibility()).length;

const walk = async (page, path) => {
  const press = async (key) => { await page.keyboard.press(key); return page.evaluate(focused); };
  await page.goto(task.origin + path);
  const count = await page.evaluate(reachable);
  const stops = [];
  for (let step = 0; step < count; step += 1) stops.push(await press("Tab"));
  await page.goto(task.origin + path);
  const skip = await press("Tab");
  await page.keyboard.press("Enter");
  const content = await press("Tab");
  await page.locator(".mark").first().focus();
  const mark = await page.evaluate(focused);
  await page.keyboard.press("Enter");
  const note = await press("Tab");
  await page.keyboard.press("Enter");
  const back = new URL(page.url()).hash;
  await page.locator("summary").first().focus();
  await page.keyboard.press("Enter");
  const opened = await page.locator("details").first().getAttribute("open");
  return { stops, skip, content, mark, note, back, opened: opened !== null };
};

// A key takes as long as a frame: most of a walk is waiting, so that all are made at once, each in a window of its own.
export default async (browser) => {
  const found = {};
  const atWidth = async (width) => {
    found[width] = await onEach(browser, { options: { viewport: { width, height: 900 } }, tabs: task.pages.length }, walk);
  };
  await Promise.all(task.widths.map(atWidth));
  return found;
};
