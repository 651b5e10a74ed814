"""A coarse fold of any text for searching: `mehbus` finds `məhbus`, `Вагифгызы` meets `Vagifgizi`.

Damage (mojibake, broken words, invisible characters) is repaired first, as for names.
Both the index and the query are folded, so a fold may be coarse but must be the same everywhere.
Cyrillic, Armenian and Georgian become Latin; letters that languages spell differently become one.
"""

import unicodedata

from monitor.detect.repair import repair

_LATIN = {
    "ə": "e", "ǝ": "e", "ı": "i", "y": "i", "ğ": "g", "q": "g", "ş": "s", "ç": "c", "j": "c",
    "ö": "o", "ü": "u", "w": "v", "x": "h", "ß": "s", "æ": "e", "ø": "o", "œ": "o", "ł": "l",
    "đ": "d", "ð": "d", "þ": "t",
}  # fmt: skip
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "io", "ж": "c", "з": "z",
    "и": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h", "ц": "c", "ч": "c", "ш": "s", "щ": "s",
    "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "u", "я": "ia", "ә": "e", "ө": "o", "ү": "u",
    "ұ": "u", "ҝ": "g", "ғ": "g", "һ": "h", "ҹ": "c", "џ": "c", "ј": "i", "і": "i", "ї": "i",
    "є": "e", "ґ": "g", "љ": "l", "њ": "n", "қ": "g", "ҳ": "h", "ҷ": "c", "ў": "v",
}  # fmt: skip
_ARMENIAN = {
    "ա": "a", "բ": "b", "գ": "g", "դ": "d", "ե": "e", "զ": "z", "է": "e", "ը": "i", "թ": "t",
    "ժ": "c", "ի": "i", "լ": "l", "խ": "h", "ծ": "c", "կ": "k", "հ": "h", "ձ": "z", "ղ": "g",
    "ճ": "c", "մ": "m", "յ": "i", "ն": "n", "շ": "s", "ո": "o", "չ": "c", "պ": "p", "ջ": "c",
    "ռ": "r", "ս": "s", "վ": "v", "տ": "t", "ր": "r", "ց": "c", "ւ": "v", "փ": "p", "ք": "k",
    "օ": "o", "ֆ": "f", "և": "ev",
}  # fmt: skip
_GEORGIAN = {
    "ა": "a", "ბ": "b", "გ": "g", "დ": "d", "ე": "e", "ვ": "v", "ზ": "z", "თ": "t", "ი": "i",
    "კ": "k", "ლ": "l", "მ": "m", "ნ": "n", "ო": "o", "პ": "p", "ჟ": "c", "რ": "r", "ს": "s",
    "ტ": "t", "უ": "u", "ფ": "f", "ქ": "k", "ღ": "g", "ყ": "g", "შ": "s", "ჩ": "c", "ც": "c",
    "ძ": "z", "წ": "c", "ჭ": "c", "ხ": "h", "ჯ": "c", "ჰ": "h",
}  # fmt: skip
_IGNORED = dict.fromkeys(
    [*range(0x300, 0x370), 0xAD, *range(0x200B, 0x2010), 0x2060, 0xFEFF, ord("՛"), ord("՞")], ""
)


def _table() -> dict[int, str]:
    letters = _LATIN | _CYRILLIC | _ARMENIAN | _GEORGIAN
    table: dict[int, str] = {ord(letter): plain for letter, plain in letters.items()}
    for code in range(0xC0, 0x250):
        base = unicodedata.normalize("NFD", chr(code).lower())[0]
        if code not in table and base.isascii():
            table[code] = table.get(ord(base), base)
    return table | _IGNORED


_TABLE = _table()
_DIGRAPHS = (
    ("dsch", "c"), ("tsch", "c"), ("sch", "s"), ("дж", "c"), ("dzh", "c"), ("dj", "c"),
    ("sh", "s"), ("ch", "c"), ("kh", "h"), ("gh", "g"), ("zh", "c"), ("ph", "f"), ("ու", "u"),
    ("եւ", "ev"), ("ou", "u"),
)  # fmt: skip
_DOUBLED = tuple((letter * 2, letter) for letter in "abcdefghiklmnoprstuvz")


def fold(text: str) -> str:
    """Small Latin letters without marks, doubled letters as one; all else stays as it is.

    >>> fold("Vaqifqızı"), fold("Vagifgizi"), fold("Вагифгызы"), fold("MƏHBUS")
    ('vagifgizi', 'vagifgizi', 'vagifgizi', 'mehbus')
    """
    text = unicodedata.normalize("NFC", repair(text).text).lower()
    for written, plain in _DIGRAPHS:
        text = text.replace(written, plain)
    text = text.translate(_TABLE)
    for doubled, single in _DOUBLED:
        text = text.replace(doubled, single)
    return text
