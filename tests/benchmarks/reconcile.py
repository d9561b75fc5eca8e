"""Precision and recall of reconciliation on made-up spelling variants, and milliseconds a name.

    python tests/benchmarks/reconcile.py [--resources 100000] [--names 1000]

Deterministic. Half of the names asked for are variants of people in the index, by kind; the same kinds of variants of
people who are not in it must not match anybody. Committees with a number, groups with a letter and ministries are asked
for in other punctuation, case or with an article more; those with a digit more, with a word that begins with the
letter, or with a word or a numeral more must not match any. Bodies of one long word are asked for with a slip anywhere,
and with two, which are to be found, for a person to decide.
"""

import argparse
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from communique.lookup.matching import Wanted, candidates
from communique.lookup.names import Entry, Names, write

BASE = "https://example.org/made-up/"
PERSON = "http://xmlns.com/foaf/0.1/Person"
BODY = "http://xmlns.com/foaf/0.1/Organization"
CONSONANTS = [*"bvgdzklmnprstf", "zh", "kh", "sh"]
START = [*CONSONANTS, *"aiou", "ch", "yu", "ya"]
SYLLABLES = [consonant + vowel for consonant in CONSONANTS for vowel in "aeiou"]
ENDS = ["n", "r", "l", "v", "s", "m", "ov", "ev", "in", "bek", "zoda", "ian", "uly", ""]
CYRILLIC = {
    "zh": "ж", "kh": "х", "sh": "ш", "ch": "ч", "yu": "ю", "ya": "я", "a": "а", "b": "б", "v": "в", "g": "г", "d": "д",
    "e": "е", "z": "з", "i": "и", "k": "к", "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "r": "р", "s": "с", "t": "т", "u": "у",  # noqa: E501
    "f": "ф", "y": "й",
}  # fmt: skip


def made_name(chance: random.Random) -> str:
    return " ".join(
        (chance.choice(START) + "".join(chance.choices(SYLLABLES, k=syllables)) + chance.choice(ENDS)).capitalize()
        for syllables in (chance.choice((1, 2)), chance.choice((2, 3)))
    )


def cyrillic(name: str, _: random.Random) -> str:
    text = name.lower()
    for latin, letter in CYRILLIC.items():
        text = text.replace(latin, letter)
    return text.title()


def romanised(name: str, _: random.Random) -> str:
    pairs = (("kh", "h"), ("zh", "j"), ("yu", "iu"), ("ya", "ia"), ("v", "w"), ("k", "q"))
    for one, other in pairs:
        name = name.lower().replace(one, other)
    return name.title()


def turned(name: str, _: random.Random) -> str:
    return ", ".join(reversed(name.split()))


def initial(name: str, _: random.Random) -> str:
    return f"{name[0]}. {name.split()[1]}"


def slip(name: str, chance: random.Random) -> str:
    at = chance.randrange(len(name.split()[0]) + 2, len(name) - 1)
    return chance.choice(
        (
            name[:at] + name[at + 1 :],
            name[:at] + name[at + 1] + name[at] + name[at + 2 :],
            name[:at] + chance.choice("aeioukmnrst") + name[at + 1 :],
            name[:at] + name[at] + name[at:],
        )
    )


def slip_anywhere(name: str, chance: random.Random) -> str:
    at = chance.randrange(len(name) - 1)
    return chance.choice(
        (name[:at] + name[at + 1 :], name[:at] + name[at + 1] + name[at] + name[at + 2 :])
    ).capitalize()


def two_slips(name: str, chance: random.Random) -> str:
    """Return a name with a letter changed in each half."""
    letters, half = list(name), len(name) // 2
    for at in (chance.randrange(half), chance.randrange(half, len(name))):
        letters[at] = chance.choice([each for each in "aeioukmnrst" if each != letters[at].lower()])
    return "".join(letters).capitalize()


KINDS: dict[str, Callable[[str, random.Random], str]] = {
    "same": lambda name, _: name,
    "order": turned,
    "Cyrillic": cyrillic,
    "romanisation": romanised,
    "initials": initial,
    "slip": slip,
    "Cyrillic, turned": lambda name, chance: turned(cyrillic(name, chance), chance),
    "number": lambda name, _: ", ".join(name.split(" ", 1)),
    "letter": lambda name, _: name.upper(),
    "word": lambda name, _: name.replace("Ministry", "the Ministry"),
    "one word, slip": slip_anywhere,
    "one word, two slips": two_slips,
}
OPEN = ("one word, slip", "one word, two slips")
"""Kinds of which few match."""
DESIGNATIONS = {"number": ("{} Committee {}", "1234567"), "letter": ("{} Group {}", "ABGKMST"),
                "word": ("Ministry of the {}", " "), "one word, slip": ("{}stan", " "),
                "one word, two slips": ("{}land", " ")}  # fmt: skip
