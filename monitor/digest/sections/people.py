"""Section 3: who was named, those not heard of before first."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from db.digest_rows import FlagRow
from monitor.digest.evidence import Reprints, evidence, mention_quote
from monitor.digest.model import Evidence, PeopleItem, Quoted
from monitor.digest.ranking import NEWS, STORIES_SHOWN, news


def people_items(flags: Iterable[FlagRow], reprints: Reprints) -> tuple[PeopleItem, ...]:
    """One item an entity; entities named together in the same sentences share one item."""
    by_entity: dict[str, list[FlagRow]] = {}
    for flag in flags:
        by_entity.setdefault(flag.entity or flag.name, []).append(flag)
    together: dict[object, list[PeopleItem]] = {}
    for named in by_entity.values():
        named.sort(key=lambda f: (NEWS.index(news(f)), -f.priority, f.rank, f.id))
        item = _item(named, reprints)
        together.setdefault(_sameness(item), []).append(item)
    items = [_joined(group) for group in together.values()]
    return tuple(sorted(items, key=_order))


def _item(flags: Sequence[FlagRow], reprints: Reprints) -> PeopleItem:
    first = flags[0]
    return PeopleItem(
        entities=(first.entity or first.name,),
        names=(first.name or str(first.detail.get("name") or first.entity),),
        kinds=(first.entity_kind or "person",),
        news=news(first),
        silence_days=first.detail.get("silence_days"),
        status=next((f.detail["status"] for f in flags if f.detail.get("status")), None),
        stories=tuple(evidence(f, mention_quote(f), reprints) for f in flags[:STORIES_SHOWN]),
        more=max(0, len(flags) - STORIES_SHOWN),
    )


def _sameness(item: PeopleItem) -> object:
    """Items with equal sameness tell one fact: the same sentences, the same kind of news."""
    sentences = tuple((story.article.url, story.quoted.text) for story in item.stories)
    return item.news, item.silence_days, item.more, sentences


def _joined(items: Sequence[PeopleItem]) -> PeopleItem:
    if len(items) == 1:
        return items[0]
    items = sorted(items, key=lambda item: item.names)
    stories = zip(*(item.stories for item in items), strict=True)
    return replace(
        items[0],
        entities=tuple(entity for item in items for entity in item.entities),
        names=tuple(name for item in items for name in item.names),
        kinds=tuple(kind for item in items for kind in item.kinds),
        status=_shared({item.status for item in items}),
        stories=tuple(_overlaid(same) for same in stories),
    )


def _shared(statuses: set[str | None]) -> str | None:
    return statuses.pop() if len(statuses) == 1 else None


def _overlaid(stories: Sequence[Evidence]) -> Evidence:
    """One story with the marks, flags and reprints of all."""
    first = stories[0]
    marks = sorted({mark for story in stories for mark in story.quoted.marks})
    apart = [mark for i, mark in enumerate(marks) if i == 0 or mark[0] >= marks[i - 1][1]]
    quoted = Quoted(text=first.quoted.text, marks=tuple(apart), lang=first.quoted.lang)
    seen = {link.url: link for story in stories for link in story.reprints}
    return replace(
        first,
        flags=tuple(flag for story in stories for flag in story.flags),
        quoted=quoted,
        reprints=tuple(seen.values()),
        confirmed=all(story.confirmed for story in stories),
        priority=max(story.priority for story in stories),
    )


def _order(item: PeopleItem) -> tuple[object, ...]:
    return (NEWS.index(item.news), -item.stories[0].priority, item.names)
