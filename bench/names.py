"""Accuracy and speed of the name engine: `python bench/names.py [--quick]`.

Accuracy is that of bench/data/names.jsonl: our own sentences over spellings seen in public; the
rows marked `aside` were not looked at while tables and rules were tuned. False mentions are those
in made-up news about other people: names of the same given and family names, no pair of which is
tracked. Speed is over synthetic
articles in four languages (Zipf-distributed words, so tokens repeat as in news), beside
`ahocorasick_rs` on exact strings, which finds about a fifth of real spellings.
"""

import argparse
import json
import multiprocessing
import random
import re
import resource
import time
from collections import defaultdict
from collections.abc import Container
from functools import cache
from itertools import accumulate
from pathlib import Path

from db.records import Entity
from monitor.detect.names import Matcher
from monitor.detect.names.spellings import write
from monitor.detect.names.tables import lines

ROWS = Path(__file__).parent / "data" / "names.jsonl"
SIZES = (100, 1_000, 10_000, 100_000)
_FAMILY = re.compile(r"(?:ova?|yeva?|[lL][ıiuü]|zadə)$")
_LETTERS = {
    "az": ("aəeıioöuü", "bcçdfgğhxkqlmnprsştvyz"),
    "en": ("aeiou", "bcdfghjklmnprstvwy"),
    "ru": ("аеиоуыэюя", "бвгджзйклмнпрстфхцчш"),
    "tr": ("aeıioöuü", "bcçdfgğhklmnprsştvyz"),
}

_WOMEN = frozenset(
    "Aynur Aygün Gülnar Nigar Günel Günay Könül Fidan Solmaz Aysel Nərgiz Sevinc Esmər Aydan Aytac"
    " Ayşən Aytən Aybəniz Ülkər Sevil Nuray Gültəkin Arzu".split()
)
# {0} to {3} are four people, {family} is the family name of the last.
_NEWS = {
    "az": (
        "{0} bildirib ki, layihə bu il başa çatacaq.", "Komandanın heyəti: {0}, {1}, {2}, {3}.",
        "Nazir müavini {0} ilə {1} arasında görüş olub, {family} də qatılıb.",
        "Hakim {0} sədrlik edib, ittihamı prokuror {1} müdafiə edib.",
        "{family}, {0} və başqaları çıxış edib. Yaşar bulaq axır, ümid var, ayna sınmaz.",
    ),
    "en": (
        "{0} said the project would end this year.", "The squad: {0}, {1}, {2}, {3}.",
        "Deputy minister {0} met {1} in Baku; {family} was there too.",
        "Judge {0} presided; prosecutor {1} asked for six years.", "{0}'s firm replaced {1}'s.",
    ),
    "ru": (
        "Выступили {0}, {1} и {2}.", "Состав команды: {0}, {1}, {2}, {3}.",
        "Судья {0} огласил решение, {family} не явился.", "{family}, {0} и другие.",
    ),
    "tr": (
        "{0}, projenin bu yıl biteceğini söyledi.", "Kadro: {0}, {1}, {2}, {3}.",
        "Bakan yardımcısı {0}, {1} ile görüştü; {family} gelmedi.", "{0}'in şirketi büyüdü.",
    ),
}  # fmt: skip


def accuracy() -> dict[str, dict[str, tuple[int, int]]]:
    """Split → measure → (right, of). Measures: a language, spans, wrong, near misses."""
    rows = [json.loads(line) for line in ROWS.read_text(encoding="utf-8").splitlines()]
    names = sorted({expected[0] for row in rows for expected in row["expect"]})
    matcher = Matcher([Entity(id=name, kind="person", canonical=name) for name in names])
    counts: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for row in rows:
        for measure, right in _judge(matcher, row).items():
            counts[row["split"]][measure][0] += right
            counts[row["split"]][measure][1] += 1
    return {
        split: {measure: (right, of) for measure, (right, of) in sorted(measures.items())}
        for split, measures in counts.items()
    }


