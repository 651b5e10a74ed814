"""What a corpus holds: its tables, column by column, and the SQL that reads each.

An export is an allow-list: what is not named here (accounts, reviewers, notes, addresses of
recipients, the watchlist's own remarks) never leaves. `:t` is the moment as of which all is known;
`temp.chosen` and `temp.chosen_articles` hold the selection (`db.export`), of which the places
`:low` to `:high` are read.
"""

from dataclasses import dataclass
from typing import Literal

Type = Literal["integer", "number", "string", "boolean", "datetime", "array", "object", "any"]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: `sql` computes it; `names` says that it may hold names of private persons.

    Columns with `full_text` are the texts themselves and left out unless asked for.
    """

    name: str
    type: Type
    sql: str
    about: str
    names: bool = False
    full_text: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table: `body` is everything from `from` on, with a total order.

    `refers` maps columns to the table they point into. Tables with `only` are exported on request:
    `candidates` unless private persons are dropped, `reviews` with reviewers.
    """

    name: str
    about: str
    columns: tuple[Column, ...]
    body: str
    key: tuple[str, ...]
    refers: tuple[tuple[str, str], ...] = ()
    only: Literal["candidates", "reviews"] | None = None


def _columns(lines: str, **expressions: str) -> tuple[Column, ...]:
    """Lines `name | type [names] [text] | sql | about`; `@name` stands for an expression."""
    return tuple(_column(line, expressions) for line in lines.strip().splitlines())


def _column(line: str, expressions: dict[str, str]) -> Column:
    name, types, sql, about = (cell.strip() for cell in line.split("|", 3))
    kind, *marks = types.split()
    if sql.startswith("@"):
        sql = expressions[sql[1:]]
    return Column(
        name=name,
        type=kind,  # type: ignore[arg-type]
        sql=sql,
        about=about,
        names="names" in marks,
        full_text="text" in marks,
    )


# What an article was held for at :t: the last flag about it says so.
_STATE = """case when :t = '9999' then a.state else coalesce((
    select case f.kind when 'article_removed' then 'removed' when 'article_blocked' then 'blocked'
        else 'live' end
    from flags f where f.article_id = a.id and f.raised_at <= :t and f.kind in ('article_removed',
        'article_blocked', 'article_restored') order by f.id desc limit 1), 'live') end"""
_LAST_SEEN = """case when :t = '9999' then a.last_seen else max(
    coalesce((select max(g.at) from article_urls u join fetches g on g.url = u.url
        where u.article_id = a.id and g.at <= :t and g.status in (200, 304)), a.first_seen),
    (select max(w.fetched_at) from versions w
        where w.article_id = a.id and w.fetched_at <= :t)) end"""
_URLS = """(select json_group_array(x.url) from (select u.url from article_urls u
    where u.article_id = a.id and u.first_seen <= :t order by u.url) x)"""
_VERSIONS = """(select count(*) from versions w
    where w.article_id = a.id and w.fetched_at <= :t)"""
_MEMENTO = """(select w.memento from wayback_saves w
    where w.version_id = v.id and w.at <= :t)"""
_ALIASES = """(select json_group_array(x.text) from (select l.text from aliases l
    where l.entity_id = e.id order by l.id) x)"""
_CONFIRMED = """max(p.effective, coalesce((select max(e.confirmed) from point_evidence e
    where e.point_id = p.id and e.added_at <= :t), p.effective))"""
_CONFIRMATIONS = """(select count(*) from point_evidence e
    where e.point_id = p.id and e.added_at <= :t)"""
_SUPERSEDED = "case when p.superseded_at <= :t then p.superseded_at end"
_DECISION = """coalesce((select r.decision from reviews r where r.flag_id = f.id and r.at <= :t
    order by r.id desc limit 1), 'open')"""
_PSEUDONYM = """case :candidates when 'mask' then 'person-' || (select min(q.id)
    from candidates q where q.name = p.name) else p.name end"""
_EVIDENCE = """(select json_group_array(json_object('url', x.url, 'source', x.source,
        'version_id', x.version_id, 'relation', x.relation, 'quote', x.quote,
        'added_at', x.added_at))
    from (select b.url, b.source, e.version_id, e.relation, e.quote, e.added_at
        from flag_evidence e join articles b on b.id = e.article_id
        where e.flag_id = f.id and e.added_at <= :t order by e.added_at, e.version_id) x)"""

