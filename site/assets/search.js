// Finds things by their names in the label index of the site, as label_index.py describes it.
// The page works without this script where a server runs: it answers the same form.

const MOST_SHARDS = 12;
const MOST = 60;
const BLOCK = 100;
const ACCENTS = /[\u0300-\u036f\u064b-\u065f]/gu;
// Scripts without spaces: each sign is a word.
const WORDS = /[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{10ffff}]|[\p{L}\p{N}\p{M}]/gu;
const ALONE = /^[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{10ffff}]$/u;
const ASCII = /^[\x00-\x7f]*$/;
const LONGEST = 200;

export function spelt(text) {
  const found = [""];
  for (const sign of [...text].slice(0, LONGEST).join("").normalize("NFKD").toLowerCase().replace(ACCENTS, "")) {
    if (!sign.match(WORDS)) found.push("");
    else if (ALONE.test(sign)) found.push(sign, "");
    else found[found.length - 1] += sign;
  }
  return found.filter(Boolean);
}

const folded = (word, folds) => folds.reduce((text, [pattern, to]) => text.replace(new RegExp(pattern, "g"), to), word);
const spellings = (word, folds) => {
  const fold = ASCII.test(word) && word.length > 2 ? folded(word, folds) : "";
  return fold.length > 1 ? [word, fold] : [word];
};
const begins = (word, wanted) => wanted.some((each) => word.startsWith(each));

// The title that a reader sees: the first where the language has none.
function titleOf(titles, language) {
  const tag = [language, ""].find((each) => each in titles) ?? Object.keys(titles)[0] ?? "";
  return [tag, titles[tag] ?? ""];
}

// The shards in which words may begin so: from the last that begins before to the last that begins with it.
function shardsOf(firsts, wanted) {
  return [...firsts.keys()].filter((number) => wanted.some((start) => {
    const [first, next] = [firsts[number], firsts[number + 1]];
    return (first <= start || first.startsWith(start)) && (next === undefined || next > start);
  }));
}

// The numbers of the things that have a word with one of these beginnings.
async function having(numbers, wanted, read) {
  const found = new Set();
  for (const shard of await Promise.all(numbers.map((number) => read(`${number}.json`)))) {
    for (const [word, steps] of Object.entries(shard)) {
      if (!begins(word, wanted)) continue;
      let number = 0;
      for (const step of steps) found.add(number += step);
    }
  }
  return found;
}

function told([stem, number, titles, others = []], classes, asked, language, folds) {
  const [tag, title] = titleOf(titles, language);
  const [kindTag, kind] = titleOf(classes[number], language);
  const has = (text, wanted) => spelt(text).some((word) => spellings(word, folds).some((each) => begins(each, wanted)));
  const names = [title, ...Object.values(titles), ...others];
  const other = names.find((name) => asked.every((wanted) => has(name, wanted))) ?? title;
  return { stem, title, tag, other: other === title ? "" : other, kind, kindTag };
}

// Returns { found, count, short }: the best things of so many, or `short` if more letters are needed.
export async function search(query, { language, read }) {
  const { folds, classes, shards } = await read("index.json");
  const asked = spelt(query).map((word) => spellings(word, folds));
  const numbers = asked.map((wanted) => shardsOf(shards, wanted));
  if (!asked.length || numbers.some((each) => each.length > MOST_SHARDS)) return { found: [], count: 0, short: asked.length > 0 };
  const [first, ...others] = await Promise.all(asked.map((wanted, place) => having(numbers[place], wanted, read)));
  const ranked = [...first].filter((number) => others.every((each) => each.has(number))).sort((one, other) => one - other);
  const things = await Promise.all(ranked.slice(0, MOST).map(async (number) =>
    (await read(`things-${Math.floor(number / BLOCK)}.json`))[number % BLOCK]));
  return { found: things.map((thing) => told(thing, classes, asked, language, folds)), count: ranked.length, short: false };
}
