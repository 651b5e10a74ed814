"""Whether given and family name agree: how they decline, whose gender they show, how ə is written.

Russian `Рамиля Сафарова` is Ramilə Səfərova, or the genitive of Ramil Səfərov: the words
beside it tell.
"""

import re

from monitor.detect.names import tables
from monitor.detect.names.endings import VOWELS
from monitor.detect.names.letters import fold, lower
from monitor.detect.names.parts import Part
from monitor.detect.names.patterns import Patterns
from monitor.detect.names.scan import Scan, is_role

_REACH = 40
_WORD_BEFORE = re.compile(r"([^\W\d_]+)[ \u00a0\n]\Z")
_PAST = (
    r"[ \u00a0](?:(?:не|уже|ранее|также|тоже|сама|теж|вже)[ ])?(?!дела\b|числа\b)"
    r"(\w+(?:ла|лась|лася))\b"
)
_FEMININE_VERB = re.compile(_PAST)
_PASSIVE = (
    r"(?:арестован|задержан|осужден|осуждён|назначен|избран|признан|убит|известн|приговорен)а"
)
_NOMINATIVE = re.compile(rf"[ \u00a0](?:[—–-][ \u00a0]|{_PASSIVE}\b|(\w+[еёи]т)\b)")
# A man's name in the nominative in the same list: Даянат Асадов, Азиза Баширли.
_NOMINATIVE_BEFORE = re.compile(r"(?:ов|[еёє]в)(?:,| и| та)[ \u00a0]\Z")
_NOMINATIVE_AFTER = re.compile(
    r"[ \u00a0](?:и|та)[ \u00a0][А-ЯЁІЇЄ]\w+[ \u00a0][А-ЯЁІЇЄ]\w*(?:ов|[еёє]в)\b"
)
_OLD_AZERBAIJANI = re.compile("[әөүҹҝғһј]")


def agrees(scan: Scan, patterns: Patterns, given: Part, family: Part) -> bool:
    """Whether given and family name decline alike, where names decline.

    "Айнур Мамедова" is no form of Aynur Məmmədov, and "Эльнура Мамедова сказала" is a woman.
    """
    if fold(scan.raws[family.at])[1] != "cyrillic":
        return not _is_another_e(scan, patterns, given, family)
    if given.hit.ending[-1:] in ("а", "я") and _is_woman(scan, given.start, family.end):
        return False
    declines = patterns.words[family.token][-1] not in VOWELS
    if not declines or patterns.words[given.token][-1] in VOWELS:
        return True
    given_moves = given.hit.ending != ""
    if not given_moves and _is_old_dative(scan, given, family):
        return True
    return given_moves == (family.hit.ending != "" and family.hit.given)


def _is_another_e(scan: Scan, patterns: Patterns, given: Part, family: Part) -> bool:
    """Emin is not Əmin where the family name beside it is written with ə."""
    if not patterns.words[given.token].startswith("ə") or "ə" not in lower(scan.raws[family.at]):
        return False
    return scan.text[given.start] in "Ee"


def _is_woman(scan: Scan, start: int, end: int) -> bool:
    """Whether a name in -а is a woman's in the nominative: subject of a feminine verb."""
    ahead = scan.text[max(0, start - _REACH) : start]
    if _NOMINATIVE_BEFORE.search(ahead) or _NOMINATIVE_AFTER.match(scan.text, end):
        return True
    before = _WORD_BEFORE.search(ahead)
    verb = _has_subject(_FEMININE_VERB, scan.text, end)
    if before is None:
        return verb or _has_subject(_NOMINATIVE, scan.text, end)
    word = lower(before[1])
    if is_role(word) or word.endswith(tuple(tables.words("woman_endings"))):
        return verb or word.endswith(("ка", "ца", "са"))
    return word.endswith("ая") or (verb and word in tables.words("conjunction"))


def _has_subject(pattern: re.Pattern[str], text: str, end: int) -> bool:
    """Whether what follows a name fits a subject, and not somebody to whom it is done."""
    match = pattern.match(text, end)
    return match is not None and match[match.lastindex or 0] not in tables.words("verb_of_object")


def _is_old_dative(scan: Scan, given: Part, family: Part) -> bool:
    """`Үзејир Һаҹыбәјова`: in Azerbaijani only the last part declines, in -а after о."""
    written = lower(scan.text[given.start : family.end])
    return written.endswith("ова") and _OLD_AZERBAIJANI.search(written) is not None
