// Runs the scripts beside this file, one after the other, in one browser: a line of JSON on the standard input says which,
// and with what task; a line on the standard output answers what it found, or what went wrong. Ends with its input.
import { createInterface } from "node:readline";
import { begin, closeAll, launch } from "./browsing.mjs";

let shared;

// A script that exports `flags` has a browser of its own, that is started with them.
async function answer({ script, task }) {
  begin(task);
  const { default: work, flags } = await import(`./${script}`);
  if (!flags && !shared?.isConnected()) shared = await launch();
  const browser = flags ? await launch(flags) : shared;
  try {
    return await work(browser);
  } finally {
    await (flags ? browser.close() : closeAll(browser));
  }
}

const lines = createInterface({ input: process.stdin });
lines.on("close", () => process.exit());  // whatever runs: Playwright ends its browsers with the process
for await (const line of lines) {
  const said = await answer(JSON.parse(line)).then((found) => ({ found }), (fault) => ({ fault: fault.stack }));
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
