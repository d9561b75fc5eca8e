// Asks the page of the search, and tells what it shows, and where the keys lead.
import { openPage, task } from "./browsing.mjs";

export default async (browser) => {
  const page = await openPage(browser);
  const status = page.locator("#site-status");
  const ask = async (query) => {
    await page.goto(`${task.origin}search.html?q=${encodeURIComponent(query)}`);
    await page.waitForFunction(() => document.getElementById("site-status").textContent.trim());
    const hits = await page.locator("#site-found li").evaluateAll((all) => all.map((each) => ({
      url: each.querySelector("a").getAttribute("href"), title: each.querySelector("a").textContent,
      other: each.querySelector("bdi")?.textContent ?? "",
    })));
    const headings = await page.locator("#site-found h2").evaluateAll((all) => all.map((each) => [each.lang, each.textContent]));
    return { hits, headings, status: (await status.textContent()).trim() };
  };
  const answers = {};
  for (const query of task.queries) answers[query] = await ask(query);

  await page.goto(`${task.origin}index.html`);
  await page.locator(".find input").fill(task.typed);
  await page.keyboard.press("Enter");
  await page.waitForURL(/search\.html\?q=/);
  await page.waitForSelector("#site-found a");
  await page.locator("#site-q").focus();
  await page.keyboard.press("ArrowDown");
  const first = await page.evaluate(() => document.activeElement.textContent);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  const back = await page.evaluate(() => document.activeElement.id);
  await page.locator("#site-q").fill("");
  await page.locator("#site-q").pressSequentially(task.typed);
  await page.waitForSelector("#site-found a");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => !url.pathname.endsWith("/search.html"));
  return { answers, first, back, opened: new URL(page.url()).pathname, complaints: page.complaints, foreign: page.foreign };
};
