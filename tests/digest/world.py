"""Rows of three mornings: a quiet one, a busy one, and one with failing sources."""

import json
import sqlite3
from datetime import UTC, datetime, timedelta

from db.records import Flag
from db.store import connect, writing
from monitor.isoday import moment

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)  # eight in the morning in Baku
SINCE = NOW - timedelta(days=1)
SERIES = "AZ/political_prisoner/-/UFPP/stock"
PEER = "AZ/political_prisoner/-/CPPP/stock"


class World:
    """A database that is filled fact by fact, each with the time it was learned."""

    def __init__(self, path) -> None:
        self.conn: sqlite3.Connection = connect(path)
        self.flags = 0

    def source(self, name, title, *, rank=2, enabled=1, read_at=None, **run) -> None:
        with writing(self.conn) as conn:
            conn.execute(
                "insert into sources (name, title, kind, home, rank, enabled, last_success_at) "
                "values (?, ?, 'feed', ?, ?, ?, ?)",
                (name, title, f"https://{name}.example/", rank, enabled, text(read_at)),
            )
        if run:
            self.run(name, **run)

    def run(self, source, *, at=NOW - timedelta(hours=2), error=None, baseline=0, **ledger) -> None:
        columns = {"source": source, "started_at": text(at), "finished_at": text(at)}
        columns |= {"state": "failed" if error else "done", "error": error, "baseline": baseline}
        self.insert("runs", **columns, **ledger)

    def entity(self, entity, canonical, kind="person") -> None:
        self.insert(
            "entities", id=entity, kind=kind, canonical=canonical,
            added_at=text(SINCE), changed_at=text(SINCE),
        )  # fmt: skip

    def article(self, source, slug, title, *, seen=NOW, published="2026-11-20", lang="en", **more):
        """An article with one version; returns (article, version)."""
        url = f"https://{source}.example/{slug}"
        article = self.insert(
            "articles", source=source, url=url, first_seen=text(seen), last_seen=text(seen),
            visited_at=text(seen), changed_at=text(seen),
        )  # fmt: skip
        version = self.version(article, title, seen=seen, published=published, lang=lang, **more)
        return article, version

    def version(self, article, title, *, number=1, cause="first", seen=NOW, **more):
        return self.insert(
            "versions", article_id=article, number=number, cause=cause, fetched_at=text(seen),
            title=title, text=title, text_hash=f"{article}-{number}", extractor="test", **more,
        )  # fmt: skip

    def flag(self, kind, *, at=NOW - timedelta(hours=1), where=(None, None), source=None, **fields):
        """Raise a flag as the store does; returns its id."""
        self.flags += 1
        flag = Flag(kind=kind, key=f"{kind}-{self.flags}", **fields)
        article, version = where
        return self.insert(
            "flags", key=flag.key, kind=kind, article_id=article, version_id=version,
            source=source, entity_id=flag.entity, series=flag.series, old=dumped(flag.old),
            new=dumped(flag.new), quote=flag.quote, priority=flag.priority, why=flag.why,
            detail=json.dumps(dict(flag.detail)), baseline=int(flag.baseline), raised_at=text(at),
        )  # fmt: skip

    def problem(self, source, words, *, at=NOW - timedelta(hours=3), closed=None) -> None:
        """Something that is wrong with a source, too little for a flag."""
        self.insert(
            "problems", source=source, cause="unreachable", severity="degraded", words=words,
            mend="wait", weight=0.5, first_seen=text(at), last_seen=text(at),
            closed_at=text(closed),
        )  # fmt: skip

    def evidence(self, flag, where, relation="reprint") -> None:
        article, version = where
        self.insert(
            "flag_evidence", flag_id=flag, version_id=version, article_id=article,
            relation=relation, added_at=text(NOW),
        )  # fmt: skip

    def review(self, flag, decision, *, at=NOW - timedelta(minutes=10), reason="") -> int:
        return self.insert(
            "reviews", flag_id=flag, who="Aysel", at=text(at), decision=decision, reason=reason
        )

    def points(self, key, where, values) -> None:
        place, category, subset, org, kind = key.split("/")
        series = self.insert(
            "series", key=key, place=place, category=category, kind=kind, org=org,
            subset=None if subset == "-" else subset,
        )  # fmt: skip
        for effective, value in values:
            self.insert(
                "series_points", series_id=series, value=value, qualifier="exact",
                effective=effective, confirmed=effective, article_id=where[0],
                version_id=where[1], url="", source="", learned_at=text(SINCE),
            )  # fmt: skip

    def insert(self, table, **row) -> int:
        names = ", ".join(row)
        marks = ", ".join("?" * len(row))
        with writing(self.conn) as conn:
            cursor = conn.execute(
                f"insert into {table} ({names}) values ({marks})", tuple(row.values())
            )
        return cursor.lastrowid


def text(when: datetime | None) -> str | None:
    return None if when is None else moment(when)


def dumped(value: object) -> str | None:
    return None if value is None else json.dumps(value)


