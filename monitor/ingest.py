"""Recording what was read: the previous state, the decision and the update in one transaction.

A crawl and an import come through here. Every function records one URL whole, closes it in the
ledger of its run, and says which outcome it had.
"""

import sqlite3
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from db import crawling
from db.apply import apply, raise_flag
from db.articles import (
    add_article,
    add_urls,
    find_article,
    get_article,
    same_text,
    set_address,
    was_read,
)
from db.boilerplate import learned
from db.fetches import add_fetch
from db.known import is_alike, load_known, load_source
from db.records import Article, Fetch, Known, Outcome, Reading, Source, Validators, Visit
from db.store import writing
from db.versions import Stale, stale_version
from db.watchlist import save_decisions
from monitor.canonical import UrlRules, same_page
from monitor.decide import counts
from monitor.decide.presence import moved
from monitor.decide.update import decide
from monitor.exceptions import Unreadable
from monitor.extract.normal import without_boilerplate
from monitor.identity import Identity, identify
from monitor.isoday import moment
from monitor.items import Missed, Page
from monitor.sighting import note_sight


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """The outcome of one URL in the words of the ledger."""

    outcome: Outcome
    reason: str
    article: int | None = None
    version: int | None = None


def record_reading(
    conn: sqlite3.Connection,
    page: Page,
    reading: Reading,
    rules: UrlRules,
    *,
    baseline: bool = False,
) -> Recorded:
    """Record a page that was read: a new article, a new version, or nothing new.

    In a `baseline` everything is stored and flags are raised quietly.
    """
    page = replace(page, fetch=page.fetch or fetch_of(page))
    identity = identify(page, reading.version.canonical, rules)
    with writing(conn):
        fetch = _keep_fetch(conn, page)
        source = _source_of(conn, page)
        article, is_new = _article(conn, page, identity, reading, baseline)
        if page.run is not None and not is_new and _is_second(conn, page, article):
            recorded = Recorded(outcome="duplicate", reason="alias of a known article")
        else:
            visit = _visit(page, article, fetch)
            known = _known(conn, source, article, reading, visit.at, baseline)
            recorded = _decide(conn, known, visit, reading)
        save_decisions(conn, reading.rules, reading.decisions)
        if not is_new:
            _note_move(conn, page, article, identity, baseline)
            note_sight(conn, article.id, "unchanged", "", page.fetched_at, baseline=baseline)
        _note_visit(conn, page, article)
        _close(conn, page, recorded)
        return replace(recorded, article=article.id)


def record_unchanged(conn: sqlite3.Connection, page: Page) -> Recorded:
    """Record a visit that brought nothing new: 304, or the same bytes again."""
    same_bytes = page.fetch is not None and page.fetch.status == 200
    reason = "same bytes" if same_bytes else "304"
    with writing(conn):
        _keep_fetch(conn, page)
        article = find_article(conn, page.source, (page.discovered_as,))
        recorded = Recorded(outcome="unchanged", reason=reason)
        if article is not None:
            note_sight(conn, article.id, recorded.outcome, reason, page.fetched_at)
            _note_visit(conn, page, article)
        _close(conn, page, recorded)
    return recorded


def record_unreadable(conn: sqlite3.Connection, page: Page, why: Unreadable) -> Recorded:
    """Record a page that is no article: its bytes are kept, no version is made."""
    with writing(conn):
        _keep_fetch(conn, page)
        recorded = Recorded(outcome=_outcome(why.outcome), reason=why.reason)
        if page.article is not None:
            note_sight(conn, page.article, recorded.outcome, recorded.reason, page.fetched_at)
        _close(conn, page, recorded)
    return recorded


def read_otherwise(
    conn: sqlite3.Connection, page: Page, reading: Reading, rules: UrlRules
) -> Stale | None:
    """The version a page will be compared with, if another extractor has read that one.

    Its bytes are to be read again first (`record_technical`): what differs then was changed by
    the site and not by us.
    """
    identity = identify(page, reading.version.canonical, rules)
    article = find_article(conn, page.source, identity.own, identity.number)
    return None if article is None else stale_version(conn, article.id, reading.version)


def page_again(stale: Stale, headers: dict[str, str], body: bytes) -> Page:
    """The page a version was read from, made of its snapshot."""
    return Page(
        source=stale.source,
        url=stale.url,
        final_url=stale.url,
        fetched_at=stale.fetched_at,
        status=200,
        body=body,
        headers=headers,
        mime=stale.mime,
        discovered_as=stale.url,
    )


def record_technical(conn: sqlite3.Connection, stale: Stale, page: Page, reading: Reading) -> bool:
    """Record the same bytes read by another extractor; whether the text came out differently.

    Nothing is recorded if a newer version was stored in the meantime.
    """
    with writing(conn):
        article = get_article(conn, stale.article)
        known = _known(conn, _source_of(conn, page), article, reading, page.fetched_at, True)
        if known.latest is None or known.latest.id != stale.version:
            return False
        visit = replace(_visit(page, article, stale.fetch), same_bytes=True)
        update = decide(known, visit, reading)
        return update is not None and apply(conn, update) is not None


