"""A small database with everything an export must tell, and everything it must not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from db import reviews
from db.export import Selection, Terms
from db.store import writing
from monitor.export.about import Labels
from monitor.export.corpus import Corpus
from monitor.export.run import export
from tests.worlds import World

FORMULA = '=HYPERLINK("http://evil.test/","look")'
SECRET = "ask her brother before telling anybody"
TERMS = {
    "a": Terms(text_licence="CC-BY-4.0", robots="obeyed"),
    "b": Terms(robots="overridden on 2026-03-01: written permission"),
}
LABELS = Labels(title="Test corpus", creator="Test desk", licence="CC0-1.0")
UNION = "the Union for the Freedom of Political Prisoners"
# The second person is not tracked: a private person in an arrest context.
ARREST = "Ülvi Həsənli spoke in court.\nElçin Qasımov was detained in Baku. Qasımovun vəkili gəldi."

Export = Callable[..., Path]


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Five articles at two sources over four days, one edited, one review with a note."""
    world = World(tmp_path)
    world.read(f"On 2 March 2026 {UNION} listed 331 political prisoners.", title=FORMULA)
    world.read(ARREST, url="http://a.test/2", title="Elçin Qasımov detained")
    world.read("Sevinc Vaqifqızı wrote from prison.", url="http://b.test/3", day=1)
    world.read("Sevinc Vaqifqızı is silent. Abzas Media is not.", url="http://b.test/3", day=2)
    world.read(
        f"On 5 March 2026 {UNION} listed 357 political prisoners, up from 331.",
        url="http://a.test/4",
        day=3,
    )
    world.read("-5 degrees in Baku.", url="http://a.test/5", title="@Weather", day=3)
    with writing(world.conn):
        decision = reviews.Decision(
            who="reviewer.one", decision="confirmed", reason="other", note=SECRET
        )
        reviews.decide(world.conn, {1: 0}, decision, "2026-03-04T12:00:00Z")
        reviews.note(world.conn, 1, "reviewer.two", "comment", SECRET, "2026-03-04T13:00:00Z")
    return world


@pytest.fixture
def exported(world: World, tmp_path: Path) -> Export:
    """Export the small database; the folder."""

    def run(form: str, name: str = "out", *, text: bool = True, reviewers: bool = False, **asked):  # type: ignore[no-untyped-def]
        corpus = Corpus(
            world.conn,
            Selection(**asked),
            terms=TERMS,
            with_text=text,
            with_reviewers=reviewers,
        )
        folder = tmp_path / name
        export(corpus, form, folder, terms=TERMS, labels=LABELS, archive=tmp_path / "archive")
        world.conn.rollback()
        return folder

    return run
