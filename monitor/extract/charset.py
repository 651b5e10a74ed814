"""Bytes to characters: a page's own word on its charset is a hint, its bytes decide."""

import codecs
import re
from itertools import pairwise

from monitor.exceptions import Unreadable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META = re.compile(rb"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_CYRILLIC = ("windows-1251", "koi8-r", "iso-8859-5", "cp866")
_LATIN = ("windows-1254", "windows-1252")  # equal but for the Turkish letters
_SAMPLE = 200_000
_MAX_REPLACED = 0.01


def decode(body: bytes, content_type: str = "") -> str:
    """The characters of a page; `content_type` is the header as the server sent it.

    Raises Unreadable ("failed", "bad encoding") when more than 1 % of what is not ASCII cannot be
    read.
    """
    text = body.decode(_charset(body, content_type), errors="replace")
    replaced = text.count("\ufffd")
    if replaced > 2 and replaced > _MAX_REPLACED * _beyond_ascii(text):
        raise Unreadable("failed", "bad encoding")
    return text


def _charset(body: bytes, content_type: str) -> str:
    for bom, name in _BOMS:
        if body.startswith(bom):
            return name
    wide = _utf16_without_bom(body)
    if wide is not None:
        return wide
    if _is_utf8(body):
        return "utf-8"
    return _single_byte(body, _declared(body, content_type))


def _utf16_without_bom(body: bytes) -> str | None:
    """Markup is ASCII, so in UTF-16 every other byte of it is NUL."""
    sample = body[:1000]
    half = len(sample) // 2
    if half < 8:
        return None
    if sample[1::2].count(0) > 0.6 * half:
        return "utf-16-le"
    return "utf-16-be" if sample[0::2].count(0) > 0.6 * half else None


def _is_utf8(body: bytes) -> bool:
    """Valid, or with more good sequences than bad bytes: by chance there are hardly any."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", errors="replace")
        bad = text.count("\ufffd")
        return _beyond_ascii(text) - bad >= 2 * bad
    return True


def _beyond_ascii(text: str) -> int:
    return sum(1 for character in text if character > "\x7f")


def _declared(body: bytes, content_type: str) -> list[str]:
    """Known 8-bit charsets named by the page or the header; the page is more often right."""
    found = [name.decode("ascii", "ignore") for name in _META.findall(body[:4096])]
    found += _HEADER.findall(content_type)
    return [name for name in dict.fromkeys(map(_canonical, found)) if name]


def _canonical(name: str) -> str:
    try:
        known = codecs.lookup(name).name
    except LookupError:
        return ""
    if known in ("iso8859-1", "ascii"):
        return "windows-1252"  # as every browser reads it: https://encoding.spec.whatwg.org/
    return "" if known.startswith("utf") else known


def _single_byte(body: bytes, declared: list[str]) -> str:
    """The candidate whose text looks most like words; a declared charset wins a tie."""
    sample = body[:_SAMPLE]
    runs = _HIGH_RUN.findall(sample)
    cyrillic = sum(map(len, runs)) >= 3 * len(runs)
    candidates = [*declared, *(_CYRILLIC if cyrillic else _LATIN)]
    best: str = max(candidates, key=lambda name: _likeness(sample, name, cyrillic))
    return best


def _likeness(sample: bytes, charset: str, cyrillic: bool) -> int:
    """Letters of the expected script, minus capitals after small letters and stray symbols."""
    text = sample.decode(charset, errors="replace")
    foreign = [character for character in text if character > "\x7f"]
    expected = sum(1 for character in foreign if character.isalpha())
    if cyrillic:
        expected = sum(1 for character in foreign if "\u0400" <= character <= "\u04ff")
    wrong_case = sum(a.islower() and b.isupper() for a, b in pairwise(text))
    odd = sum(1 for character in foreign if character == "\ufffd" or "\x80" <= character < "\xa0")
    return expected - 3 * wrong_case - 5 * odd
