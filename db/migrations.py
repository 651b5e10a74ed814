"""The schema as a list of migrations, append only; `schema.sql` is generated from it.

Absolute imports only: `sqlite-utils migrate FILE db/` runs this file by its path.
"""

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("monitor")

TABLES = """
create table sources (
    name text primary key,
    title text not null,
    kind text not null,
    home text not null,
    languages text not null default '[]',
    place text,
    rank integer not null default 2,
    publisher_org text,
    enabled integer not null default 1,
    reason text not null default '',
    settings text not null default '{}',
    first_run_at text,
    baseline_done_at text,
    last_run_at text,
    last_success_at text
) strict;

create table runs (
    id integer primary key,
    source text not null references sources(name),
    started_at text not null,
    finished_at text,
    state text not null default 'running',
    baseline integer not null default 0,
    error text,
    discovered integer not null default 0,
    stored integer not null default 0,
    unchanged integer not null default 0,
    duplicate integer not null default 0,
    blocked integer not null default 0,
    filtered integer not null default 0,
    failed integer not null default 0
) strict;
create index runs_source on runs(source, started_at);

create table run_urls (
    run_id integer not null references runs(id),
    url text not null,
    outcome text,
    reason text,
    primary key (run_id, url)
) strict, without rowid;

create table fetches (
    id integer primary key,
    run_id integer references runs(id),
    source text not null references sources(name),
    url text not null,
    at text not null,
    status integer not null,
    final_url text not null default '',
    redirects text not null default '[]',
    etag text,
    last_modified text,
    conditional integer not null default 0,
    body_sha256 text,
    body_bytes integer not null default 0,
    mime text not null default '',
    ip text,
    warc_file text,
    warc_offset integer,
    record_id text,
    error text,
    chain text not null
) strict;
create index fetches_url on fetches(url, at);
create index fetches_body on fetches(body_sha256) where warc_file is not null;
create index fetches_source on fetches(source, at);

create table hosts (
    host text primary key,
    last_request_at text,
    not_before text,
    rest_seconds integer,
    crawl_delay real,
    robots_status integer,
    robots_body blob,
    robots_fetched_at text,
    robots_note text,
    validators_trusted integer not null default 1
) strict;

create table endpoints (
    source text not null references sources(name),
    url text not null,
    kind text not null,
    etag text,
    last_modified text,
    body_sha256 text,
    visited_at text,
    unconditional_at text,
    links text not null default '[]',
    depth_seconds integer,
    error text,
    primary key (source, url)
) strict, without rowid;

create table pending (
    source text not null references sources(name),
    url text not null,
    address text not null,
    hints text not null default '{}',
    found_by text,
    discovered_at text not null,
    position integer not null default 0,
    tries integer not null default 0,
    tried_at text,
    reason text,
    primary key (source, url)
) strict, without rowid;

create table articles (
    id integer primary key,
    source text not null references sources(name),
    url text not null unique,
    address text,
    number text,
    state text not null default 'live',
    baseline integer not null default 0,
    first_seen text not null,
    last_seen text not null,
    visited_at text not null,
    changed_at text not null,
    missing_since text,
    misses integer not null default 0,
    found_by text,
    reprint_of text,
    etag text,
    last_modified text,
    body_sha256 text,
    unconditional_at text,
    hints_sha256 text,
    nudged_at text,
    visits integer not null default 0
) strict;
create index articles_source on articles(source, visited_at);
create index articles_number on articles(source, number) where number is not null;

create table article_urls (
    url text primary key,
    article_id integer not null references articles(id),
    first_seen text not null
) strict, without rowid;
create index article_urls_article on article_urls(article_id);

create table versions (
    id integer primary key,
    article_id integer not null references articles(id),
    number integer not null,
    cause text not null,
    fetched_at text not null,
    fetch_id integer references fetches(id),
    title text not null,
    text text not null,
    lang text,
    authors text not null default '[]',
    published text,
    modified text,
    text_hash text not null,
    extractor text not null,
    partial integer not null default 0,
    page_starts text not null default '[]',
    signature text not null default '[]',
    folded text generated always as ('') virtual,
    unique (article_id, number)
) strict;
create index versions_fetched on versions(fetched_at);
create index versions_text on versions(text_hash);

create virtual table versions_fts using fts5(
    title, text, folded,
    content="versions", content_rowid="id",
    tokenize="unicode61 remove_diacritics 2"
);

create table signatures (
    shingle integer not null,
    version_id integer not null references versions(id),
    primary key (shingle, version_id)
) strict, without rowid;

create table boilerplate (
    source text not null references sources(name),
    line text not null,
    learned_at text not null,
    primary key (source, line)
) strict, without rowid;

create table entities (
    id text primary key,
    kind text not null,
    canonical text not null,
    orthography text,
    given text,
    family text,
    family_unambiguous integer not null default 0,
    valid_from text,
    valid_to text,
    note text not null default '',
    source text not null default '',
    added_at text not null,
    changed_at text not null,
    removed_at text
) strict;

create table aliases (
    id integer primary key,
    entity_id text not null references entities(id),
    text text not null,
    type text not null,
    orthography text,
    case_sensitive integer not null default 0,
    flag_alone integer not null default 0,
    valid_from text,
    valid_to text
) strict;
create index aliases_entity on aliases(entity_id);

create table excludes (
    id integer primary key,
    entity_id text not null references entities(id),
    pattern text not null,
    regex integer not null default 0,
    reason text not null default ''
) strict;
create index excludes_entity on excludes(entity_id);

create table entity_sources (
    entity_id text not null references entities(id),
    source text not null references sources(name),
    first_named text not null,
    last_named text not null,
    articles integer not null default 1,
    primary key (entity_id, source)
) strict, without rowid;

create table entity_changes (
    id integer primary key,
    entity_id text not null,
    at text not null,
    who text not null default '',
    change text not null,
    before text,
    after text
) strict;

create table mentions (
    id integer primary key,
    version_id integer not null references versions(id),
    entity_id text not null references entities(id),
    part text not null default 'text',
    start integer not null,
    "end" integer not null,
    surface text not null,
    alias text not null,
    tier text not null,
    score real not null,
    status text,
    why text not null default '{}',
    found_at text not null,
    unique (version_id, entity_id, part, start)
) strict;
create index mentions_entity on mentions(entity_id, version_id);

create table candidates (
    id integer primary key,
    version_id integer not null references versions(id),
    name text not null,
    start integer not null,
    "end" integer not null,
    status text not null,
    why text not null,
    found_at text not null,
    unique (version_id, start)
) strict;
create index candidates_name on candidates(name);

create table observations (
    id integer primary key,
    version_id integer not null references versions(id),
    label text not null,
    series text,
    value integer not null,
    value_high integer,
    qualifier text not null,
    category text not null,
    category_raw text,
    subset text,
    kind text not null,
    role text not null,
    place text,
    org text,
    org_raw text,
    org_basis text not null,
    as_of text,
    as_of_basis text not null,
    since text,
    direction text,
    part_of text,
    exhaustive integer not null default 0,
    spans text not null,
    sentence text,
    quote text not null,
    rule text not null,
    confidence real not null,
    why text not null default '',
    found_at text not null,
    unique (version_id, label)
) strict;
create index observations_series on observations(series);

create table series (
    id integer primary key,
    key text not null unique,
    place text not null,
    category text not null,
    subset text,
    org text,
    kind text not null,
    since text
) strict;
create index series_peers on series(place, category, kind);

create table series_points (
    id integer primary key,
    series_id integer not null references series(id),
    value integer not null,
    value_high integer,
    qualifier text not null,
    as_of text,
    effective text not null,
    confirmed text not null,
    published text,
    prior integer not null default 0,
    part integer not null default 0,
    article_id integer not null references articles(id),
    version_id integer not null references versions(id),
    url text not null,
    source text not null,
    quote text not null default '',
    learned_at text not null,
    superseded_at text
) strict;
create index series_points_series on series_points(series_id, effective);

create table point_evidence (
    point_id integer not null references series_points(id),
    version_id integer not null references versions(id),
    confirmed text,
    added_at text not null,
    primary key (point_id, version_id)
) strict, without rowid;

create table disagreements (
    id integer primary key,
    one text not null,
    other text not null,
    opened_at text not null,
    closed_at text
) strict;
create index disagreements_pair on disagreements(one, other);

create table flags (
    id integer primary key,
    key text not null unique,
    kind text not null,
    source text references sources(name),
    article_id integer references articles(id),
    version_id integer references versions(id),
    entity_id text references entities(id),
    series text,
    old text,
    new text,
    quote text not null default '',
    priority real not null,
    why text not null default '',
    detail text not null default '{}',
    baseline integer not null default 0,
    hidden_by integer references rules(id),
    raised_at text not null
) strict;
create index flags_raised on flags(raised_at);
create index flags_entity on flags(entity_id, raised_at);
create index flags_series on flags(series, raised_at);
create index flags_article on flags(article_id);

create table flag_evidence (
    flag_id integer not null references flags(id),
    version_id integer not null references versions(id),
    article_id integer not null references articles(id),
    relation text not null,
    quote text not null default '',
    added_at text not null,
    primary key (flag_id, version_id)
) strict, without rowid;

create table reviews (
    id integer primary key,
    flag_id integer not null references flags(id),
    who text not null,
    at text not null,
    decision text not null,
    reason text not null default '',
    note text not null default ''
) strict;
create index reviews_flag on reviews(flag_id, id);

create table rules (
    id integer primary key,
    kind text not null,
    scope text not null,
    reason text not null default '',
    who text not null default '',
    created_at text not null,
    expires_at text,
    undone_at text,
    hidden integer not null default 0
) strict;

create table quieted (
    id integer primary key,
    version_id integer not null references versions(id),
    article_id integer not null references articles(id),
    kind text not null,
    detail text not null default '{}',
    at text not null
) strict;
create index quieted_at on quieted(at);

create table digests (
    id integer primary key,
    number integer not null unique,
    since text not null,
    until text not null,
    language text not null,
    built_at text not null,
    content text not null,
    subject text not null,
    text text not null,
    html text not null
) strict;

create table digest_flags (
    digest_id integer not null references digests(id),
    flag_id integer not null references flags(id),
    primary key (digest_id, flag_id)
) strict, without rowid;

create table token_memo (
    rules text not null,
    token text not null,
    decision text not null,
    primary key (rules, token)
) strict, without rowid;
"""

