// Follows every link of a site on this machine, from its home page on, and tells which lead nowhere.
import { LinkChecker } from "linkinator";

const task = JSON.parse(await new Response(process.stdin).text());

// Linkinator looks through all results for each link that it meets again, to tell of it as well if it is broken: what it
// looks for is among the broken ones, or it does nothing.
class Checker extends LinkChecker {
  #broken = [];

  constructor() {
    super();
    this.on("link", (link) => link.state === "BROKEN" && this.#broken.push(link));
  }

  async crawl(options) {
    options.results.find = (sought) => this.#broken.find(sought);
    return super.crawl(options);
  }
}

const { links } = await new Checker().check({
  path: task.origin, recurse: true, concurrency: 20, checkFragments: true,
  // "#query=" is read by the query page, and no anchor.
  linksToSkip: async (link) => !link.startsWith(task.origin) || link.includes("#query="),
});
const dead = links.filter((link) => link.state === "BROKEN").map((link) => `${link.parent}: ${link.url} (${link.status})`);
process.stdout.write(JSON.stringify({ dead, followed: links.filter((link) => link.state === "OK").length }));
