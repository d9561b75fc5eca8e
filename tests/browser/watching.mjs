// Opens a page under `communique serve --watch`, edits a file, and tells what was shown, and how often it was loaded.
import { readFileSync, writeFileSync } from "node:fs";
import { openPage, task } from "./browsing.mjs";

export default async (browser) => {
  const page = await openPage(browser);
  let loads = 0;
  page.on("load", () => { loads += 1; });
  await page.goto(task.origin + task.page);
  const shown = [];
  for (const [from, to] of task.edits) {
    writeFileSync(task.file, readFileSync(task.file, "utf8").replace(from, to));
    await page.waitForFunction((text) => document.body?.innerText.includes(text), to, { timeout: 60_000 });
    shown.push(await page.title());
    // Until the rest of the site is there, which must not load the page once more.
    await page.waitForTimeout(task.pause);
  }
  return { shown, loads, complaints: page.complaints, foreign: page.foreign };
};