def _judge(matcher: Matcher, row: dict) -> dict[str, bool]:
    found = [m for m in matcher.find(row["text"], row["lang"]) if m.leads_to != "review"]
    if not row["expect"]:
        return {"near misses refused": not found}
    name, start, end = row["expect"][0]
    mine = [m for m in found if m.entity == name and m.leads_to == "flag"]
    judged = {
        row["lang"]: bool(mine),
        "all": bool(mine),
        "no wrong person": all(m.entity == name for m in found),
    }
    if mine:
        judged["exact spans"] = (mine[0].start, mine[0].end) == (start, end)
    return judged


def watchlist(count: int) -> list[Entity]:
    """`count` different given + family names; beyond 2,000 half of the families are invented."""
    rng = random.Random(3)
    given, family = _name_parts()
    vowels, consonants = _LETTERS["az"]
    names: dict[str, None] = {}
    while len(names) < count:
        last = rng.choice(family)
        if count > 2_000 and rng.random() < 0.5:
            stem = "".join(rng.choice(consonants) + rng.choice(vowels) for _ in range(3))
            last = stem.capitalize() + rng.choice(("lov", "rova", "mli", "nzadə", "şov", "dlı"))
        names[f"{rng.choice(given)} {last}"] = None
    return [Entity(id=f"p{n}", kind="person", canonical=name) for n, name in enumerate(names)]


@cache
def _name_parts() -> tuple[list[str], list[str]]:
    words = lines("lexicon.txt")
    return (
        [word for word in words if not _FAMILY.search(word)],
        [word for word in words if _FAMILY.search(word)],
    )


def articles(megabytes: float) -> list[str]:
    """Articles of about 4 kB, a tenth of whose sentences name somebody."""
    rng = random.Random(7)
    vocabulary = {lang: _vocabulary(rng, *letters) for lang, letters in _LETTERS.items()}
    weights = list(accumulate(1 / (rank + 3) for rank in range(30_000)))
    made: list[str] = []
    size = 0
    while size < megabytes * 1e6:
        lang = rng.choice(list(_LETTERS))
        sentences = [_sentence(rng, lang, vocabulary[lang], weights) for _ in range(25)]
        made.append("\n".join(" ".join(sentences[at : at + 4]) for at in range(0, 25, 4)))
        size += len(made[-1].encode())
    return made


def _vocabulary(rng: random.Random, vowels: str, consonants: str) -> list[str]:
    def syllable() -> str:
        coda = rng.choice(consonants) if rng.random() < 0.5 else ""
        return rng.choice(consonants) + rng.choice(vowels) + coda

    return ["".join(syllable() for _ in range(rng.randint(1, 4))) for _ in range(30_000)]