MORE = ("Deputy {}", "Former {}", "EU {}", "{} II", "New {}")


def bodies(kind: str, words: list[str], chance: random.Random) -> tuple[list[str], list[str]]:
    """Return bodies that are told apart by a number or a letter, and others that only look like them."""
    name, signs = DESIGNATIONS[kind]
    known = [name.format(word, chance.choice(signs)) for word in words]
    if kind == "word":
        return known, [chance.choice(MORE).format(name) for name in known]
    if kind in OPEN:
        return known, [word + "grad" for word in words]
    return known, [name + (chance.choice("0123456789") if kind == "number" else "anara") for name in known]


def entries(names: list[str], cls: str) -> Iterator[Entry]:
    for number, name in enumerate(names):
        yield Entry(f"{BASE}{cls[-6:]}{number}", f"p{number}", name, {cls: True}, [name], [], [])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--resources", type=int, default=100_000)
    parser.add_argument("--names", type=int, default=1_000)
    given = parser.parse_args()
    chance = random.Random(2026)
    every = list(dict.fromkeys(made_name(chance) for _ in range(given.resources + given.names * 2)))
    known, strangers = every[: given.resources], every[given.resources :]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "names.sqlite"
        began = time.perf_counter()
        share = given.names // len(KINDS) // 2 + 1
        words = list(dict.fromkeys(name.split()[1] for name in known))[:share]
        designated = {kind: bodies(kind, words, chance) for kind in DESIGNATIONS}
        entered = [*entries(known, PERSON), *entries([name for ours, _ in designated.values() for name in ours], BODY)]
        write(path, entered, about={"base": BASE, "title": "", "version": ""}, terms=[])
        print(
            f"written: {len(entered)} resources, {time.perf_counter() - began:.1f} s, {path.stat().st_size >> 20} MiB"
        )
        people = [kind for kind in KINDS if kind not in DESIGNATIONS]
        asked = [(kind, name) for kind in people for name in chance.sample(known, share)]
        others = [(kind, name) for kind in people for name in chance.sample(strangers, share)]
        asked += [(kind, name) for kind, (ours, _) in designated.items() for name in ours]
        others += [(kind, name) for kind, (_, theirs) in designated.items() for name in theirs]
        measure(path, asked, others, chance)


def measure(path: Path, asked: list[tuple[str, str]], others: list[tuple[str, str]], chance: random.Random) -> None:
    tally: Counter[tuple[str, str]] = Counter()
    times, work = [], 0.0
    with Names(path, seconds=3600) as index:
        for real, pairs in ((True, asked), (False, others)):
            for kind, name in pairs:
                text = KINDS[kind](name, chance)
                began, worked = time.perf_counter(), time.process_time()
                found = candidates(index, Wanted(name=text, types=(PERSON, BODY), limit=5))
                times.append(1000 * (time.perf_counter() - began))
                work += 1000 * (time.process_time() - worked)
                right = [each for each in found if each.resource.name == name]
                matched = [each for each in found if each.match]
                tally[kind, "asked"] += real
                tally[kind, "found"] += real and bool(right)
                tally[kind, "first"] += real and bool(found) and found[0].resource.name == name
                tally[kind, "matched"] += real and bool(right) and right[0].match
                tally[kind, "wrong"] += bool(matched) and (not real or matched[0].resource.name != name)
    print(f"{'kind':20} asked  found  first  matched  wrong (of known and strangers together)")
    for kind in KINDS:
        print(f"{kind:20}", *(f"{tally[kind, each]:6}" for each in ("asked", "found", "first", "matched", "wrong")))
    total = {each: sum(tally[kind, each] for kind in KINDS) for each in ("asked", "found", "matched", "wrong")}
    sure = {each: sum(tally[kind, each] for kind in KINDS if kind not in OPEN) for each in ("asked", "matched")}
    print(
        f"recall of candidates {total['found'] / total['asked']:.3f}, "
        f"matches, but for names of one word with slips, {sure['matched'] / sure['asked']:.3f}"
    )
    print(f"precision of matches {total['matched'] / max(1, total['matched'] + total['wrong']):.3f}")
    times.sort()
    print(f"ms a name: mean {sum(times) / len(times):.2f}, median {times[len(times) // 2]:.2f}, "
          f"95th percentile {times[len(times) * 95 // 100]:.2f}, most {times[-1]:.2f}; "
          f"of CPU, mean {work / len(times):.2f}")  # fmt: skip


if __name__ == "__main__":
    main()