SOURCES = Table(
    name="sources",
    about="Where the texts come from, and on what terms.",
    columns=_columns("""
        source | string | s.name | Short name, used by the other tables.
        title | string | s.title | Name as readers know it.
        kind | string | s.kind | How it is read; `import` for what others collected.
        home | string | s.home | Front page.
        languages | array | s.languages | Languages it writes in (ISO 639-1), main one first.
        place | string | s.place | Country its counts are about where a text names none.
        rank | integer | s.rank | 1 first-hand and careful, 2 usual, 3 doubtful.
        publisher_org | string | s.publisher_org | Counting organisation it speaks for.
        text_licence | string | n.text_licence | Terms of its texts; empty: not known, ask.
        robots | string | n.robots | How its robots.txt was treated.
    """),
    body="""from sources s left join temp.terms n on n.source = s.name
        where s.name in (select source from temp.chosen_articles) order by s.name""",
    key=("source",),
)

ARTICLES = Table(
    name="articles",
    about="One row an article: its identity and how it stood.",
    columns=_columns(
        """
        article_id | integer | a.id | Number of the article.
        source | string | a.source | Source it was read at.
        url | string | a.url | Canonical address.
        urls | array | @urls | All addresses it answered under, sorted.
        state | string | @state | live, removed or blocked.
        first_seen | datetime | a.first_seen | When it was first read.
        last_seen | datetime | @last_seen | When it was last read or confirmed.
        reprint_of | string | a.reprint_of | Address elsewhere that the page names as origin.
        versions | integer | @versions | How many versions were known.
        baseline | boolean | a.baseline | Whether it was found by the first crawl of its source.
    """,
        urls=_URLS,
        state=_STATE,
        last_seen=_LAST_SEEN,
        versions=_VERSIONS,
    ),
    body="""from temp.chosen_articles c join articles a on a.id = c.article_id
        order by c.article_id""",
    key=("article_id",),
    refers=(("source", "sources"),),
)

VERSIONS = Table(
    name="versions",
    about="What was read of an article at one moment.",
    columns=_columns(
        """
        version_id | integer | v.id | Number of the version; what annotations refer to.
        article_id | integer | v.article_id | Its article.
        number | integer | v.number | 1 is the first version of the article.
        cause | string | v.cause | first, edit, technical (read by newer software), restored.
        source | string | a.source | Source it was read at.
        url | string | a.url | Canonical address of the article.
        fetched_at | datetime | v.fetched_at | When it was read.
        published | string | v.published | Publication day as far as known: an ISO prefix.
        modified | string | v.modified | When the page says that it was changed.
        lang | string | v.lang | Language (ISO 639-1; az-Cyrl is Azerbaijani in Cyrillic).
        authors | array | v.authors | Authors as the page names them.
        title | string names | v.title | Title.
        text | string names text | v.text | Its text; offsets elsewhere count its code points.
        characters | integer | length(v.text) | Length of the text in code points.
        partial | boolean | v.partial | Whether only a part could be read (paywall, feed).
        page_starts | array | v.page_starts | Offsets at which the pages of a document begin.
        text_hash | string | v.text_hash | sha256 of title and text, normalised, unmasked.
        body_sha256 | string | g.body_sha256 | sha256 of the bytes it was read from.
        memento | string | @memento | Its copy at the Internet Archive, if one was asked for.
        extractor | string | v.extractor | Software that read it.
    """,
        memento=_MEMENTO,
    ),
    body="""from temp.chosen c join versions v on v.id = c.version_id
        join articles a on a.id = v.article_id left join fetches g on g.id = v.fetch_id
        where c.position between :low and :high order by c.position""",
    key=("version_id",),
    refers=(("article_id", "articles"), ("source", "sources")),
)

ENTITIES = Table(
    name="entities",
    about="The tracked persons, organisations, outlets and cases that are named in the corpus.",
    columns=_columns(
        """
        entity | string | e.id | Short name, used by the other tables.
        kind | string | e.kind | person, organisation, outlet or case.
        canonical | string | e.canonical | Name in its own spelling.
        aliases | array | @aliases | Other names it is found by.
    """,
        aliases=_ALIASES,
    ),
    body="""from entities e where e.id in (select m.entity_id from temp.chosen c
            join mentions m on m.version_id = c.version_id where m.found_at <= :t)
        or e.id in (select f.entity_id from temp.chosen_articles c
            join flags f on f.article_id = c.article_id where f.raised_at <= :t)
        order by e.id""",
    key=("entity",),
)

