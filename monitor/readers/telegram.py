"""The public preview of a Telegram channel: `https://t.me/s/CHANNEL`.

The markup is not promised to anyone. A message that was edited says so in words only, one that was
deleted leaves but a gap in the numbers.
"""

import html
from urllib.parse import urljoin

from lxml import html as lxml_html
from lxml.etree import ParserError, tostring
from lxml.html import HtmlElement

from monitor.items import Hints
from monitor.readers.contents import Contents, Entry, NotReadable

_TITLE_WORDS = 12


def read_channel(body: bytes, url: str) -> Contents:
    """The messages of one page, newest first, each whole; the next page is the older one.

    Raises NotReadable if there is no preview (a private channel, a changed markup). Messages
    without text are left out.
    """
    try:
        tree = lxml_html.document_fromstring(body, parser=lxml_html.HTMLParser(encoding="utf-8"))
    except (ParserError, ValueError) as error:
        raise NotReadable("not a channel: no HTML") from error
    messages = tree.xpath("//*[@data-post]")
    if not messages:
        raise NotReadable("not a channel: no messages; it is private, or the markup changed")
    entries = [entry for message in messages if (entry := _entry(message, url))]
    older = tree.xpath("//link[@rel='prev']/@href | //a[@data-before]/@href")
    return Contents(
        entries=tuple(reversed(entries)), following=urljoin(url, older[0]) if older else None
    )


def _entry(message: HtmlElement, url: str) -> Entry | None:
    texts = message.xpath(".//*[contains(@class, 'tgme_widget_message_text')]")
    if not texts:
        return None
    text: HtmlElement = texts[-1]  # the first is the message it answers to
    times = message.xpath(".//*[contains(@class, 'tgme_widget_message_date')]//time/@datetime")
    published = str(times[-1]) if times else None
    for line_break in text.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    plain = text.text_content().strip()
    title = " ".join(plain.split()[:_TITLE_WORDS])
    address = urljoin(url, f"/{message.get('data-post')}")
    return Entry(
        address=address,
        # The whole text stands in the hints, so that any edit of it is news.
        hints=Hints(title=plain[:4000] or title, published=_utc(published)),
        body=_page(title, published, text, address),
    )


def _page(title: str, published: str | None, text: HtmlElement, address: str) -> bytes:
    """The message as a page of its own, with nothing around it."""
    when = f'<meta property="article:published_time" content="{published}">' if published else ""
    inner = tostring(text, encoding="unicode", with_tail=False)
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f'<link rel="canonical" href="{html.escape(address)}">{when}</head>'
        f"<body><article>{inner}</article></body></html>"
    ).encode()


def _utc(written: str | None) -> str | None:
    if written is None:
        return None
    from monitor.extract.dates import parse_iso

    return parse_iso(written, None)