VIEWS = """
create view flag_states as
select f.id as flag_id,
    coalesce((select r.decision from reviews r where r.flag_id = f.id order by r.id desc limit 1),
        'open') as state
from flags f;

create view latest_versions as
select v.* from versions v
where v.number = (select max(w.number) from versions w where w.article_id = v.article_id);

create view current_articles as
select a.id, a.source, a.url, a.state, a.first_seen, a.last_seen, v.id as version_id,
    v.number as versions, v.title, v.lang, v.published, v.modified
from articles a join latest_versions v on v.article_id = a.id;

create view open_flags as
select f.id, f.kind, f.raised_at, f.priority, f.source, a.url, f.entity_id, e.canonical as entity,
    f.series, f.old, f.new, f.quote, f.why
from flags f
join flag_states s on s.flag_id = f.id
left join articles a on a.id = f.article_id
left join entities e on e.id = f.entity_id
where s.state = 'open' and f.baseline = 0 and f.hidden_by is null;

create view count_history as
select s.key as series, p.effective, p.value, p.value_high, p.qualifier, p.as_of, p.confirmed,
    p.prior, p.part, p.url, p.source, p.quote, p.learned_at, p.superseded_at
from series_points p join series s on s.id = p.series_id;

create view mention_history as
select m.entity_id, e.canonical as entity, v.fetched_at, v.published, a.source, a.url, v.title,
    m.surface, m.tier, m.status, m.version_id
from mentions m
join entities e on e.id = m.entity_id
join versions v on v.id = m.version_id
join articles a on a.id = v.article_id;

create view run_ledger as
select id, source, started_at, finished_at, state, discovered, stored, unchanged, duplicate,
    blocked, filtered, failed,
    discovered = stored + unchanged + duplicate + blocked + filtered + failed as adds_up
from runs;
"""


