// Opens pages without their Content-Security-Policy, does to every element what readers do, and tells what has run.
import { openPage, task, withBrowser } from "./browsing.mjs";

const listen = () => {
  window.ran = [];
  for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = (said) => window.ran.push(`${name} ${said}`);
};

const touch = () => {
  const links = [], handlers = [];
  for (const element of document.querySelectorAll("*")) {
    for (const { name, value } of element.attributes) {
      if (name.startsWith("on")) handlers.push(`${element.tagName} ${name}`);
      if (/^\s*(javascript|vbscript|data:text\/html):?/i.test(value) && /^(href|src|action|formaction|xlink:href|data)$/.test(name))
        links.push(`${element.tagName} ${name}=${value}`);
    }
    for (const event of ["mouseover", "mouseenter", "focus", "begin", "load", "error", "toggle"])
      element.dispatchEvent(new Event(event, { bubbles: false }));
  }
  for (const details of document.querySelectorAll("details")) details.open = true;
  return { links, handlers, frames: document.querySelectorAll("iframe, object, embed").length };
};

await withBrowser(async (browser) => {
  const page = await openPage(browser, { viewport: { width: 1280, height: 900 }, bypassCSP: true });
  await page.addInitScript(listen);
  let dialogs = 0;
  page.on("dialog", async (dialog) => { dialogs += 1; await dialog.dismiss(); });
  const found = {};
  for (const path of task.pages) {
    page.foreign.length = dialogs = 0;
    await page.goto(task.origin + path, { waitUntil: "load" });
    const touched = await page.evaluate(touch);
    for (const [selector, text] of task.typedOn.includes(path) ? Object.entries(task.typed) : [])
      if (await page.locator(selector).count()) { await page.locator(selector).first().fill(text); await page.waitForTimeout(800); }
    const words = await page.evaluate(() => document.documentElement.outerHTML.includes("alert(1)"));
    found[path] = { ...touched, ran: await page.evaluate(() => window.ran), dialogs, foreign: [...page.foreign], words };
  }
  return found;
});
