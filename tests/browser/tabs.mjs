// Opens many tabs under `communique serve --watch`, edits a file while one of them is shown, and tells what each shows.
// Playwright lets each page take itself for the one that is shown: so these are driven without its pages.
import { readFileSync, writeFileSync } from "node:fs";
import { task } from "./browsing.mjs";

// Such tabs belong to no context that could be closed: they are closed with the browser.
export const flags = [];

const PATIENCE = 60_000;

async function tabOpener(browser) {
  const root = await browser.newBrowserCDPSession();
  const answers = new Map();
  root.on("Target.receivedMessageFromTarget", ({ message }) => {
    const { id, result } = JSON.parse(message);
    answers.get(id)?.(result);
  });
  return async (url) => {
    const { targetId } = await root.send("Target.createTarget", { url });
    const { sessionId } = await root.send("Target.attachToTarget", { targetId, flatten: false });
    const evaluate = async (expression) => {
      const id = answers.size + 1;
      const answer = new Promise((resolve) => { answers.set(id, resolve); });
      const message = { id, method: "Runtime.evaluate", params: { expression, returnByValue: true } };
      await root.send("Target.sendMessageToTarget", { sessionId, message: JSON.stringify(message) });
      return (await answer).result.value;
    };
    return { evaluate, show: () => root.send("Target.activateTarget", { targetId }) };
  };
}

async function shows(tab, word) {
  for (const end = Date.now() + PATIENCE; Date.now() < end; await new Promise((go) => { setTimeout(go, 50); })) {
    if ((await tab.evaluate("document.title")).startsWith(word)) return;
  }
  throw new Error(`A tab does not show ${word}: ${await tab.evaluate("document.title")}`);
}

export default async (browser) => {
  const open = await tabOpener(browser);
  const tabs = [];
  for (let number = 0; number < task.tabs; number += 1) {
    tabs.push(await open(task.origin + task.page));
    await shows(tabs.at(-1), task.edit[0]);
  }
  const hidden = await Promise.all(tabs.map((tab) => tab.evaluate("document.hidden")));
  writeFileSync(task.file, readFileSync(task.file, "utf8").replace(...task.edit));
  await shows(tabs.at(-1), task.edit[1]);
  const titles = await Promise.all(tabs.map((tab) => tab.evaluate("document.title")));
  for (const tab of tabs) {
    await tab.show();
    await shows(tab, task.edit[1]);
  }
  return { hidden, titles };
};
