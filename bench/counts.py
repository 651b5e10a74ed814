"""How well counts are read: accuracy by language and attribute, and milliseconds.

    python bench/counts.py [--misses]

The labelled passages of bench/data/counts.jsonl are split into *tuned* (looked at while the rules
were written) and *aside* (not looked at). *joined* are six passages of one language in one
article, where counters must be told apart by structure; they keep one day of publication, so
their dates are not judged. *timelines* are the dated articles of bench/data/timelines.jsonl, read
one after another: text in, flags out. `--misses` lists what went wrong on the tuned passages and
on the timelines.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from db.records import Flag, Ledger, Observation, Passage
from monitor.decide.counts import Reported, advance, step
from monitor.detect.counts import read_counts

DATA = Path(__file__).parent / "data" / "counts.jsonl"
TIMELINES = DATA.with_name("timelines.jsonl")
Row = Mapping[str, Any]
ATTRIBUTES = ("kind", "role", "qualifier", "org", "place", "as_of", "direction", "subset")
RECORD = ("kind", "qualifier", "org", "place")


def load() -> list[Row]:
    """The labelled passages: text, language, publication day, default place, observations."""
    return [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]


def joined(rows: list[Row], size: int = 6) -> Iterator[Row]:
    """Passages of one language and default place, six to an article, offsets moved along."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["lang"], row["default_place"]), []).append(row)
    for members in groups.values():
        for at in range(0, len(members) - 2, size):
            yield _article(members[at : at + size])


def _article(members: list[Row]) -> Row:
    text, observations = "", []
    for row in members:
        text += "\n\n" if text else ""
        shift = len(text)
        text += row["text"]
        for gold in row["observations"]:
            spans = [[start + shift, end + shift] for start, end in gold["spans"]]
            observations.append({**gold, "spans": spans})
    return {**members[0], "text": text, "title": None, "observations": observations, "trap": False}


def measure(rows: Iterable[Row]) -> tuple[Counter[str], list[str]]:
    """Hits, misses and extras by language, attributes right on hits, and the misses in words."""
    tally: Counter[str] = Counter()
    misses: list[str] = []
    for row in rows:
        found = list(read_counts(_passage(row)))
        extra = len(found)
        for gold in row["observations"]:
            hit = next((one for one in found if _matches(one, gold)), None)
            if hit is not None:
                found.remove(hit)
                extra -= 1
            if gold["optional"]:
                continue
            tally[f"{row['lang']} {'hit' if hit else 'missed'}"] += 1
            if hit is None:
                misses.append(f"{row['id']}: missed {gold['surface']} ({gold['category']})")
            else:
                misses += [f"{row['id']}: {w}" for w in _attributes(tally, hit, gold)]
        spare = [one for one in found if not _on_optional(one, row)]
        misses += [f"{row['id']}: extra {one.value} ({one.category})" for one in spare]
        tally[f"{row['lang']} extra"] += len(spare)
        if row["trap"]:
            tally["traps"] += 1
            tally["traps clean"] += not spare
    return tally, misses


def _passage(row: Row) -> Passage:
    return Passage(
        text=row["text"],
        title=row.get("title"),
        lang=row["lang"],
        published=row["published"],
        place=row["default_place"],
        publisher_org=row.get("publisher_org"),
    )


def _matches(found: Observation, gold: Row) -> bool:
    same = found.value == gold["value"] and found.category == gold["category"]
    return same and _overlaps(found, gold["spans"])


def _overlaps(found: Observation, spans: list[list[int]]) -> bool:
    return any(a < end and b > start for a, b in found.spans for start, end in spans)


def _on_optional(found: Observation, row: Row) -> bool:
    return any(g["optional"] and _overlaps(found, g["spans"]) for g in row["observations"])


def _attributes(tally: Counter[str], hit: Observation, gold: Row) -> list[str]:
    wrong = [name for name in ATTRIBUTES if not _right(name, hit, gold)]
    for name in ATTRIBUTES:
        label = name
        if name == "as_of":
            label = "as_of stated" if gold["as_of"] else "as_of none"
        tally[f"attribute {label} of"] += 1
        tally[f"attribute {label} right"] += name not in wrong
    prior = (hit.role == "prior") == (gold["role"] == "prior")
    tally["attribute record of"] += 1
    tally["attribute record right"] += prior and not set(RECORD) & set(wrong)
    surface = gold["surface"]
    return [f"{surface}: {name} {gold[name]} read {getattr(hit, name)}" for name in wrong]


def _right(name: str, hit: Observation, gold: Row) -> bool:
    value = getattr(hit, name)
    if name == "org":
        return value in gold["org_accept"]
    if name == "kind":
        return value in gold["kind_accept"]
    if name == "as_of" and gold["as_of"] and value:
        return bool(value == gold["as_of"] or value.startswith(gold["as_of"] + "-"))
    return bool(value == gold[name])


def told(timeline: Row) -> list[tuple[int, str, str, int]]:
    """The flags of a timeline from its texts: article, kind, series and new value, in order."""
    ledger, known, next_id = Ledger(), set[str](), 1
    pages: dict[str, int] = {}
    versions: dict[int, list[tuple[Observation, ...]]] = {}
    raised: list[tuple[int, str, str, int]] = []
    for at, article in enumerate(timeline["articles"]):
        url = article["url"] or f"{article['source']}/{at}"
        earlier = versions.setdefault(pages.setdefault(url, len(pages)), [])
        reported = _reported(article, pages[url], url, tuple(earlier))
        done = step(ledger, reported)
        ledger = advance(ledger, done, next_id)
        next_id += len(done.inserted)
        fresh = [flag for flag in done.flags if flag.key not in known]
        known.update(flag.key for flag in fresh)
        raised += [(at, *_card(flag)) for flag in fresh]
        earlier.append(reported.observations)
    return raised


