"""A small but whole world for the desk: pages read, archived, understood and flagged as in a crawl.

Names of persons and outlets here are invented; the registries are the shipped ones.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from db import health
from db.apply import raise_flag
from db.crawling import keep_source
from db.health_rows import Health, Problem
from db.records import Alias, Entity, Fetch, Flag, Source
from db.store import writing
from monitor.archive import Archive
from monitor.canonical import url_rules
from monitor.digest.build import build as digest
from monitor.digest.freeze import freeze
from monitor.extract import SourceRules
from monitor.ingest import record_reading
from monitor.isoday import moment
from monitor.items import Page
from monitor.reading import Knowledge, Reader, Setting
from monitor.watching import watch
from monitor.workspace import Workspace

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
ENTITIES = (
    Entity(id="ruslan-quliyarov", kind="person", canonical="Ruslan Quliyarov"),
    Entity(id="sevda-mirzeli", kind="person", canonical="Sevda Mirzəli",
           aliases=(Alias(text="Sevda Xan", type="pen_name"),)),
    Entity(id="elmar-tagizade", kind="person", canonical="Elmar Tağızadə"),
    Entity(id="seher-xeber", kind="outlet", canonical="Səhər Xəbər"),
)  # fmt: skip
SOURCES = (
    Source(name="birlik", title="Birlik: Union list", kind="page", home="https://birlik.example/",
           languages=("en",), place="AZ", rank=1, publisher_org="UFPP"),
    Source(name="seher", title="Səhər Xəbər", kind="feed", home="https://seher.example/",
           languages=("az",), place="AZ", rank=1),
    Source(name="dalga", title="Dalğa Radiosu", kind="feed", home="https://dalga.example/",
           languages=("az",), place="AZ", rank=2),
    Source(name="vestnik", title="Вестник", kind="sitemap", home="https://vestnik.example/",
           languages=("ru",), place="AZ", rank=3),
)  # fmt: skip

HOSTILE_TITLE = '"><img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
HOSTILE = """<p>Ruslan Quliyarov was held again in Baku, his lawyer said.</p>
<p>&lt;script&gt;window.hacked=1&lt;/script&gt; &lt;img src=x onerror=window.hacked=1&gt;
{{ 7*7 }} javascript:alert(1) and more text that keeps the reader from taking this for a menu.</p>
<script>window.hacked=1; parent.hacked=1; top.location='https://evil.example/'</script>
<img src="https://evil.example/pixel.png"><form action="https://evil.example/"><input></form>
<meta http-equiv="refresh" content="0;url=https://evil.example/">"""


class World:
    """Reads pages one after another, each a day or some hours later than the one before."""

    def __init__(self, folder: Path) -> None:
        self.space = Workspace(config=None, data=folder)
        self.conn = self.space.open()
        self.reader = Reader(Knowledge(entities=ENTITIES))
        self.archive = Archive(self.space.archive, 10**9)
        watch(self.conn, ENTITIES, now=NOW - timedelta(days=400), who="watchlist.csv")
        with writing(self.conn):
            for source in SOURCES:
                keep_source(self.conn, source)

    def read(self, source: str, slug: str, html: str, *, at: datetime, lang: str = "az") -> int:
        """Read one page as a crawl would; the id of its article."""
        known = next(one for one in SOURCES if one.name == source)
        url = f"{known.home}{slug}"
        body = html.encode()
        fetch = Fetch(
            url=url, at=at, source=source, status=200, final_url=url, mime="text/html",
            body_sha256=sha256(body).hexdigest(), body_bytes=len(body),
        )  # fmt: skip
        headers = [("Content-Type", "text/html; charset=utf-8")]
        fetch = replace(fetch, snapshot=self.archive.keep(fetch, headers, body))
        page = Page(
            source=source, url=url, final_url=url, fetched_at=at, status=200, body=body,
            discovered_as=url, mime="text/html", fetch=fetch,
        )  # fmt: skip
        setting = Setting(source=source, place="AZ", publisher_org=known.publisher_org)
        reading = self.reader.read(page, SourceRules(home=known.home), setting)
        recorded = record_reading(self.conn, page, reading, url_rules(home=known.home))
        assert recorded.article is not None, recorded
        return recorded.article

    def run(self, source: str, at: datetime, **ledger: object) -> None:
        """One finished run of a source."""
        columns = {"source": source, "started_at": moment(at), "finished_at": moment(at),
                   "state": "done", **ledger}  # fmt: skip
        names, marks = ", ".join(columns), ", ".join("?" * len(columns))
        with writing(self.conn):
            self.conn.execute(
                f"insert into runs ({names}) values ({marks})", tuple(columns.values())
            )
            self.conn.execute(
                "update sources set last_run_at = ?1, last_success_at = ?1 where name = ?2",
                (moment(at), source),
            )

    def flag(self, flag: Flag, at: datetime, **where: object) -> None:
        """Raise one flag by hand, for kinds that need a site to misbehave for days."""
        with writing(self.conn):
            raise_flag(self.conn, flag, moment(at), **where)  # type: ignore[arg-type]


def page(title: str, text: str, published: str, lang: str = "az") -> str:
    """An article as a plain site writes it."""
    paragraphs = "".join(f"<p>{line}</p>" for line in text.strip().split("\n"))
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="article:published_time" content="{published}"></head>'
        f"<body><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    )


def build(folder: Path) -> World:
    """The whole world: a year of counts, a week of names, edits, a removal, a hostile page."""
    world = World(folder)
    _counts(world)
    _names(world)
    _edits(world)
    _health(world)
    world.archive.close()
    told = digest(world.conn, NOW - timedelta(days=1), NOW, now=NOW)
    freeze(world.conn, told, "en")
    return world


LIST = """The Union for the Freedom of Political Prisoners has updated its list. As of {day}, \
there are {n} political prisoners in Azerbaijan, the Union said in a statement.
The list was compiled from court documents and from the families of those held. It is published \
every few months and is sent to international organisations."""


def _counts(world: World) -> None:
    for day, shown, n in (
        ("2025-12-12", "12 December 2025", 331),
        ("2026-03-01", "1 March 2026", 340),
        ("2026-06-14", "14 June 2026", 357),
        ("2026-11-20", "20 November 2026", 375),
    ):
        at = datetime.fromisoformat(f"{day}T10:00:00+00:00")
        text = LIST.format(day=shown, n=n)
        title = f"Updated list: {n} political prisoners"
        world.read("birlik", f"list-{day}", page(title, text, day, "en"), at=at, lang="en")
    other = """Working Group on a Unified List of Political Prisoners has published its report. \
