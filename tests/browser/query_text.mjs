// Asks the modules of the query page that need no page.
import { callOf } from "../../site/assets/query/calls.js";
import { proposals } from "../../site/assets/query/completion.js";
import { datasetOf } from "../../site/assets/query/dataset.js";
import { read } from "../../site/assets/query/graph.js";
import { placeOf, reasonsOf, restOf } from "../../site/assets/query/faults.js";
import { declarations, formOf, malformed, undeclared, updateOf, withPrefixes } from "../../site/assets/query/sparql.js";

const task = JSON.parse(await new Response(process.stdin).text());
const functions = { callOf, datasetOf, declarations, malformed, read, formOf, placeOf, reasonsOf, restOf, undeclared, updateOf, withPrefixes, proposals: (before, terms) => proposals(before, before, { terms, language: "en" }) };
process.stdout.write(JSON.stringify(task.calls.map(([name, ...values]) => functions[name](...values))));
