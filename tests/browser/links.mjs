// Follows every link of a site on this machine, from its home page on, and tells which lead nowhere.
import { LinkChecker } from "linkinator";

const task = JSON.parse(await new Response(process.stdin).text());
const checker = new LinkChecker();
const { links } = await checker.check({
  path: task.origin, recurse: true, concurrency: 20, checkFragments: true,
  // "#query=" is read by the query page, and no anchor.
  linksToSkip: async (link) => !link.startsWith(task.origin) || link.includes("#query="),
});
const dead = links.filter((link) => link.state === "BROKEN").map((link) => `${link.parent}: ${link.url} (${link.status})`);
process.stdout.write(JSON.stringify({ dead, followed: links.filter((link) => link.state === "OK").length }));