MENTIONS = Table(
    name="mentions",
    about="Where tracked names stand: annotations beside the text, by offset.",
    columns=_columns("""
        mention_id | integer | m.id | Number of the mention.
        version_id | integer | m.version_id | Version it stands in.
        article_id | integer | c.article_id | Article of that version.
        entity | string | m.entity_id | Who or what is named.
        part | string | m.part | Whether the offsets count in the text or in the title.
        start | integer | m.start | First code point of the name, from 0.
        end | integer | m."end" | First code point after it.
        surface | string | m.surface | The name as printed.
        alias | string | m.alias | Which known name it is a form of.
        tier | string | m.tier | How sure the match is (full, org … family, typo, ambiguous).
        score | number | m.score | 0 to 1.
        status | string | m.status | What is said to happen to the person (detained, released …).
        why | object | m.why | Why it matched: words, cost, one record a token.
        found_at | datetime | m.found_at | When it was found.
    """),
    body="""from temp.chosen c join mentions m on m.version_id = c.version_id
        where m.found_at <= :t and c.position between :low and :high
        order by c.position, m.part, m.start, m.entity_id""",
    key=("mention_id",),
    refers=(("version_id", "versions"), ("article_id", "articles"), ("entity", "entities")),
)

OBSERVATIONS = Table(
    name="observations",
    about="Counted figures as the texts give them, with the sentence that proves each.",
    columns=_columns("""
        observation_id | integer | o.id | Number of the observation.
        version_id | integer | o.version_id | Version it stands in.
        article_id | integer | c.article_id | Article of that version.
        label | string | o.label | Short name within the version; `part_of` refers to it.
        series | string | o.series | Series it belongs to; empty if it enters none.
        value | integer | o.value | The figure, or the lower end of a range.
        value_high | integer | o.value_high | The upper end of a range.
        qualifier | string | o.qualifier | exact, at_least, about …
        category | string | o.category | Who is counted (political_prisoner, journalist …).
        category_raw | string names | o.category_raw | The text's words for it.
        subset | string | o.subset | Which part of them (women …).
        kind | string | o.kind | stock, cumulative, flow …
        role | string | o.role | What it is in its sentence: the current value, the prior …
        place | string | o.place | Country code or WORLD.
        org | string | o.org | Who counted.
        org_raw | string names | o.org_raw | The text's words for it.
        org_basis | string | o.org_basis | How the organisation is known.
        as_of | string | o.as_of | Day for which the figure holds: an ISO prefix.
        as_of_basis | string | o.as_of_basis | How that day is known.
        since | string | o.since | From when a cumulative figure counts.
        direction | string | o.direction | Direction of a change.
        part_of | string | o.part_of | Label of the total it is a part of.
        exhaustive | boolean | o.exhaustive | Whether the parts are said to be all.
        spans | array | o.spans | Spans [start, end) of the figure and its repetitions.
        sentence | array | o.sentence | Span of the sentence.
        quote | string names | o.quote | The sentence.
        rule | string | o.rule | Rule that read it.
        confidence | number | o.confidence | 0 to 1.
        why | string names | o.why | Why it was read so, in words.
        found_at | datetime | o.found_at | When it was found.
    """),
    body="""from temp.chosen c join observations o on o.version_id = c.version_id
        where o.found_at <= :t and c.position between :low and :high
        order by c.position, o.id""",
    key=("observation_id",),
    refers=(("version_id", "versions"), ("article_id", "articles")),
)

_POINTS = """from series_points p join series r on r.id = p.series_id
    where p.learned_at <= :t and (:series is null or r.key = :series)
    and p.article_id in (select article_id from temp.chosen_articles)"""

SERIES = Table(
    name="series",
    about="Figures that may be compared: place, category, subset, organisation and kind.",
    columns=_columns("""
        series | string | r.key | Its written form, place/category/subset/org/kind[/since].
        place | string | r.place | Country code or WORLD.
        category | string | r.category | Who is counted.
        subset | string | r.subset | Which part of them.
        org | string | r.org | Who counts.
        kind | string | r.kind | stock, cumulative, flow …
        since | string | r.since | From when a cumulative figure counts.
    """),
    body=f"""from series r where r.id in (select p.series_id {" ".join(_POINTS.split())})
        order by r.key""",
    key=("series",),
)