def _reported(
    article: Row, page: int, url: str, earlier: tuple[tuple[Observation, ...], ...]
) -> Reported:
    return Reported(
        article=page,
        source=article["source"],
        url=url,
        published=article["published"],
        fetched=article["fetched"],
        publisher_org=article["publisher_org"],
        place=article["default_place"],
        observations=read_counts(_passage(article)),
        earlier=earlier,
    )


def _card(flag: Flag) -> tuple[str, str, int]:
    return flag.kind.removeprefix("count_"), str(flag.series), int(flag.new or 0)


def measure_flags(timelines: Iterable[Row]) -> tuple[Counter[str], list[str]]:
    """Flags right, missed and extra over timelines, and what went wrong in words."""
    tally: Counter[str] = Counter()
    misses: list[str] = []
    for timeline in timelines:
        expected = Counter(
            (flag["article"], flag["type"], flag["series"], int(flag["new"]))
            for flag in timeline["expected_flags"]
        )
        found = Counter(told(timeline))
        missed, extra = expected - found, found - expected
        tally["right"] += (expected & found).total()
        tally["missed"] += missed.total()
        tally["extra"] += extra.total()
        tally["false up or down"] += sum(
            n for flag, n in extra.items() if flag[1] in ("up", "down")
        )
        tally["timelines"] += 1
        tally["without an error"] += not (missed or extra)
        misses += [f"{timeline['id']}: missed {flag}" for flag in missed]
        misses += [f"{timeline['id']}: extra {flag}" for flag in extra]
    return tally, misses


def load_timelines() -> list[Row]:
    """The timelines: dated articles in the order of fetching, and the flags they must raise."""
    return [json.loads(line) for line in TIMELINES.read_text(encoding="utf-8").splitlines()]


def rates(tally: Counter[str]) -> dict[str, tuple[float, float]]:
    """Precision and recall of `all` and of each language."""
    languages = sorted({key.split()[0] for key in tally if key.endswith((" hit", " extra"))})
    found = {lang: _rate(tally, [lang]) for lang in languages}
    return {"all": _rate(tally, languages), **found}


def _rate(tally: Counter[str], languages: list[str]) -> tuple[float, float]:
    hit, missed, extra = (
        sum(tally[f"{lang} {what}"] for lang in languages) for what in ("hit", "missed", "extra")
    )
    return hit / max(1, hit + extra), hit / max(1, hit + missed)


def share(tally: Counter[str], attribute: str) -> float:
    """How often an attribute is right on the observations found."""
    of = tally[f"attribute {attribute} of"]
    return tally[f"attribute {attribute} right"] / of if of else 1.0


def milliseconds(rows: list[Row]) -> float:
    """Processor time for 5,000 characters of text as dense as the passages."""
    for row in rows:
        read_counts(_passage(row))
    began = time.process_time()
    for row in rows:
        read_counts(_passage(row))
    spent = time.process_time() - began
    return spent * 1000 * 5000 / sum(len(row["text"]) for row in rows)


def show(name: str, tally: Counter[str]) -> None:
    """Print one table."""
    print(f"{name}")
    for lang, (precision, recall) in rates(tally).items():
        print(f"  {lang:4} precision {precision:.3f}  recall {recall:.3f}")
    dates = [] if name.startswith("joined") else ["as_of stated", "as_of none"]
    labels = ["record", *ATTRIBUTES[:5], *dates, *ATTRIBUTES[6:]]
    print("  right: " + ", ".join(f"{label} {share(tally, label):.3f}" for label in labels))
    if tally["traps"]:
        print(f"  traps without a wrong count: {tally['traps clean']} of {tally['traps']}")


def show_flags(tally: Counter[str]) -> None:
    """Print what became of the timelines."""
    right = tally["right"]
    precision = right / max(1, right + tally["extra"])
    recall = right / max(1, right + tally["missed"])
    print(f"timelines: {tally['without an error']} of {tally['timelines']} without an error")
    print(f"  flags precision {precision:.3f}  recall {recall:.3f}", end="")
    print(f"  false up or down: {tally['false up or down']}")


def main() -> None:
    """Print accuracy on the tuned, aside and joined texts, and the time."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--misses", action="store_true", help="list what went wrong")
    options = parser.parse_args()
    rows = load()
    tuned = [row for row in rows if row["split"] == "tuned"]
    aside = [row for row in rows if row["split"] == "aside"]
    articles = list(joined(rows))
    tally, misses = measure(tuned)
    show(f"tuned: {len(tuned)} passages", tally)
    show(f"aside: {len(aside)} passages", measure(aside)[0])
    show(f"joined: {len(articles)} articles", measure(articles)[0])
    flags, wrong = measure_flags(load_timelines())
    show_flags(flags)
    print(f"{milliseconds(articles):.1f} ms for 5,000 characters")
    if options.misses:
        print("\n".join(misses + wrong))


if __name__ == "__main__":
    main()
