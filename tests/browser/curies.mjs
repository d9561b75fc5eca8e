// Reads the names on pages as a reader sees them, with what the style sheet makes of their letters.
import { openPage, task } from "./browsing.mjs";

export default async (browser) => {
  const found = {};
  for (const width of task.widths) {
    const page = await openPage(browser, { viewport: { width, height: 800 } });
    for (const path of task.pages) {
      await page.goto(task.origin + path);
      const names = await page.locator("dt, h1, h3, .kicker > *, .classes a").evaluateAll((all) => all.map((each) => each.innerText));
      found[`${path} ${width}`] = names.map((each) => each.split("\u00a0")[0]);
    }
  }
  return found;
};