def _sentence(rng: random.Random, lang: str, words: list[str], weights: list[float]) -> str:
    chosen = rng.choices(words, cum_weights=weights, k=rng.randint(8, 20))
    spoken = [word.capitalize() if rng.random() < 0.08 else word for word in chosen]
    if rng.random() < 0.1:
        given, family = map(rng.choice, _name_parts())
        name = (given, family) if lang == "az" else (write(given, lang), write(family, lang))
        spoken[len(spoken) // 2] = " ".join(name)
    return " ".join([spoken[0].capitalize(), *spoken[1:]]) + "."


def _agree(given: str, family: str) -> bool:
    """Whether a name could be somebody's: Sevil Əliyeva, not Sevil Əliyev."""
    if not re.search("(?:ov|ev|ova|eva)$", family):
        return True
    return (given[-1] in "əa" or given in _WOMEN) == family.endswith("va")


def false_mentions(megabytes: float) -> tuple[int, float]:
    """Flags raised by news about untracked people, and its size in MB, with 1,000 names tracked."""
    rng = random.Random(11)
    tracked = [e for e in watchlist(2_000) if _agree(*e.canonical.split())][:1_000]
    names = {entity.canonical for entity in tracked}
    matcher = Matcher(tracked)
    flags = size = 0
    while size < megabytes * 1e6:
        lang = rng.choice(list(_NEWS))
        sentences = [_news(rng, lang, names) for _ in range(24)]
        text = "\n".join(" ".join(sentences[at : at + 4]) for at in range(0, 24, 4))
        size += len(text.encode())
        flags += sum(mention.leads_to == "flag" for mention in matcher.find(text, lang))
    return flags, size / 1e6


def _news(rng: random.Random, lang: str, tracked: Container[str]) -> str:
    people = [_stranger(rng, tracked) for _ in range(4)]
    spelt = [" ".join(_spelt(word, lang) for word in person) for person in people]
    family = _spelt(people[3][1], lang)
    return rng.choice(_NEWS[lang]).format(*spelt, family=family)


def _stranger(rng: random.Random, tracked: Container[str]) -> tuple[str, str]:
    while True:
        given, family = map(rng.choice, _name_parts())
        if f"{given} {family}" not in tracked and _agree(given, family):
            return given, family


def _spelt(word: str, lang: str) -> str:
    if lang == "tr":
        return word.translate(str.maketrans("əƏqQxX", "eEkKhH"))
    return word if lang == "az" else write(word, lang)


def speed(count: int, texts: list[str]) -> dict[str, float]:
    """Build seconds, MB/s cold and warm (CPU time), and the memory the matcher added."""
    entities = watchlist(count)
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    before = _memory()
    start = time.process_time()
    matcher = Matcher(entities)
    built = time.process_time()
    mentions = sum(len(matcher.find(text)) for text in texts)
    cold = time.process_time()
    for text in texts:
        matcher.find(text)
    warm = time.process_time()
    return {
        "build s": built - start,
        "cold MB/s": megabytes / (cold - built),
        "warm MB/s": megabytes / (warm - cold),
        "memory MB": _memory() - before,
        "mentions": mentions,
        "exact MB/s": _exact(entities, texts, megabytes),
    }


def best_speed(count: int, texts: list[str], runs: int) -> dict[str, float]:
    """The best of some runs, each in a process of its own: cold, and with a memory of its own."""
    made = []
    for _ in range(runs):
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            made.append(pool.apply(speed, (count, texts)))
    return {key: (min if key == "build s" else max)(run[key] for run in made) for key in made[0]}


def growth() -> float:
    """How many times as long a text of 20,000 full names takes as one of 5,000: 4 is linear."""
    taken = []
    for count in (5_000, 20_000):
        matcher = Matcher([Entity(id="p", kind="person", canonical="Cəlal Şıxəliyev")])
        text = "Cəlal Şıxəliyev dedi. " * count
        runs = []
        for _ in range(3):
            start = time.process_time()
            matcher.find(text)
            runs.append(time.process_time() - start)
        taken.append(min(runs))
    return taken[1] / taken[0]


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _exact(entities: list[Entity], texts: list[str], megabytes: float) -> float:
    """The limit: an automaton over the canonical names as they are written; nan without one."""
    try:
        from ahocorasick_rs import AhoCorasick
    except ImportError:
        return float("nan")
    automaton = AhoCorasick([entity.canonical for entity in entities])
    start = time.process_time()
    for text in texts:
        automaton.find_matches_as_indexes(text)
    return megabytes / (time.process_time() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="1 MB of text, up to 10,000 names")
    options = parser.parse_args()
    print("| accuracy | " + " | ".join(splits := ("tuned", "aside")) + " |\n|---|---|---|")
    measured = accuracy()
    for measure in sorted({measure for split in splits for measure in measured[split]}):
        cells = (measured[split].get(measure, (0, 0)) for split in splits)
        print(f"| {measure} | " + " | ".join(f"{n}/{of} ({n / of:.1%})" for n, of in cells) + " |")
    flags, size = false_mentions(1 if options.quick else 4)
    print(f"\nFalse flags: {flags} in {size:.1f} MB of news about other people.")
    print(f"Time of 20,000 full names, in times that of 5,000: {growth():.1f}.")
    texts = articles(1 if options.quick else 5)
    columns = ("build s", "cold MB/s", "warm MB/s", "memory MB", "mentions", "exact MB/s")
    print(f"\n| names | {' | '.join(columns)} |\n|{'---|' * (len(columns) + 1)}")
    for count in SIZES[: 3 if options.quick else 4]:
        row = best_speed(count, texts, runs=3 if count <= 10_000 else 1)
        print(f"| {count:,} | " + " | ".join(f"{row[name]:.2f}" for name in columns) + " |")


if __name__ == "__main__":
    main()
