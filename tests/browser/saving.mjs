// Saves the citation of a page in each of its forms, without a script, and tells the name and the text of each file.
import { readFileSync } from "node:fs";
import { openPage, task } from "./browsing.mjs";

export default async (browser) => {
  const page = await openPage(browser, { javaScriptEnabled: false });
  await page.goto(task.origin + task.page);
  await page.click(".cite > summary");
  const found = {};
  for (const link of await page.locator(".cite a[download]").all()) {
    const [file] = await Promise.all([page.waitForEvent("download"), link.click()]);
    found[file.suggestedFilename()] = readFileSync(await file.path(), "utf8");
  }
  return found;
};
