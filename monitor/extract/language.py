"""The language of a text, from the text itself: what pages and feeds declare is often wrong."""

import re
from functools import cache
from typing import Any

# The languages of our sources; a wider choice only adds ways to be wrong on short texts.
LANGUAGES = ("az", "tr", "en", "de", "fr", "es", "it", "pl", "ru", "uk", "bg")
_SAMPLE = 1500  # characters; a longer one is slower and no surer
_MIN_LETTERS = 12

_SCRIPTS = {
    "ka": re.compile(r"[\u10a0-\u10ff]"),
    "hy": re.compile(r"[\u0530-\u058f]"),
    "cyrillic": re.compile(r"[\u0400-\u04ff]"),
    "arabic": re.compile(r"[\u0600-\u06ff]"),
    "latin": re.compile(r"[A-Za-z\u00c0-\u024f\u0259\u018f]"),
}
# Azerbaijani Cyrillic shares ә ғ ө ү һ with Kazakh, Tatar and Bashkir, and ј with Serbian; only
# it writes ҹ and ҝ, or ј beside ә. The letters of the others rule it out.
_AZ_CYRL = re.compile(r"[ҹҝҸҜ]")
_AZ_CYRL_PAIR = (re.compile(r"[јЈ]"), re.compile(r"[әӘ]"))
_NOT_AZ_CYRL = re.compile(r"[қңұіҗҙҫҡљњћђџќѓѕ]", re.I)
_SCHWA_WORD = re.compile(r"\b\w*[əƏ]\w*\b")
_WORD = re.compile(r"\w+")
_PERSIAN = re.compile(r"[پچژگیک]")


def language(text: str) -> str | None:
    """ISO 639-1 of a text in one of our languages, `az-Cyrl`, or None when there are no words.

    >>> language("Сијаси мәһбусларын сајы артыб, ҝөрүшә ҹәмијјәт гатылды.")
    'az-Cyrl'
    >>> language("პოლიტპატიმართა ახალი სია") , language("12.02.2025")
    ('ka', None)
    """
    sample = text[:_SAMPLE]
    counts = {name: len(letters.findall(sample)) for name, letters in _SCRIPTS.items()}
    script = max(counts, key=lambda name: counts[name])
    if counts[script] < _MIN_LETTERS:
        return None
    if script == "cyrillic":
        return _cyrillic(sample)
    if script == "arabic":
        return "fa" if _PERSIAN.search(sample) else "ar"
    return _latin(sample) if script == "latin" else script


def _cyrillic(sample: str) -> str:
    pair = all(letter.search(sample) for letter in _AZ_CYRL_PAIR)
    if (pair or _AZ_CYRL.search(sample)) and not _NOT_AZ_CYRL.search(sample):
        return "az-Cyrl"
    return _classified(sample)


def _latin(sample: str) -> str:
    """No other language of ours writes ə, but any may name people whose names have it."""
    if len(_SCHWA_WORD.findall(sample)) > 0.2 * len(_WORD.findall(sample)):
        return "az"
    return _classified(sample)


def _classified(sample: str) -> str:
    return str(_identifier().classify(sample)[0])


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(LANGUAGES))
    return identifier
