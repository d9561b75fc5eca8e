// Who answers a query: the endpoint of the site where there is one, else an engine in this page.

import { formOf } from "./sparql.js";

/** A query that could not be answered, in English, and for what reasons: `communique.reasons`. */
export class QueryError extends Error {
  constructor(message, reasons = []) {
    super(message);
    this.reasons = reasons;
  }
}

/** The site could not be asked for what a query needs. */
export class Unreached extends Error {}

/** A query that was stopped. */
export class Stopped extends Error {}

/** Returns whether the server of the query page at `url` answers queries: a header says so, and nothing is tried in vain. */
export async function hasEndpoint(url) {
  try {
    const { headers } = await fetch(url, { method: "HEAD" });
    return /rel="?service"?/.test(headers.get("Link") ?? "");
  } catch {
    return false;
  }
}

/** Asks the endpoint at `url`. */
export function endpoint(url) {
  let controller;

  async function run(text) {
    controller = new AbortController();
    const start = performance.now();
    const form = formOf(text);
    const accept = form === "graph" ? "text/turtle" : "application/sparql-results+json";
    const headers = { Accept: accept, "Content-Type": "application/sparql-query" };
    try {
      const response = await fetch(url, { method: "POST", headers, body: text, signal: controller.signal });
      const body = await response.text();
      if (!response.ok) throw failureOf(body, `${response.status} ${response.statusText}`);
      return { form, body, seconds: (performance.now() - start) / 1000 };
    } catch (error) {
      if (error.name === "AbortError") throw new Stopped();
      throw error instanceof TypeError ? new Unreached() : error;
    }
  }
  return { run, stop: () => controller?.abort(), isRemote: true };
}

/** Answers in this page, over the dump that `source` names; `told` hears how far loading has come. */
export function inPage(source, told) {
  let worker, waiting;

  function begin() {
    worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }) => {
      if (data.step) told(data);
      else if (data.unreached) {
        end();
        settle((each) => each.reject(new Unreached()));
      } else if (data.error) failure(data).then((why) => settle((each) => each.reject(why)));
      else settle((each) => each.resolve(data));
    });
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      end();
      settle((each) => each.reject(new QueryError(event.message, [event.message ? { kind: "said", said: event.message } : { kind: "unstarted" }])));
    });
  }

  function end() {
    worker?.terminate();
    worker = undefined;
  }

  async function failure({ error, sound, text, reasons }) {
    // After a fault of the machine code nothing in the worker can be relied upon.
    if (!sound) end();
    try {
      return new QueryError(error, reasons ?? (await import("./faults.js")).reasonsOf(text, error));
    } catch {
      return new Unreached();
    }
  }

  function settle(how) {
    const each = waiting;
    waiting = undefined;
    if (each) how(each);
  }

  function run(text) {
    if (!worker) begin();
    return new Promise((resolve, reject) => {
      waiting = { resolve, reject };
      worker.postMessage({ id: 1, text, source });
    });
  }

  function stop() {
    end();
    settle((each) => each.reject(new Stopped()));
  }
  return { run, stop, isRemote: false };
}

// What a problem document says (RFC 9457).
function failureOf(body, status) {
  try {
    const { detail, reasons } = JSON.parse(body);
    return new QueryError(detail || status, reasons);
  } catch {
    return new QueryError(status);
  }
}
