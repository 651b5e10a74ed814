"""Bytes to characters, whatever the server and the page say."""

import pytest

from monitor.exceptions import Unreadable
from monitor.extract.charset import decode

RUSSIAN = "<html><title>Список политзаключенных</title><p>В списке 357 человек.</p></html>"
AZERI = "<html><p>Siyasi məhbusların yeni siyahısında 357 nəfərin adı var</p></html>"
TURKISH = "<html><p>Şahin Hacıyev hakkında dört ay tutukluluk kararı, ağır suç</p></html>"


@pytest.mark.parametrize(
    ("text", "charset", "header"),
    [
        (AZERI, "utf-8", "text/html; charset=iso-8859-1"),
        (AZERI, "utf-8", "text/html; charset=koi8-r"),
        (AZERI, "utf-8-sig", "text/html"),
        (AZERI, "utf-16-le", "text/html; charset=utf-8"),
        (AZERI, "utf-16-be", "text/html"),
        (AZERI, "utf-16", ""),
        (RUSSIAN, "windows-1251", "text/html"),
        (RUSSIAN, "windows-1251", "text/html; charset=koi8-r"),
        (RUSSIAN, "windows-1251", "text/html; charset=utf-8"),
        (RUSSIAN, "koi8-r", "text/html; charset=koi8-r"),
        (RUSSIAN, "koi8-r", "text/html; charset=no-such-charset"),
        (TURKISH, "windows-1254", "text/html"),
        (TURKISH, "windows-1254", "text/html; charset=iso-8859-9"),
        ("<p>Übergabe der Gefangenen für später</p>", "latin-1", "text/html"),
    ],
)
def test_the_bytes_decide_what_charset_a_page_has(text, charset, header):
    assert decode(text.encode(charset), header).lstrip("\ufeff") == text


def test_one_broken_letter_in_utf8_does_not_make_it_another_charset():
    body = (AZERI * 5).encode().replace("ə".encode(), b"\xc9", 1)
    assert decode(body).count("\ufffd") == 1


def test_utf8_with_too_many_broken_letters_is_refused():
    body = (AZERI * 20).encode().replace("ə".encode(), b"\xff", 20)
    with pytest.raises(Unreadable, match="bad encoding"):
        decode(body)
