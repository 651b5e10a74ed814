"""Which article a page is: the addresses it goes by, and which of them is its own."""

from dataclasses import dataclass

from monitor.canonical import (
    UrlRules,
    article_number,
    canonical,
    in_scope,
    is_front_page,
    resolve,
)
from monitor.items import Page


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Under which addresses a page answered.

    `own` are the canonical forms of the address that answered and of the one that was asked for;
    `named` is what the page itself calls its address (rel=canonical), if that lies at the same
    source; `reprint_of` if it lies elsewhere. `number` is the article's number at the site.
    """

    own: tuple[str, ...]
    named: str | None = None
    number: str | None = None
    reprint_of: str | None = None

    @property
    def urls(self) -> tuple[str, ...]:
        """All addresses, the one to cite first."""
        return self.own if self.named is None else (self.named, *self.own)


def identify(page: Page, rel_canonical: str | None, rules: UrlRules) -> Identity:
    """The identity of a page, from where it was asked for, what answered, and what it says.

    A rel=canonical that names the front page says nothing; one at a foreign site makes the page a
    reprint and never another source's article.
    """
    answered = canonical(page.final_url, rules)
    own = dict.fromkeys(url for url in (answered, page.discovered_as) if url)
    resolved = resolve(rel_canonical, page.final_url) if rel_canonical else None
    named = canonical(resolved, rules) if resolved else None
    foreign = resolved is not None and not in_scope(resolved, rules)
    if named is None or foreign or is_front_page(named) or named in own:
        named = None
    return Identity(
        own=tuple(own),
        named=named,
        number=article_number(page.final_url, rules),
        reprint_of=resolved if foreign else None,
    )
