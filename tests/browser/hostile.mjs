// Opens pages without their Content-Security-Policy, does to every element what readers do, and tells what has run.
import { onEach, task } from "./browsing.mjs";

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

const prepare = async (page) => {
  await page.addInitScript(listen);
  page.on("dialog", async (dialog) => { page.dialogs += 1; await dialog.dismiss(); });
};

export default (browser) => {
  const options = { viewport: { width: 1280, height: 900 }, bypassCSP: true };
  return onEach(browser, { options, prepare }, async (page, path) => {
    page.dialogs = 0;
    await page.goto(task.origin + path, { waitUntil: "load" });
    const touched = await page.evaluate(touch);
    for (const [selector, text] of task.typedOn.includes(path) ? Object.entries(task.typed) : [])
      if (await page.locator(selector).count()) { await page.locator(selector).first().fill(text); await page.waitForTimeout(800); }
    const words = await page.evaluate(() => document.documentElement.outerHTML.includes("alert(1)"));
    const ran = await page.evaluate(() => window.ran);
    return { ...touched, ran, dialogs: page.dialogs, foreign: [...page.foreign], words };
  });
};
