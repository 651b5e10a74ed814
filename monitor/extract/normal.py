"""Text in its normal form, and the hashes that say whether two texts are the same."""

import hashlib
import re
import unicodedata
from collections.abc import Set

TEXT_CAP = 2_000_000  # characters; more is no article (collecting.md: text cap 2 MB)

_LINE_BREAK = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Controls, invisible joiners, byte order marks, bidi marks and noncharacters: they change a hash
# and split a name, and a reader sees none of them. ZWNJ and ZWJ go as well: none of our languages
# written in Latin, Cyrillic, Georgian or Armenian letters needs them.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b-\u200f"
    r"\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
_NOT_XML = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|"
    r"&#(?:x0*(?:[0-8bcef]|1[0-9a-f]|fff[ef])|0*(?:[0-8]|1[124-9]|2\d|3[01]|6553[45]))(?![0-9a-f]);?",
    re.I,
)
_BLANKS = re.compile(r"[^\S\n]+")


def normalise(text: str) -> str:
    """NFC, one blank between words, no invisible characters, no empty lines, at most 2 MB.

    >>> normalise("Siyasi\\u00a0məh\\u00adbus \\x00\\r\\n\\r\\n 357 ")
    'Siyasi məhbus\\n357'
    """
    text = _LINE_BREAK.sub("\n", text)
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    lines = (line.strip() for line in _BLANKS.sub(" ", text).split("\n"))
    return _capped("\n".join(line for line in lines if line))


def parseable(markup: str) -> str:
    """Markup without the characters that lxml reads but refuses to write, as such or as `&#1;`.

    >>> parseable("a\\x00b&#x1F;c&#10;")
    'abc&#10;'
    """
    return _NOT_XML.sub("", markup)


def line_hash(line: str) -> str:
    """The hash under which a line is remembered as boilerplate: case and blanks do not matter.

    >>> line_hash("Read more ") == line_hash("READ  MORE")
    True
    """
    return hashlib.sha256(normalise(line).casefold().encode()).hexdigest()[:16]


def text_hash(title: str, text: str, boilerplate: Set[str] = frozenset()) -> str:
    """sha256 of title and text after normalisation, without the learned boilerplate lines.

    Line breaks count as blanks: the same words in other paragraphs are no edit.

    >>> text_hash("T", "One.\\nTwo.") == text_hash("T ", "One. Two.")
    True
    """
    kept = without_boilerplate(normalise(text), boilerplate)
    whole = f"{normalise(title)}\n{kept.replace(chr(10), ' ')}"
    return hashlib.sha256(whole.encode()).hexdigest()


def without_boilerplate(text: str, boilerplate: Set[str]) -> str:
    """The text without the lines whose hashes are given."""
    if not boilerplate:
        return text
    return "\n".join(line for line in text.split("\n") if line_hash(line) not in boilerplate)


def _capped(text: str) -> str:
    if len(text) <= TEXT_CAP:
        return text
    return text[:TEXT_CAP].rpartition("\n")[0] or text[:TEXT_CAP]