def _run(db: Database, script: str) -> None:
    """Run statement by statement: `executescript` would commit the migration's transaction."""
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)


@migrations(name="0001_initial", transactional=True)
def initial(db: Database) -> None:
    _run(db, TABLES)
    _run(db, VIEWS)


DELIVERIES = """
alter table digests add column frequency text not null default 'daily';
alter table digests add column last_flag integer not null default 0;
create unique index digests_window on digests(frequency, until, since);
create index digest_flags_flag on digest_flags(flag_id);
create index reviews_at on reviews(at);
create index flags_health on flags(source, raised_at)
    where kind in ('source_silent', 'source_failing', 'source_recovered');

create table deliveries (
    id integer primary key,
    digest_id integer not null references digests(id),
    recipient text not null,
    part text not null default 'reader',
    state text not null default 'due',
    message_id text not null,
    attempts integer not null default 0,
    next_try_at text not null,
    claimed_at text,
    sent_at text,
    error text,
    unique (digest_id, recipient, part)
) strict;
create index deliveries_recipient on deliveries(recipient, part, digest_id);
create index deliveries_open on deliveries(next_try_at) where state in ('due', 'claimed');

create table alerts (
    flag_id integer not null references flags(id),
    channel text not null,
    state text not null,
    attempts integer not null default 0,
    next_try_at text,
    sent_at text,
    error text,
    primary key (flag_id, channel)
) strict, without rowid;
create index alerts_sent on alerts(channel, sent_at);
"""