def quiet_day(world: World) -> World:
    """Everything was read and nothing happened."""
    for name, title in (("turan", "Turan"), ("meydan", "Meydan TV"), ("mikroskop", "Mikroskop")):
        world.source(name, title, discovered=40, stored=0, unchanged=40)
    return world


def busy_day(world: World) -> World:
    """Every section has something to say."""
    world.source("ufpp", "Political Prisoners Union", rank=1, discovered=12, stored=1, unchanged=11)
    world.source("turan", "Turan", rank=1, discovered=48, stored=9, unchanged=37, duplicate=2)
    world.source("meydan", "Meydan TV", discovered=61, stored=14, unchanged=44, failed=3)
    world.source("qafqazinfo", "Qafqazinfo", rank=3, discovered=20, stored=5, unchanged=15)
    world.source("yeni", "Yeni Səs", discovered=212, stored=212, baseline=1)
    world.source("old", "Closed Gazette", enabled=0)
    _people(world)
    _counts(world)
    _named(world)
    _edited(world)
    _to_confirm(world)
    _quiet(world)
    return world


def failing_day(world: World) -> World:
    """Sources fail, fall silent, recover; one was not read at all; a ledger does not add up."""
    world.source("turan", "Turan", rank=1, discovered=30, unchanged=29)
    world.source("meydan", "Meydan TV", error="HTTP 503 for 3 hours", discovered=0)
    world.source("mikroskop", "Mikroskop", discovered=10, unchanged=10)
    world.source("toplum", "Toplum TV", read_at=NOW - timedelta(days=2))
    world.source("jam", "JAM News", discovered=20, unchanged=12, failed=8)
    world.problem("jam", "cannot be reached: 8 of 20 articles (5xx)")
    world.flag(
        "source_failing", source="meydan",
        detail={"cause": "the server answers 503", "mend": "ask the site, or read its sitemap",
                "since": "2026-11-20T09:00:00Z"},
    )  # fmt: skip
    world.flag(
        "source_silent", source="mikroskop", at=SINCE - timedelta(days=3),
        detail={"cause": "no new article", "mend": "look at the site", "usual_gap_days": 0.6,
                "since": "2026-11-17T04:00:00Z"},
    )  # fmt: skip
    world.flag("source_recovered", source="turan", detail={"cause": "two good runs"})
    return world


def _people(world: World) -> None:
    for entity, name in (
        ("ulvi-hasanli", "Ülvi Həsənli"),
        ("sevinc-vaqifqizi", "Sevinc Vaqifqızı"),
        ("nergiz-absalamova", "Nərgiz Absalamova"),
        ("bahruz-samadov", "Bəhruz Səmədov"),
        ("tofiq-yaqublu", "Tofiq Yaqublu"),
    ):
        world.entity(entity, name)
    world.entity("abzas-media", "Abzas Media", kind="outlet")


def _counts(world: World) -> None:
    listed = world.article(
        "ufpp", "list-2026-11", "Updated list of political prisoners",
        published="2026-11-20T09:00:00Z", seen=NOW - timedelta(hours=9),
    )  # fmt: skip
    world.points(
        SERIES, listed,
        [("2025-12-12", 331), ("2026-03-01", 340), ("2026-06-14", 357), ("2026-11-20", 375)],
    )  # fmt: skip
    world.points(PEER, listed, [("2026-10-03", 362)])
    up = world.flag(
        "count_up", where=listed, series=SERIES, old=357, new=375, priority=0.95,
        quote="As of 20 November 2026 the Union lists 375 political prisoners, up from 357.",
        detail={"as_of": "2026-11-20", "org": "UFPP", "claimed_previous": 357,
                "previous_agrees": True, "qualifier": "exact"},
    )  # fmt: skip
    reprint = world.article("turan", "375", "Union counts 375 political prisoners")
    world.evidence(up, reprint)
    world.flag(
        "count_contradiction", where=listed, series=SERIES, old=362, new=375, priority=0.65,
        quote="As of 20 November 2026 the Union lists 375 political prisoners, up from 357.",
        detail={"org": "UFPP", "as_of": "2026-11-20",
                "previous": {"series": PEER, "value": 362, "qualifier": "exact",
                             "effective": "2026-10-03", "source": "turan",
                             "url": "https://turan.example/362",
                             "quote": "The Center has 362 names on its list."}},
    )  # fmt: skip
    world.flag(
        "count_breakdown_mismatch", where=reprint, series=SERIES, old=90, new=95, priority=0.5,
        quote="Of the 90 listed, 55 are believers, the other 40 activists.",
        detail={"parts": [{"label": "believer", "value": 55}, {"label": "activist", "value": 40}]},
    )  # fmt: skip


