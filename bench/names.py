"""Accuracy and speed of the name engine: `python bench/names.py [--quick]`.

Accuracy is that of bench/data/names.jsonl: our own sentences over spellings seen in public; the
rows marked `aside` were not looked at while tables and rules were tuned. Speed is over synthetic
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
    texts = articles(1 if options.quick else 5)
    columns = ("build s", "cold MB/s", "warm MB/s", "memory MB", "mentions", "exact MB/s")
    print(f"\n| names | {' | '.join(columns)} |\n|{'---|' * (len(columns) + 1)}")
    for count in SIZES[: 3 if options.quick else 4]:
        with multiprocessing.get_context("spawn").Pool(1) as pool:  # memory of its own
            row = pool.apply(speed, (count, texts))
        print(f"| {count:,} | " + " | ".join(f"{row[name]:.2f}" for name in columns) + " |")


if __name__ == "__main__":
    main()