@migrations(name="0002_deliveries", transactional=True)
def deliveries(db: Database) -> None:
    _run(db, DELIVERIES)


DESK = """
alter table flags add column decision text not null default 'open';
alter table flags add column assignee text;
alter table reviews add column version_id integer references versions(id);
alter table reviews add column undoes integer references reviews(id);
alter table series_points add column review_id integer references reviews(id);
alter table rules add column source text references sources(name);
alter table rules add column entity_id text references entities(id);
alter table rules add column series text;
alter table rules add column word text;

create table flag_notes (
    id integer primary key,
    flag_id integer not null references flags(id),
    who text not null,
    at text not null,
    kind text not null,
    text text not null
) strict;
create index flag_notes_flag on flag_notes(flag_id);
create index flag_notes_at on flag_notes(at);

create table saved_filters (
    id integer primary key,
    who text not null,
    name text not null,
    query text not null,
    created_at text not null,
    unique (who, name)
) strict;

update flags set decision = (select s.state from flag_states s where s.flag_id = flags.id);
create index flags_queue on flags(priority, id)
    where decision = 'open' and baseline = 0 and hidden_by is null;
create index flags_open on flags(kind, source, entity_id, series, assignee)
    where decision = 'open' and baseline = 0 and hidden_by is null;
create index flags_decided on flags(decision, id) where decision <> 'open';
create index flags_hidden on flags(hidden_by) where hidden_by is not null;
create index reviews_who on reviews(who, id);
create index rules_active on rules(kind) where undone_at is null
"""

# A flag's state follows from its last review; kept beside the flag so that a queue is one index.
REVIEW_TRIGGERS = (
    """create trigger reviews_decide after insert on reviews begin
        update flags set decision = new.decision where id = new.flag_id;
    end""",
    """create trigger flag_notes_assign after insert on flag_notes when new.kind = 'assigned' begin
        update flags set assignee = nullif(new.text, '') where id = new.flag_id;
    end""",
    """create trigger reviews_are_kept before update on reviews begin
        select raise(abort, 'reviews are append only');
    end""",
    """create trigger reviews_stay before delete on reviews begin
        select raise(abort, 'reviews are append only');
    end""",
)


@migrations(name="0003_desk", transactional=True)
def desk(db: Database) -> None:
    _run(db, DESK)
    for trigger in REVIEW_TRIGGERS:
        db.execute(trigger)


HEALTH = """
create table health (
    source text primary key references sources(name),
    state text not null default 'ok',
    since text,
    score real not null default 0,
    last_failure_at text,
    last_failure text,
    usual_gap_days real,
    last_new_at text,
    checked_at text not null
) strict, without rowid;

create table problems (
    id integer primary key,
    source text not null references sources(name),
    cause text not null,
    severity text not null,
    words text not null,
    mend text not null,
    weight real not null,
    first_seen text not null,
    last_seen text not null,
    count integer not null default 1,
    good_runs integer not null default 0,
    last_good_fetch integer references fetches(id),
    closed_at text
) strict;
create unique index problems_open on problems(source, cause) where closed_at is null;
create index problems_source on problems(source, first_seen);
create index articles_first_seen on articles(source, first_seen);
create index articles_changed on articles(source, changed_at);
"""


@migrations(name="0004_health", transactional=True)
def health(db: Database) -> None:
    _run(db, HEALTH)


@migrations(name="0005_candidate_flags", transactional=True)
def candidate_flags(db: Database) -> None:
    """Every page with a candidate asks for those flagged of late: not by reading all flags."""
    db.execute("create index flags_candidates on flags(raised_at) where kind = 'candidate'")


WAYBACK = """
create table wayback_saves (
    version_id integer primary key references versions(id),
    state text not null,
    attempts integer not null,
    at text not null,
    next_try_at text,
    memento text,
    error text
) strict;
"""


@migrations(name="0006_wayback", transactional=True)
def wayback(db: Database) -> None:
    _run(db, WAYBACK)