def record_missed(conn: sqlite3.Connection, missed: Missed, now: datetime) -> Recorded:
    """Record a URL that brought no page; a known article may be missing or blocked."""
    with writing(conn):
        if missed.fetch is not None:
            add_fetch(conn, missed.fetch, missed.run)
        article = find_article(conn, missed.source, (missed.discovered_as,))
        if article is not None:
            note_sight(conn, article.id, missed.outcome, missed.reason, now)
        if missed.run is not None:
            crawling.close_url(
                conn, missed.run, missed.discovered_as, missed.outcome, missed.reason
            )
    return Recorded(outcome=missed.outcome, reason=missed.reason)


def _known(
    conn: sqlite3.Connection,
    source: Source,
    article: Article,
    reading: Reading,
    now: datetime,
    baseline: bool,
) -> Known:
    peers = counts.relevant(reading.observations, source.publisher_org, source.place)
    known = load_known(conn, source, article, reading, peers=peers, now=now, baseline=baseline)
    if known.latest is None:
        return known
    lines = learned(conn, source.name)
    return replace(known, compared=without_boilerplate(known.compared, lines))


def _decide(conn: sqlite3.Connection, known: Known, visit: Visit, reading: Reading) -> Recorded:
    update = decide(known, visit, reading)
    if update is None:
        return Recorded(outcome="unchanged", reason="same text")
    version = apply(conn, update)
    if version is None:
        return Recorded(outcome="unchanged", reason="cosmetic only")
    reason = "new article" if known.latest is None else "new version"
    return Recorded(outcome="stored", reason=reason, version=version)


def _keep_fetch(conn: sqlite3.Connection, page: Page) -> int:
    return add_fetch(conn, page.fetch or fetch_of(page), page.run)


def fetch_of(page: Page) -> Fetch:
    """The fetch of a page that came without one: an import."""
    return Fetch(
        url=page.url,
        at=page.fetched_at,
        source=page.source,
        status=page.status,
        final_url=page.final_url,
        body_sha256=sha256(page.body).hexdigest() if page.body else None,
        body_bytes=len(page.body),
        mime=page.mime,
        snapshot=page.snapshot,
    )


def _source_of(conn: sqlite3.Connection, page: Page) -> Source:
    """The source as the page says it: an import names place and publisher line by line."""
    source = load_source(conn, page.source)
    assert source is not None, f"source {page.source} is mirrored before its first page"
    return replace(
        source,
        place=page.hints.place or source.place,
        publisher_org=page.hints.publisher_org or source.publisher_org,
    )


def _article(
    conn: sqlite3.Connection, page: Page, identity: Identity, reading: Reading, baseline: bool
) -> tuple[Article, bool]:
    """The article of a page, and whether it is new.

    Its own addresses decide; the one it names as canonical only where the texts are alike, for
    some sites name one address on every page. A crawled page with the same title and text as
    another of its source is the same article, whatever the address.
    """
    known = find_article(conn, page.source, identity.own, identity.number)
    if known is None and identity.named is not None:
        named = find_article(conn, page.source, (identity.named,))
        alike = named is not None and is_alike(conn, named.id, reading.signature)
        known = named if alike else None
        if named is not None and not alike:
            identity = replace(identity, named=None)
    if known is None and page.run is not None:
        known = same_text(conn, page.source, reading.version.text_hash)
    if known is not None:
        add_urls(conn, known.id, identity.urls, page.fetched_at)
        return known, False
    article = add_article(conn, page, identity.urls, identity.number, identity.reprint_of, baseline)
    return article, True


def _note_move(
    conn: sqlite3.Connection, page: Page, article: Article, identity: Identity, baseline: bool
) -> None:
    """A known article that answers at another address now is cited by that one from now on.

    The old address redirects there, or the site shows the article's number under the new one.
    """
    new = identity.own[0]
    stays = any(same_page(url, article.url) for url in (new, identity.named) if url)
    if page.article is None or stays:
        return
    flag = replace(moved(article, new, page.fetched_at), baseline=baseline)
    raise_flag(conn, flag, moment(page.fetched_at), article=article.id)
    set_address(conn, article.id, new, page.final_url)


def _is_second(conn: sqlite3.Connection, page: Page, article: Article) -> bool:
    """Whether this run has read the article before, under another address."""
    assert page.run is not None
    return article.url != page.discovered_as and was_read(conn, page.run, article.id)


def _visit(page: Page, article: Article, fetch: int) -> Visit:
    return Visit(url=article.url, at=page.fetched_at, fetch=fetch)


def _note_visit(conn: sqlite3.Connection, page: Page, article: Article) -> None:
    fetch = page.fetch or fetch_of(page)
    validators = Validators(
        etag=fetch.etag, last_modified=fetch.last_modified, body_sha256=fetch.body_sha256
    )
    crawling.set_validators(conn, article.id, page.fetched_at, validators, page.conditional)


def _close(conn: sqlite3.Connection, page: Page, recorded: Recorded) -> None:
    if page.run is not None:
        crawling.close_url(conn, page.run, page.discovered_as, recorded.outcome, recorded.reason)


def _outcome(word: str) -> Outcome:
    assert word in ("blocked", "filtered", "failed", "duplicate"), word
    return word  # type: ignore[return-value]
