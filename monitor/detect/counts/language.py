"""The language of a passage, where it is not given: by script and a few frequent words."""

import re

from db.records import Passage
from monitor.detect.counts.text import fold

_SCRIPTS = (
    ("ka", re.compile("[ა-ჰ]")),
    ("hy", re.compile("[ա-ֆ]")),
    ("uk", re.compile("[іїєґ]")),
    ("ru", re.compile("[а-я]")),
    ("az", re.compile("ə")),
)
_WORDS = {
    "en": "the of and in to were was that",
    "az": "və bir ilə bu üçün olan var",
    "tr": "ve bir ile bu için olan da göre",
    "es": "el los de la que en fueron y",
    "fr": "le les des et du dans une sont",
    "de": "der die und das in den von ist",
    "pl": "w i na się z jest do nie",
}
_SAMPLE = 2000


def guess_language(passage: Passage) -> str:
    """The passage's language code without its script; a guess where it has none.

    >>> guess_language(Passage(text="В списке 412 имён."))
    'ru'
    """
    if passage.lang:
        return passage.lang.partition("-")[0].lower()
    sample = fold(passage.text[:_SAMPLE])
    for lang, script in _SCRIPTS:
        if len(script.findall(sample)) * 40 > len(sample):
            return lang
    words = set(sample.split())
    return max(_WORDS, key=lambda lang: len(words & set(_WORDS[lang].split())))
