"""Words right before a number and the case endings that several rules look at."""

import re

from monitor.detect.counts.sentence import Sentence

ABLATIVE = re.compile(r"[dt][aəe]n$")
"""The Azerbaijani and Turkish ending of "from"."""


def skip_qualifiers(sentence: Sentence, offset: int) -> int:
    """The offset before the qualifiers of a number."""
    for _ in range(3):
        found = sentence.before("qualifier_before", offset, 1)
        if found is None:
            return offset
        offset = found.start
    return offset