There are 362 political prisoners in Azerbaijan as of 3 October 2026, the Working Group says.
The group explains that it does not count persons who were released on parole."""
    at = datetime(2026, 10, 4, 9, tzinfo=UTC)
    world.read("vestnik", "wg", page("Report", other, "2026-10-04", "en"), at=at, lang="en")


def _names(world: World) -> None:
    court = """Bakı Ağır Cinayətlər Məhkəməsi jurnalist Ruslan Quliyarovun həbs müddətini üç ay \
uzadıb. Bu barədə vəkil Sevda Mirzəli məlumat verib.
Məhkəmə prosesi qapalı keçirilib. Jurnalistlərin iclas zalına girməsinə icazə verilməyib, \
müdafiə tərəfi isə qərardan apellyasiya şikayəti verəcəyini bildirib.
Ruslan Quliyarov ötən ilin noyabr ayından həbsdədir və günahını qəbul etmir."""
    html = page("Məhkəmə jurnalistin həbs müddətini uzatdı", court, "2026-11-20")
    world.read("seher", "mehkeme", html, at=NOW - timedelta(hours=9))
    world.read("dalga", "mehkeme-2", html, at=NOW - timedelta(hours=8))
    russian = """В Баку полиция задержала активиста Эльмара Тагизаде, сообщил его адвокат.
