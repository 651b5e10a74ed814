"""Why a mention was accepted, in words a monitor understands and in a record to recompute."""

from collections.abc import Mapping
from typing import Any

from db.records import Entity, Tier
from monitor.detect.names.align import trace
from monitor.detect.names.endings import language_name
from monitor.detect.names.letters import fold
from monitor.detect.names.parts import Found, Part
from monitor.detect.names.patterns import Patterns
from monitor.detect.names.tokens import SLIP

_TIERS: Mapping[Tier, str] = {
    "full": "Given and family name stand together, so this is a full name.",
    "reversed": "The family name comes first and no other name stands beside the two.",
    "name": "The words of this name stand together.",
    "org": "The words of the organisation's name stand together.",
    "outlet": "The words of the outlet's name stand together.",
    "case": "The words of the case's name stand together.",
    "family-unambiguous": "Only the family name, which the watchlist declares unambiguous.",
    "family": "Only the family name, but the full name is the nearest one before it.",
    "family-before-full": "Only the family name; the full name comes later in the text.",
    "typo": "One part is a slip of the pen away from the name; a person must confirm it.",
    "ambiguous": "More than one reading is possible; a person must confirm it.",
}
_WEAK = (
    "It stands in a hashtag, a web address or a text without capitals, which proves little;"
    " a person must confirm it."
)
_ONE_WORD = "One word of an alias, which proves little without the full name beside it."
_SCRIPT_NAMES = {
    "latin": "Latin letters",
    "cyrillic": "Cyrillic letters",
    "armenian": "Armenian letters",
    "georgian": "Georgian letters",
    "other": "the letters of the alias",
}


def explain(text: str, found: Found, patterns: Patterns, rules: str) -> dict[str, Any]:
    """The record of `Mention.why`: words, cost, rules, and one record a token."""
    tokens = [_token(text, part, patterns) for part in found.parts]
    entity = patterns.entities[found.entity]
    return {
        "words": _words(text[found.start : found.end], found, entity, tokens),
        "cost": round(found.cost, 2),
        "rules": rules,
        "tokens": tokens,
    }


def _token(text: str, part: Part, patterns: Patterns) -> dict[str, Any]:
    observed = text[part.start : part.end]
    canonical = patterns.words[part.token] if part.token >= 0 else observed
    folded, script = fold(observed.split("'")[0].split("’")[0])
    steps = trace(canonical, folded, script) if script != "other" else ()
    return {
        "canonical": canonical,
        "observed": observed,
        "script": script[:3],
        "cost": part.hit.cost,
        "ending": part.hit.ending,
        "trace": " ".join(f"{ours}:{spelt or '∅'}" for ours, spelt, _ in steps),
    }


def _words(surface: str, found: Found, entity: Entity, tokens: list[dict[str, Any]]) -> str:
    whose = "" if found.alias == entity.canonical else f", another name of {entity.canonical}"
    sentences = [f"“{surface}” is read as {found.alias}{whose}."]
    if not tokens:
        return " ".join([*sentences, _WEAK if found.tier == "ambiguous" else _TIERS[found.tier]])
    sentences += [_spelling(tokens), *dict.fromkeys(_ending(token) for token in tokens)]
    sentences.append(_ONE_WORD if _is_one_word(found) else _TIERS[found.tier])
    return " ".join(sentence for sentence in sentences if sentence)


def _is_one_word(found: Found) -> bool:
    return found.tier in ("family", "ambiguous") and " " not in found.alias


def _spelling(tokens: list[dict[str, Any]]) -> str:
    changed = dict.fromkeys(
        f"{step.partition(':')[2]} for {step.partition(':')[0] or 'nothing'}"
        for token in tokens
        for step in token["trace"].split()
        if step.partition(":")[0] != step.partition(":")[2]
    )
    scripts = dict.fromkeys(token["script"] for token in tokens)
    if not changed:
        return "The letters are the same."
    names = [name for script, name in _SCRIPT_NAMES.items() if script[:3] in scripts]
    shown = ", ".join(list(changed)[:8]) + (" …" if len(changed) > 8 else "")
    return f"Spelling in {' and '.join(names)}: {shown}."


def _ending(token: dict[str, Any]) -> str:
    ending: str = token["ending"]
    if not ending:
        return ""
    if ending == SLIP:
        return f"“{token['observed']}” differs from {token['canonical']} by one slip."
    if ending.startswith("'"):
        return f"“{ending[1:]}” after the apostrophe or hyphen is an ending."
    return f"-{ending.rpartition(':')[2]} is an ending ({language_name(ending)})."
