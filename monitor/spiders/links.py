"""Links: what endpoints show, with identity, or with the reason why it is not asked for."""

from monitor.canonical import UrlRules, article_number, canonical, in_scope, resolve, url_rules
from monitor.config import SourceConfig
from monitor.items import Link
from monitor.readers.contents import Entry


def rules_of(source: SourceConfig) -> UrlRules:
    """The URL rules of a configured source."""
    return url_rules(
        home=source.home,
        endpoints=[endpoint.url for endpoint in source.endpoints],
        aliases=source.aliases,
        offsite=source.allow_offsite,
        keep=source.keep_parameters,
        drop=source.drop_parameters,
        number=source.article_number,
    )


def link_of(entry: Entry, found_by: str, source: SourceConfig, rules: UrlRules) -> Link:
    """The link of an entry; a wrong scheme, a foreign host, a pattern or its age may filter it."""
    address = resolve(entry.address, found_by)
    url = canonical(address, rules) if address else None
    if address is None or url is None:
        return Link(address=entry.address[:500], url="", found_by=found_by, filtered="scheme")
    return Link(
        address=address,
        url=url,
        number=article_number(address, rules),
        hints=entry.hints,
        found_by=found_by,
        filtered=_unwanted(address, entry, source, rules),
        watched=entry.watched,
    )


def _unwanted(address: str, entry: Entry, source: SourceConfig, rules: UrlRules) -> str | None:
    if not in_scope(address, rules):
        return "off-site"
    if source.follow and not source.follow.search(address):
        return "pattern"
    if source.skip and source.skip.search(address):
        return "pattern"
    said = entry.hints.modified or entry.hints.published
    if source.backfill_from and said and said[:10] < source.backfill_from.isoformat():
        return "too old"
    return None
