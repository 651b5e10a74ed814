"""The flags of the ledger: the key that names the fact, and the words and numbers of the card."""

from collections.abc import Mapping

from db.records import Flag, Json, Observation, Point, SeriesKey
from monitor.decide.counts.series import Claim, Reported, compatible
from monitor.decide.priority import explain, priority

# kind: what is said of it; {old} and {new} are figures with their qualifiers
PHRASES: Mapping[str, str] = {
    "first_seen": "{counter}: {new}, first seen",
    "up": "{counter}: {old} → {new}",
    "down": "{counter}: {old} → {new}",
    "correction": "{counter}: the same article first gave {old} and now gives {new}",
    "contradiction": "{counter}: {new}, while {other} counts {old}",
    "report_conflict": "{counter}: one outlet reports {old}, another {new}",
    "history_revised": "{counter}: the earlier figure {old} is now given as {new}",
    "breakdown_mismatch": "{counter}: the total is {old}, its groups add up to {new}",
    "possible_change": "{counter}: {new} fits no known count",
}
# The same disagreement told by another page is the same fact; anything else is one page's news.
TOLD_BY_ANY_PAGE = frozenset({"contradiction", "report_conflict", "history_revised"})

QUALIFIED: Mapping[str, str] = {
    "exact": "{}",
    "at_least": "at least {}",
    "more_than": "more than {}",
    "at_most": "at most {}",
    "less_than": "fewer than {}",
    "approx": "about {}",
    "range": "{}–{}",
}
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def figure_in_words(figure: Observation | Point) -> str:
    """A figure with its qualifier, in words.

    >>> figure_in_words(Observation(id="o", value=46, qualifier="at_least", category="journalist",
    ...                             kind="stock", role="total", spans=()))
    'at least 46'
    """
    return QUALIFIED[figure.qualifier].format(figure.value, figure.value_high)


def day_in_words(day: str) -> str:
    """A day as far as it is known.

    >>> day_in_words("2025-02-12"), day_in_words("2025-02"), day_in_words("2025")
    ('12 February 2025', 'February 2025', '2025')
    """
    year, *rest = day[:10].split("-")
    words = [str(int(rest[1]))] if len(rest) > 1 else []
    return " ".join([*words, *([MONTHS[int(rest[0]) - 1]] if rest else []), year])


def count_flag(
    kind: str,
    claim: Claim,
    reported: Reported,
    old: Point | None = None,
    detail: Mapping[str, Json] | None = None,
) -> Flag:
    """A flag about one claim; `old` is the point it changes or disagrees with."""
    return Flag(
        kind=f"count_{kind}",
        key=_key(kind, claim, reported, old),
        series=claim.series,
        old=None if old is None else old.value,
        new=claim.said.value,
        quote=claim.said.quote,
        priority=priority(f"count_{kind}", rank=reported.rank, **_circumstances(claim, reported)),
        why=_why(kind, claim, reported, old),
        detail={**facts(claim, reported), **_against(claim, old), **(detail or {})},
        baseline=reported.baseline,
    )


def mismatch_flag(total: Claim, reported: Reported, sum_of_parts: int, parts: Json) -> Flag:
    """A flag about a breakdown: `old` is the printed total, `new` the sum of its groups."""
    words = PHRASES["breakdown_mismatch"].format(
        counter=_counter(total), old=total.said.value, new=sum_of_parts
    )
    kind = "count_breakdown_mismatch"
    return Flag(
        kind=kind,
        key=f"{kind}|{total.series}|{total.said.value}≠{sum_of_parts}",
        series=total.series,
        old=total.said.value,
        new=sum_of_parts,
        quote=total.said.quote,
        priority=priority(kind, rank=reported.rank, **_circumstances(total, reported)),
        why=_sentence(words, kind, total, reported),
        detail={**facts(total, reported), "parts": parts},
        baseline=reported.baseline,
    )


def facts(claim: Claim, reported: Reported) -> dict[str, Json]:
    """Who counted, as of when, and which page says so."""
    return {
        "org": claim.key.org,
        "org_basis": claim.said.org_basis,
        "qualifier": claim.said.qualifier,
        "value_high": claim.said.value_high,
        "as_of": claim.as_of,
        "effective": claim.effective.isoformat(),
        "source": reported.source,
        "url": reported.url,
        "published": reported.published,
    }


def reconciled(
    claim: Claim, priors: tuple[Claim, ...], old: Point | None, net_changes: tuple[int, ...]
) -> dict[str, Json]:
    """What the text says of the change ("up from 331", "rose by 26") against what is stored.

    `previous_agrees` and `net_change_agrees` are None where nothing is stored to compare with.
    """
    found: dict[str, Json] = {}
    if priors:
        latest = max(priors, key=lambda prior: (prior.as_of is None, prior.effective))
        found["claimed_previous"] = latest.said.value
        found["previous_agrees"] = None if old is None else compatible(latest.said, old)
    if net_changes:
        found["net_change"] = net_changes[0]
        before = found.get("claimed_previous", None if old is None else old.value)
        delta = None if before is None else abs(claim.said.value - before)
        found["net_change_agrees"] = None if delta is None else delta in net_changes
    return found


def _key(kind: str, claim: Claim, reported: Reported, old: Point | None) -> str:
    fact = f"count_{kind}|{claim.series}"
    if kind in TOLD_BY_ANY_PAGE:
        assert old is not None
        other = "" if old.series == claim.series else f"{old.series}|"
        return f"{fact}|{other}{old.value}→{claim.said.value}|{old.effective}"
    value = f"{old.value}→{claim.said.value}" if kind == "correction" and old else claim.said.value
    return f"{fact}|{value}|{claim.as_of or claim.effective}|article {reported.article}"


def _against(claim: Claim, old: Point | None) -> dict[str, Json]:
    if old is None:
        return {}
    return {
        "delta": claim.said.value - old.value,
        "previous": {
            "series": old.series,
            "value": old.value,
            "qualifier": old.qualifier,
            "as_of": old.as_of,
            "effective": old.effective.isoformat(),
            "confirmed": old.confirmed.isoformat(),
            "source": old.source,
            "url": old.url,
            "quote": old.quote,
            "prior": old.prior,
        },
    }


def _circumstances(claim: Claim, reported: Reported) -> dict[str, bool]:
    return {"part": claim.said.role == "part", "baseline": reported.baseline}


def _why(kind: str, claim: Claim, reported: Reported, old: Point | None) -> str:
    words = PHRASES[kind].format(
        counter=_counter(claim),
        old="unknown" if old is None else figure_in_words(old),
        new=figure_in_words(claim.said),
        other="" if old is None else SeriesKey.parse(old.series).org,
    )
    return _sentence(words, f"count_{kind}", claim, reported)


def _sentence(words: str, kind: str, claim: Claim, reported: Reported) -> str:
    day = claim.as_of or claim.effective.isoformat()
    when = f"as of {day_in_words(day)}" if claim.as_of else f"reported {day_in_words(day)}"
    told = explain(kind, rank=reported.rank, **_circumstances(claim, reported))
    return f"{words}, {when}; {told}"


def _counter(claim: Claim) -> str:
    org = claim.key.org
    return f"counted by {org}" if org else "no organisation named"
