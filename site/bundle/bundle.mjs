// Bundles the packages of package.json, which are installed in the current folder, into the folder that is named.
// The same packages give the same bytes: nothing of the machine, its paths or the time gets into a file.

import { createHash } from "node:crypto";
import { copyFile, readdir, readFile, rm, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { argv } from "node:process";
import { build } from "esbuild";

const [, , out, inputs] = argv;
const options = {
  bundle: true,
  charset: "utf8",
  format: "esm",
  legalComments: "none",
  logLevel: "error",
  minify: true,
  sourcemap: false,
  target: "es2022",
};

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const entries = { autocomplete: "autocomplete.js", codemirror: "codemirror.js", oxigraph: "node_modules/oxigraph/web.js" };
const chunks = { splitting: true, chunkNames: "codemirror-[hash]" };
const { metafile } = await build({ ...options, ...chunks, entryPoints: entries, outdir: out, metafile: true });
await copyFile("node_modules/oxigraph/web_bg.wasm", join(out, "oxigraph.wasm"));

const names = Object.keys(metafile.inputs).map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]);
const packages = await Promise.all([...new Set(names.filter(Boolean))].sort().map(described));
const texts = packages.map(({ name, version, licence, source, text }) =>
  [`${name} ${version}`, `Licence: ${licence}`, `Source: ${source}`, "", text].join("\n"));
await writeFile(join(out, "LICENCES.txt"), texts.join("\n\n" + "-".repeat(80) + "\n\n") + "\n");
const files = {};
for (const name of (await readdir(out)).sort()) {
  files[name] = createHash("sha256").update(await readFile(join(out, name))).digest("hex");
}
const versions = Object.fromEntries(packages.map(({ name, version }) => [name, version]));
await writeFile(join(out, "manifest.json"), JSON.stringify({ inputs, packages: versions, files }, null, 1) + "\n");

async function described(name) {
  const folder = join("node_modules", name);
  const { version, license, repository } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).sort().find((each) => /^(licen[cs]e|copying)/i.test(each));
  const text = file ? (await readFile(join(folder, file), "utf8")).trim() : "The package carries no text of its licence.";
  const source = (repository?.url ?? repository ?? "").replace(/^git\+/, "").replace(/\.git$/, "");
  return { name, version, licence: license, source, text };
}