def _named(world: World) -> None:
    court = world.article(
        "turan", "court", "Məhkəmə iki jurnalistin həbs müddətini uzatdı", lang="az",
        seen=NOW - timedelta(hours=5),
    )  # fmt: skip
    quote = "Bakı məhkəməsi Ülvi Həsənlinin və Sevinc Vaqifqızının həbs müddətini üç ay uzadıb."
    for entity, surface in (
        ("ulvi-hasanli", "Ülvi Həsənlinin"),
        ("sevinc-vaqifqizi", "Sevinc Vaqifqızının"),
    ):
        start = quote.index(surface)
        flag = world.flag(
            "new_mention", where=court, entity=entity, new=surface, quote=quote, priority=0.75,
            detail={"first_ever": False, "first_in_source": False, "silence_days": 2,
                    "status": "detained", "tier": "full", "leads_to": "flag",
                    "surface": surface, "start": start, "end": start + len(surface)},
        )  # fmt: skip
    for number in range(4):
        copy = world.article("meydan", f"copy-{number}", f"Copy {number} of the court report")
        world.evidence(flag, copy)
    letter = world.article("meydan", "letter", "A letter from Kurdakhani", seen=NOW)
    world.flag(
        "new_mention", where=letter, entity="nergiz-absalamova", new="Nargiz Absalamova",
        quote="Nargiz Absalamova, who has been held since December, wrote the letter herself.",
        priority=0.9,
        detail={"first_ever": True, "first_in_source": True, "silence_days": None,
                "status": "detained", "tier": "full", "leads_to": "flag",
                "surface": "Nargiz Absalamova"},
    )  # fmt: skip
    silence = world.article("qafqazinfo", "1", "Заявление адвоката", lang="ru")
    world.flag(
        "new_mention", where=silence, entity="bahruz-samadov", new="Бахруза Самедова",
        quote="Адвокат посетил Бахруза Самедова в следственном изоляторе.", priority=0.7,
        detail={"first_ever": False, "first_in_source": True, "silence_days": 143,
                "status": None, "tier": "full", "leads_to": "flag",
                "surface": "Бахруза Самедова"},
    )  # fmt: skip


def _edited(world: World) -> None:
    edited, _ = world.article(
        "qafqazinfo", "2", "Police report on the November arrests", seen=SINCE - timedelta(days=2)
    )
    version = world.version(
        edited, "Police report on the November arrests", number=2, cause="edit", seen=NOW
    )
    world.flag(
        "article_edited", where=(edited, version), priority=0.65,
        quote="Police detained nine people near the court.",
        detail={"changes": [
            {"before": "Police detained twelve people near the court on Friday evening.",
             "after": "Police detained nine people near the court on Friday evening."},
            {"before": None, "after": "All were released by midnight, the ministry said."}],
            "silent": True, "replaced": False},
    )  # fmt: skip
    world.flag(
        "mention_removed", where=(edited, version), entity="tofiq-yaqublu", old="Tofig Yagublu",
        quote="Among them was the opposition politician Tofig Yagublu.", priority=0.75,
        detail={"name": "Tofiq Yaqublu"},
    )  # fmt: skip
    gone = world.article("qafqazinfo", "3", "Interview with a former prisoner")
    world.flag(
        "article_removed", where=(gone[0], None), priority=0.55, old="live", new="removed",
        why="no longer available: 3 visits since 2026-11-18T05:00:00Z found nothing, while the "
            "site answered 40 of 41 other visits",
        detail={"since": "2026-11-18T05:00:00Z"},
    )  # fmt: skip
    moved = world.article("qafqazinfo", "4", "A court date")
    world.flag(
        "article_moved", where=(moved[0], None), priority=0.25,
        old="https://qafqazinfo.example/4", new="https://qafqazinfo.example/court/4",
        why="the site redirects the old address for good",
    )  # fmt: skip


def _to_confirm(world: World) -> None:
    arrest = world.article("turan", "arrest", "Tələbə saxlanılıb", lang="az")
    world.flag(
        "candidate", where=arrest, new="Elçin Məmmədli", priority=0.1,
        quote="Polis tələbə Elçin Məmmədlini universitetin qarşısında saxlayıb.",
        detail={"name": "Elçin Məmmədli", "status": "detained"},
    )  # fmt: skip
    world.flag(
        "count_possible_change", where=arrest, series="AZ/political_prisoner/-/-/stock", new=400,
        quote="Ölkədə 400-ə yaxın siyasi məhbus var.", priority=0.3, detail={"qualifier": "approx"},
    )  # fmt: skip


def _quiet(world: World) -> None:
    for number in range(7):
        article, version = world.article("meydan", f"q{number}", f"Weather {number}")
        world.insert(
            "quieted", version_id=version, article_id=article, kind="cosmetic", at=text(NOW)
        )
    rule = world.insert(
        "rules", kind="new_mention", scope="entity abzas-media in source turan",
        reason="Turan credits Abzas Media under every photo", created_at=text(SINCE),
    )  # fmt: skip
    hidden = world.flag("new_mention", entity="abzas-media", source="turan")
    with writing(world.conn) as conn:
        conn.execute("update flags set hidden_by = ? where id = ?", (rule, hidden))
    for number in range(31):
        world.flag(
            "new_mention", source="yeni", entity="ulvi-hasanli", baseline=True, new=str(number)
        )