SERIES_POINTS = Table(
    name="series_points",
    about="The history of each series: what held when, when it was learned and what replaced it.",
    columns=_columns(
        """
        point_id | integer | p.id | Number of the point.
        series | string | r.key | Its series.
        effective | string | p.effective | Day from which the value holds.
        value | integer | p.value | The value, or the lower end of a range.
        value_high | integer | p.value_high | The upper end of a range.
        qualifier | string | p.qualifier | exact, at_least, about …
        as_of | string | p.as_of | Day the text gives for it: an ISO prefix.
        confirmed | string | @confirmed | Last day at which the value was said again.
        confirmations | integer | @confirmations | How many further texts say it.
        prior | boolean | p.prior | Known only from "up from N".
        part | boolean | p.part | Told only as a part of another total.
        corrected | boolean | p.review_id is not null | Set by a person in place of the reading.
        published | string | p.published | When the text was published.
        article_id | integer | p.article_id | Article that says it.
        version_id | integer | p.version_id | Version that said it first.
        url | string | p.url | Address of the article.
        source | string | p.source | Its source.
        quote | string names | p.quote | The sentence.
        learned_at | datetime | p.learned_at | When it was learned.
        superseded_at | datetime | @superseded | When it was corrected, revised or withdrawn.
    """,
        confirmed=_CONFIRMED,
        confirmations=_CONFIRMATIONS,
        superseded=_SUPERSEDED,
    ),
    body=f"{_POINTS} order by r.key, p.effective, p.id",
    key=("point_id",),
    refers=(("series", "series"), ("article_id", "articles")),
)

# Flags of chosen articles, and those about their sources.
_CHOSEN_FLAGS = """f.raised_at <= :t and (:series is null or f.series = :series)
    and (:candidates <> 'drop' or f.kind <> 'candidate')
    and (f.article_id in (select article_id from temp.chosen_articles) or (f.article_id is null
        and f.source in (select source from temp.chosen_articles)))"""

FLAGS = Table(
    name="flags",
    about="What the monitor told: every change, with its proof and what people decided.",
    columns=_columns(
        """
        flag_id | integer | f.id | Number of the flag.
        kind | string | f.kind | What happened (closed list in docs/data.md).
        source | string | f.source | Source concerned.
        article_id | integer | f.article_id | Article concerned; empty if it is about a source.
        version_id | integer | f.version_id | Version that raised it.
        entity | string | f.entity_id | Entity concerned.
        series | string | f.series | Series concerned.
        old | any names | f.old | Before: a number for counts, words else.
        new | any names | f.new | After.
        quote | string names | f.quote | The words that prove it.
        priority | number | f.priority | 0 to 1.
        why | string names | f.why | The priority in words.
        detail | object names | f.detail | What a card shows besides, kind by kind (docs/data.md).
        baseline | boolean | f.baseline | Raised by the first crawl of a source: never told.
        hidden | boolean | f.hidden_by is not null | Hidden by a rule.
        raised_at | datetime | f.raised_at | When it was raised.
        state | string | @decision | The last decision, or open.
        evidence | array names | @evidence | Other articles that say so.
    """,
        decision=_DECISION,
        evidence=_EVIDENCE,
    ),
    body=f"from flags f where {_CHOSEN_FLAGS} order by f.id",
    key=("flag_id",),
    refers=(("article_id", "articles"), ("source", "sources"), ("entity", "entities")),
)

CANDIDATES = Table(
    name="candidates",
    about="Persons in an arrest context who are not on the watchlist.",
    columns=_columns(
        """
        candidate_id | integer | p.id | Number of the find.
        version_id | integer | p.version_id | Version it stands in.
        article_id | integer | c.article_id | Article of that version.
        name | string | @name | The name as printed, or one number a spelling.
        start | integer | p.start | First code point of the name in the text, from 0.
        end | integer | p."end" | First code point after it.
        status | string | p.status | What is said to happen to the person.
        why | string names | p.why | Why it was found.
        found_at | datetime | p.found_at | When it was found.
    """,
        name=_PSEUDONYM,
    ),
    body="""from temp.chosen c join candidates p on p.version_id = c.version_id
        where p.found_at <= :t and c.position between :low and :high
        order by c.position, p.start""",
    key=("candidate_id",),
    refers=(("version_id", "versions"), ("article_id", "articles")),
    only="candidates",
)

REVIEWS = Table(
    name="reviews",
    about="Decisions of people about flags, with their names and notes.",
    columns=_columns("""
        review_id | integer | r.id | Number of the review.
        flag_id | integer | r.flag_id | Flag decided on.
        who | string | r.who | Who decided.
        at | datetime | r.at | When.
        decision | string | r.decision | What was decided.
        reason | string | r.reason | Why, by a list.
        note | string names | r.note | Why, in words.
    """),
    body=f"""from flags f join reviews r on r.flag_id = f.id
        where r.at <= :t and {_CHOSEN_FLAGS} order by f.id, r.id""",
    key=("review_id",),
    refers=(("flag_id", "flags"),),
    only="reviews",
)

TABLES = (
    SOURCES, ARTICLES, VERSIONS, ENTITIES, MENTIONS, OBSERVATIONS, SERIES, SERIES_POINTS, FLAGS,
    CANDIDATES, REVIEWS,
)  # fmt: skip