По словам адвоката, активиста доставили в отделение полиции Сабаильского района и допросили. \
Ему не разрешили позвонить родным, а адвоката впустили в здание только к вечеру.
Эльмар Тагизаде ранее уже отбывал административный арест за участие в акции протеста."""
    html = page("В Баку задержан активист", russian, "2026-11-20", "ru")
    world.read("vestnik", "zaderzhan", html, at=NOW - timedelta(hours=7), lang="ru")
    student = """Polis tələbə Orxan Dəmirovu universitetin qarşısında saxlayıb, yoldaşları bildirib.
Orxan Dəmirov barəsində inzibati protokol tərtib edilib və o, 15 sutka müddətinə həbs olunub. \
Tələbə yoldaşları deyirlər ki, o, etiraz aksiyasında iştirak etməyib.
Universitet rəhbərliyi məsələyə münasibət bildirməyib."""
    html = page("Tələbə saxlanılıb", student, "2026-11-19")
    world.read("dalga", "telebe", html, at=NOW - timedelta(hours=20))
    html = page("x", "y", "2026-11-20", "en").replace("<p>y</p>", HOSTILE)
    html = html.replace("<h1>x</h1>", f"<h1>{_escaped(HOSTILE_TITLE)}</h1>")
    html = html.replace("<title>x</title>", f"<title>{_escaped(HOSTILE_TITLE)}</title>")
    world.read("vestnik", "hostile", html, at=NOW - timedelta(hours=5), lang="en")


def _edits(world: World) -> None:
    before = """Polis cümə axşamı məhkəmə binasının qarşısında doqquz nəfəri saxlayıb, aralarında \
siyasətçi Elmar Tağızadə də var.
Daxili İşlər Nazirliyi saxlanılanların sayını təsdiqləməyib. Hadisə yerində olan jurnalistlər \
polisin telefonları aldığını deyirlər.
Saxlanılanların hamısı gecə saatlarında azad edilib."""
    after = before.replace("doqquz nəfəri", "on iki nəfəri").replace(
        ", aralarında siyasətçi Elmar Tağızadə də var", ""
    )
    title = "Məhkəmə qarşısında saxlamalar"
    at = NOW - timedelta(days=2)
    world.read("seher", "saxlama", page(title, before, "2026-11-19"), at=at)
    world.read("seher", "saxlama", page(title, after, "2026-11-19"), at=NOW - timedelta(hours=3))
    article = world.conn.execute("select id from articles where url like '%telebe'").fetchone()[0]
    version = world.conn.execute(
        "select id from versions where article_id = ?", (article,)
    ).fetchone()[0]
    world.flag(
        Flag(kind="article_removed", key="gone", priority=0.6,
             why="article removed, rank-2 source",
             detail={"title": "Tələbə saxlanılıb", "last_seen": moment(NOW - timedelta(hours=20)),
                     "evidence": "404 in three visits over two days"}),
        NOW - timedelta(hours=2), article=article, version=version,
    )  # fmt: skip


def _health(world: World) -> None:
    for source in SOURCES:
        for days in reversed(range(6)):
            world.run(source.name, NOW - timedelta(days=days, hours=2), discovered=40, stored=3,
                      unchanged=36, duplicate=1)  # fmt: skip
    world.run("vestnik", NOW - timedelta(hours=1), state="failed", error="HTTP 503 for 3 hours")
    problem = Problem(
        cause="server", severity="failing", words="the server answers 503", weight=1.0,
        mend="ask the site, or read its sitemap", first_seen=NOW - timedelta(hours=4),
        last_seen=NOW - timedelta(hours=1),
    )  # fmt: skip
    failing = Health(state="failing", since=NOW - timedelta(hours=4), usual_gap_days=0.6)
    with writing(world.conn):
        health.keep(world.conn, "vestnik", failing, [problem], NOW)
    world.flag(
        Flag(kind="source_failing", key="vestnik-fails", priority=0.4,
             why="source failing, rank-3 source",
             detail={"cause": "the server answers 503", "mend": "ask the site, or read its sitemap",
                     "since": moment(NOW - timedelta(hours=4))}),
        NOW - timedelta(hours=1), source="vestnik",
    )  # fmt: skip


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
