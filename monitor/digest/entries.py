"""One item of a digest on its own: for feeds, chats and webhooks."""

from dataclasses import dataclass

from markupsafe import Markup, escape

from db.digest_rows import FlagRow
from monitor.digest import wording
from monitor.digest.evidence import Reprints
from monitor.digest.html import marked, web_address
from monitor.digest.language import Phrases
from monitor.digest.model import (
    ConfirmItem,
    CountItem,
    Digest,
    EditItem,
    Evidence,
    PeopleItem,
    StateItem,
)
from monitor.digest.ranking import KINDS, place
from monitor.digest.sections.counts import Known, count_items
from monitor.digest.sections.edits import edit_items, state_items
from monitor.digest.sections.people import people_items
from monitor.digest.sections.review import confirm_items
from monitor.digest.text import marked as marked_plainly

Item = CountItem | PeopleItem | EditItem | StateItem | ConfirmItem


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An item in words: a title, the lines that prove it, the same as HTML, and where to look."""

    flags: tuple[int, ...]
    title: str
    lines: tuple[str, ...]
    html: str
    url: str

    @property
    def text(self) -> str:
        return "\n".join([self.title, *self.lines, *([self.url] if self.url else [])])


def entries(t: Phrases, digest: Digest) -> list[Entry]:
    """The items of a digest in its order."""
    items: list[Item] = [
        *digest.counts,
        *digest.disagreements,
        *digest.people,
        *digest.edits,
        *digest.states,
        *digest.confirm,
    ]
    return [entry(t, item) for item in items]


def flag_entry(t: Phrases, flag: FlagRow, reprints: Reprints, known: Known) -> Entry:
    """One flag as an entry. Raises KeyError for a kind outside the closed list."""
    section = place(flag).section
    items: tuple[Item, ...]
    if section in ("counts", "disagreements"):
        items = count_items([flag], known)
    elif section == "people":
        items = people_items([flag], reprints)
    elif section == "edits":
        items = edit_items([flag], reprints)
    elif section == "states":
        items = state_items([flag], reprints)
    else:
        items = confirm_items([flag], reprints)
    return entry(t, items[0])


def entry(t: Phrases, item: Item) -> Entry:
    """An item in words of one language."""
    proofs = item.stories if isinstance(item, PeopleItem) else (item.evidence,)
    notes = _notes(t, item)
    return Entry(
        flags=tuple(flag for proof in proofs for flag in proof.flags),
        title=_title(t, item),
        lines=(*notes, *_lines(t, item, proofs)),
        html=str(_html(t, item, notes, proofs)),
        url=web_address(proofs[0].article.url),
    )


def _title(t: Phrases, item: Item) -> str:
    if isinstance(item, CountItem):
        return _count_title(t, item)
    if isinstance(item, PeopleItem):
        return f"{', '.join(item.names)}: {wording.news(t, item)}"
    if isinstance(item, EditItem):
        title = item.evidence.article.title or t("cite.untitled")
        return f"{t('edits.article_edited')}: {title}"
    if isinstance(item, StateItem):
        title = item.evidence.article.title or t("cite.untitled")
        return f"{t('edits.' + item.kind)}: {title}"
    subject = item.name if item.new is None else wording.figure(t, item.new)
    return f"{t('confirm.' + item.kind)}: {subject}"


def _count_title(t: Phrases, item: CountItem) -> str:
    if KINDS[item.kind].section == "disagreements":
        return wording.headline(t, item)
    org = f" ({t.short(item.org)})" if item.org else ""
    return f"{wording.change(t, item)} {wording.counted(t, item)}{org}"


def _notes(t: Phrases, item: Item) -> list[str]:
    if isinstance(item, CountItem):
        change = wording.difference(t, item) if KINDS[item.kind].section == "counts" else ""
        return [note for note in (change, *wording.count_facts(t, item)) if note]
    if isinstance(item, EditItem):
        return wording.edit_notes(t, item)
    return wording.state_notes(t, item) if isinstance(item, StateItem) else []


def _lines(t: Phrases, item: Item, proofs: tuple[Evidence, ...]) -> list[str]:
    lines = []
    for change in item.changes if isinstance(item, EditItem) else ():
        lines += [f"− {marked_plainly(change.before)}"] if change.before.text else []
        lines += [f"+ {marked_plainly(change.after)}"] if change.after.text else []
    for proof in proofs:
        if proof.quoted.text and not isinstance(item, EditItem):
            lines.append(t("head.quote", words=marked_plainly(proof.quoted)))
        lines.append(wording.cite(t, proof))
    return lines


def _html(t: Phrases, item: Item, notes: list[str], proofs: tuple[Evidence, ...]) -> Markup:
    parts = [Markup("<p>{}</p>").format(note) for note in notes]
    for change in item.changes if isinstance(item, EditItem) else ():
        parts.append(Markup("<p>{}</p>").format(marked(change.before, "del")))
        parts.append(Markup("<p>{}</p>").format(marked(change.after, "ins")))
    for proof in proofs:
        if proof.quoted.text and not isinstance(item, EditItem):
            parts.append(Markup("<blockquote>{}</blockquote>").format(marked(proof.quoted)))
        cite = escape(wording.cite(t, proof))
        if url := web_address(proof.article.url):
            cite = Markup('<a href="{}">{}</a>').format(url, cite)
        parts.append(Markup("<p>{}</p>").format(cite))
    return Markup("").join(parts)
