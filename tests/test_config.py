"""Configuration: what is accepted, what is refused and in which words."""

import re
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from monitor.config import Settings, SourceConfig, load_settings, load_sources, shipped
from monitor.config.lines import line_of, toml_lines
from monitor.config.settings import Alerts, Crawl, Desk, DigestSettings, Recipient, Smtp
from monitor.config.sources import Endpoint, RobotsOverride
from monitor.exceptions import ConfigError

DOCS = Path(__file__).parent.parent / "docs"

SOURCE = """
[[source]]
name = "news"
title = "News"
home = "https://news.test/"
kind = "feed"
url = "https://news.test/feed/"
"""


@pytest.fixture
def sources_file(tmp_path):
    """Write a sources.toml and load it."""

    def load(text: str | bytes) -> Any:
        path = tmp_path / "sources.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load_sources(path)

    return load


@pytest.fixture
def settings_file(tmp_path):
    """Write a monitor.toml and load it."""

    def load(text: str) -> Settings:
        path = tmp_path / "monitor.toml"
        path.write_text(text, encoding="utf-8")
        return load_settings(path)

    return load


def errors_of(load: Any, text: str | bytes) -> list[str]:
    """The error lines, without the folder of the file."""
    with pytest.raises(ConfigError) as caught:
        load(text)
    return [re.sub(r"^\S*/", "", line) for line in str(caught.value).splitlines()]


def complaint_of(load: Any, text: str) -> str:
    """What is said of a text that may be right; nothing if it is."""
    try:
        load(text)
    except ConfigError as error:
        return str(error)
    return ""


# ------------------------------------------------------------------ what is shipped


def test_the_shipped_settings_are_the_defaults():
    shipped_settings = load_settings(shipped("monitor.toml"))
    default = load_settings(None)
    assert shipped_settings.model_copy(update={"data_dir": default.data_dir}) == default


def test_the_shipped_contact_is_a_placeholder():
    assert load_settings(shipped("monitor.toml")).has_placeholder_contact


def test_shipped_sources_that_are_off_say_why():
    sources = load_sources(shipped("sources.toml"))
    assert {source.name for source in sources if source.enabled} >= {"hrw", "cpj", "oc-media"}
    assert all(source.reason for source in sources if not source.enabled)
    assert not any(source.reason for source in sources if source.enabled)


def test_a_source_becomes_the_record_that_mirrors_it():
    record = load_sources(shipped("sources.toml"))[0].record()
    assert (record.name, record.kind, record.publisher_org) == ("hrw", "feed", "HRW")
    assert (record.languages, record.place, record.rank) == (("en",), "WORLD", 1)


# ------------------------------------------------------------------ what is read


def test_values_are_read_in_the_units_people_write(settings_file):
    settings = settings_file(
        'timezone = "Europe/Berlin"\ncontact = "mailto:press@rights.az"\n'
        '[crawl]\ndelay = 5\nrun_limit = "90m"\nmax_html = "5 MB"\nmax_pdf = 1000\n'
        'allow_addresses = ["127.0.0.1", "10.1.2.3/8", "Intern.Test", "::1"]\n'
        '[digest]\nat = "7:30"\n[[digest.recipient]]\naddress = "a@b.org"\n'
    )
    assert settings.crawl.delay == 5.0
    assert settings.crawl.run_limit == timedelta(minutes=90)
    assert (settings.crawl.max_html, settings.crawl.max_pdf) == (5_000_000, 1000)
    assert settings.crawl.allow_addresses == ("127.0.0.1", "10.0.0.0/8", "intern.test", "::1")
    assert settings.digest.at == time(7, 30)
    assert settings.digest.recipient[0].frequency == "daily"
    assert not settings.has_placeholder_contact
    assert settings.user_agent.endswith("; +mailto:press@rights.az)")


def test_a_native_time_and_date_are_read_too(settings_file, sources_file):
    assert settings_file("[digest]\nat = 09:15:00").digest.at == time(9, 15)
    (source,) = sources_file(SOURCE + "backfill_from = 2024-03-01")
    assert source.backfill_from == date(2024, 3, 1)


def test_relative_paths_start_at_the_folder_of_the_file(settings_file, tmp_path):
    settings = settings_file('data_dir = "archive"\nregistries = "/srv/lists"')
    assert settings.data_dir == tmp_path / "archive"
    assert settings.registries == Path("/srv/lists")


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(sources_file):
    (source,) = sources_file(b"\xef\xbb\xbf" + SOURCE.replace("\n", "\r\n").encode())
    assert source.name == "news"


@pytest.mark.parametrize(("security", "port"), [("none", 25), ("starttls", 587), ("tls", 465)])
def test_the_mail_port_follows_the_security(settings_file, security, port):
    assert settings_file(f'[smtp]\nsecurity = "{security}"').smtp.port == port


def test_all_endpoints_of_a_source_are_listed_main_one_first(sources_file):
    (source,) = sources_file(SOURCE + 'also = [{kind = "sitemap", url = "https://news.test/s"}]')
    assert [endpoint.kind for endpoint in source.endpoints] == ["feed", "sitemap"]


def test_patterns_and_aliases_are_ready_to_use(sources_file):
    (source,) = sources_file(
        SOURCE + "article_number = '-(\\d+)$'\naliases = [\"CDN.test/Mirror/\"]"
    )
    found = source.article_number.search("https://news.test/a-42")
    assert found is not None
    assert found[1] == "42"
    assert source.aliases == ("cdn.test/Mirror/",)


def test_settings_never_change(settings_file):
    with pytest.raises(ValidationError, match="frozen"):
        settings_file("").workers = 5


@pytest.mark.parametrize(
    ("contact", "placeholder"),
    [
        ("https://example.org/who-we-are", True),
        ("https://www.example.com/", True),
        ("mailto:me@example.net", True),
        ("mailto:me@rights.example", True),
        ("https://rights.az/bot", False),
        ("https://myexample.org/", False),
        ("mailto:example.org@rights.az", False),
    ],
)
def test_a_contact_that_reaches_nobody_is_known(contact, placeholder):
    assert Settings(contact=contact).has_placeholder_contact is placeholder


# ------------------------------------------------------------------ what is refused

WRONG_IN_SOURCE = [
    ("folow = 'x'", 'folow: unknown key, did you mean "follow"?'),
    ("Enabled = true", 'Enabled: unknown key, did you mean "enabled"?'),
    ("zzz = 1", "zzz: unknown key"),
    ("enabled = false", "reason: a source with enabled = false needs a reason"),
    ("enabled = 'no'", 'enabled: should be true or false, not "no"'),
    ("rank = 4", "rank: should be at most 3, not 4"),
    ("rank = '1'", 'rank: should be a whole number, not "1"'),
    ("rank = true", "rank: should be a whole number, not true"),
    ("languages = 'az'", 'languages: should be a list in [ ], not "az"'),
    ("languages = ['az', 'aze']", 'languages[2]: "aze" is no two-letter language code, did you m'),
    ("languages = ['az-cyrl']", 'did you mean "az-Cyrl"?'),
    ("place = 'UK'", 'place: "UK" is no two-letter country code and not WORLD, did you mean "GB"?'),
    ("place = 'az'", 'did you mean "AZ"?'),
    ("every = 30", 'every: should be a duration such as "30m", "4h" or "2d", not 30'),
    ("every = '4 hours'", "every: should be a duration"),
    ("every = '0m'", "every: should be longer than nothing"),
    ("every = '999999w'", "every: should be longer than nothing and at most ten years"),
    ("delay = -1", "delay: should be at least 0, not -1"),
    ("delay = nan", "delay: should be a number, not nan"),
    ("follow = '(('", "follow: is no regular expression: missing )"),
    ("follow = 5", "follow: should be a regular expression in quotes"),
    ("strip_lines = ['[']", "strip_lines[1]: is no regular expression"),
    ("article_number = 'id=\\d+'", "article_number: needs exactly one group ( ) around the number"),
    ("link_selector = 'a[['", "link_selector: is no CSS selector"),
    ("link_selector = ''", "link_selector: should not be empty"),
    ("aliases = ['https://m.test']", 'aliases[1]: should be a host such as "m.example.org"'),
    ("allow_offsite = ['a b']", "allow_offsite[1]: should be a host"),
    ("backfill_from = 'March'", "backfill_from: should be a date such as 2024-03-01"),
    ("backfill_from = 2024-03-01T10:00:00Z", "backfill_from: should be a date"),
    ("spider = 'x'", 'spider: spider = "…" and kind = "spider" need each other'),
    ("robots_override = true", "robots_override: should be a table, not true"),
    ("robots_override = {by = 'me', on = 2026-01-01}", "robots_override.reason: is missing"),
    ("also = [{kind = 'feed', url = 'https://x.test', z = 1}]", "also[1].z: unknown key"),
    ("also = [{kind = 'rdf', url = 'https://x.test'}]", 'did you mean "feed"?'),
    ("new_per_run = -1", "new_per_run: should be at least 0"),
    ("max_pages = 0", "max_pages: should be at least 1"),
]


@pytest.mark.parametrize(("line", "words"), WRONG_IN_SOURCE)
def test_a_wrong_key_of_a_source_is_told_with_file_line_and_place(sources_file, line, words):
    (error,) = errors_of(sources_file, SOURCE + line)
    told = 2 if words.startswith(("reason:", "spider")) and "spider =" not in line else 8
    assert error.startswith(f"sources.toml:{told}: source[news].")
    assert words in error


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("news.test/feed", 'should begin with https:// or http://, not "news.test/feed", did you '),
        ("ftp://news.test/", "only http and https are read, not ftp"),
        ("file:///etc/passwd", "only http and https are read, not file"),
        ("https://", "it needs a host and no spaces"),
        ("https://news.test/a b", "it needs a host and no spaces"),
        ("https://me:secret@news.test/", "a user name or password in an address"),
        ("https://news.test:99999/", "is no address: Port out of range"),
        ("http://[::1", "is no address"),
        ("", "should not be empty"),
        ("javascript:alert(1)", "should begin with https://"),
    ],
)
def test_an_address_that_cannot_be_read_is_refused(sources_file, url, words):
    (error,) = errors_of(sources_file, SOURCE.replace("https://news.test/feed/", url))
    assert error.startswith("sources.toml:7: source[news].url: ")
    assert words in error


@pytest.mark.parametrize(
    ("name", "words"),
    [("Human Rights", 'did you mean "human-rights"?'), ("", "small letters"), ("-a", '"a"?')],
)
def test_a_source_name_is_a_slug(sources_file, name, words):
    assert words in errors_of(sources_file, SOURCE.replace('"news"', f'"{name}"'))[0]


def test_a_name_used_twice_is_told_at_the_second(sources_file):
    other = SOURCE.replace("/feed/", "/other/")
    assert errors_of(sources_file, SOURCE + other) == [
        'sources.toml:10: source[news].name: a source above is called "news" already'
    ]


def test_an_address_read_by_two_sources_is_told_unless_one_is_off(sources_file):
    other = SOURCE.replace('"news"', '"copy"')
    assert errors_of(sources_file, SOURCE + other) == [
        'sources.toml:14: source[copy].url: source "news" reads this address already'
    ]
    assert len(sources_file(SOURCE + other + 'enabled = false\nreason = "copy"')) == 2


WRONG_IN_SETTINGS = [
    ("wrkers = 2", 1, 'wrkers: unknown key, did you mean "workers"?'),
    ("workers = 0", 1, "workers: should be at least 1, not 0"),
    ("workers = 2.5", 1, "workers: should be a whole number, not 2.5"),
    ("timezone = 'Baku'", 1, 'timezone: "Baku" is no time zone'),
    ("timezone = 'Asia/Bakuu'", 1, 'did you mean "Asia/Baku"?'),
    ("timezone = '../etc/passwd'", 1, "is no time zone"),
    ("language = 'fr'", 1, 'language: should be one of en, az, ru, not "fr"'),
    ("contact = 'me@rights.az'", 1, 'did you mean "mailto:me@rights.az"?'),
    ("contact = 'mailto:me'", 1, 'contact: "me" is no mail address'),
    ("bot_name = 'My Bot'", 1, "bot_name: should be letters, digits, - and _ only"),
    ("data_dir = 5", 1, "data_dir: should be a path in quotes, not 5"),
    ("crawl = 5", 1, "crawl: should be a table, not 5"),
    ("[crawl]\ntimeout = 0", 2, "crawl.timeout: should be more than 0, not 0"),
    ("crawl.max_html = 'ten'", 1, 'crawl.max_html: should be a size such as "10 MB"'),
    ("[crawl]\n\nmax_html = '0 MB'", 3, "crawl.max_html: should be a size"),
    ("[crawl]\narchive = 1", 2, "crawl.archive: should be true or false, not 1"),
    ("[crawl]\nallow_addresses = ['10.0.0.0/33']", 2, "should be an IP address, a network"),
    ("[crawl]\nallow_addresses = ['300.1.1.1']", 2, "should be an IP address, a network"),
    ("[digest]\nat = 8", 2, 'digest.at: should be a time of day such as "08:00", not 8'),
    (
        '[crawl]\nquiet_hours = "8 to 20"',
        2,
        'crawl.quiet_hours: should be hours of a day such as "08:00-20:00", not "8 to 20"',
    ),
    ("[digest]\nat = '24:00'", 2, "digest.at: should be a time of day"),
    ("[digest]\ncap = 0", 2, "digest.cap: should be at least 1"),
    ("[[digest.recipient]]\n", 1, "digest.recipient[1].address: is missing"),
    (
        "[[digest.recipient]]\naddress = 'a@b.c'\nfrequency = 'dayly'",
        3,
        'digest.recipient[1].frequency: should be one of daily, weekly, urgent, not "dayly", '
        'did you mean "daily"?',
    ),
    ("[smtp]\npassword = 'x'", 2, "smtp.password: a password does not belong in this file"),
    ("[smtp]\nsecurity = 'ssl'", 2, 'did you mean "tls"?'),
    ("[smtp]\nport = 70000", 2, "smtp.port: should be at most 65535"),
    ('[smtp]\nsender = "a@b.org\\nBcc: x@y.org"', 2, "is no mail address"),
    (
        "[smtp]\npassword_env = 'A'\npassword_file = 'b'",
        3,
        "smtp.password_file: password_env says where the password is already",
    ),
    ("[source]\n", 1, "source: unknown key"),
]


@pytest.mark.parametrize(("text", "line", "words"), WRONG_IN_SETTINGS)
def test_a_wrong_setting_is_told_with_file_line_and_place(settings_file, text, line, words):
    (error,) = errors_of(settings_file, text)
    assert error.startswith(f"monitor.toml:{line}: ")
    assert words in error


def test_a_refused_password_is_not_repeated(settings_file):
    (error,) = errors_of(settings_file, '[smtp]\npassword = "hunter2"')
    assert "hunter2" not in error
    assert 'password_env = "NAME"' in error


def test_all_errors_are_told_at_once_in_the_order_of_the_file(sources_file):
    text = (
        SOURCE.replace('kind = "feed"', 'kind = "rss"')
        + 'place = "XX"\nenabled = false\n[source.robots_override]\nby = ""\n'
        + "[[source]]\nname = 'news'\n"
    )
    errors = errors_of(sources_file, text)
    assert [int(error.split(":")[1]) for error in errors] == [
        2,
        6,
        8,
        10,
        10,
        11,
        12,
        12,
        12,
        12,
        13,
    ]


WEIRD = (
    "-1", "0", "99999999999999999999", "1e400", "nan", "true", '""', '"\\u0000"', '"x\\ny"', "[]",
    "[[]]", "{}", "[{}]", "{a = 1}", "2024-01-01", "08:00:00", "2024-01-01T00:00:00Z",
    '"' + "9" * 5000 + '"', '"' + "(" * 200 + '"', '"https://"', '"1e9h"', '"\u202e"',
)  # fmt: skip


@pytest.mark.parametrize("model", [Settings, Crawl, DigestSettings, Recipient, Smtp, Desk])
def test_no_value_of_any_kind_ends_in_anything_but_a_clear_error(settings_file, model):
    tables = {Crawl: "[crawl]", DigestSettings: "[digest]", Smtp: "[smtp]", Desk: "[desk]"}
    header = "[[digest.recipient]]" if model is Recipient else tables.get(model, "")
    for key in model.model_fields:
        for value in WEIRD:
            told = complaint_of(settings_file, f"{header}\n{key} = {value}\n")
            assert not told or all("monitor.toml:" in line for line in told.split("\n"))


def test_no_value_of_a_source_ends_in_anything_but_a_clear_error(sources_file):
    for key in set(SourceConfig.model_fields) - {"name", "title", "home", "kind", "url"}:
        for value in WEIRD:
            told = complaint_of(sources_file, f"{SOURCE}{key} = {value}\n")
            assert not told or all("sources.toml:" in line for line in told.split("\n"))


# ------------------------------------------------------------------ files that are not TOML


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"a = 1\nb = \n", "sources.toml:2: not TOML, column 5: Invalid value"),
        (b"[[source]]\nname = 'x\n", "sources.toml:2: not TOML"),
        (b"[crawl]\n[crawl]\n", "sources.toml:2: not TOML, column 7: Cannot declare"),
        (b"a = [1,\n2", "sources.toml:2: not TOML"),
        ("# ə\n# ü\n".encode("cp1254", "replace"), "sources.toml:2: byte 0xfc is not UTF-8"),
        ("a = 1".encode("utf-16"), "sources.toml:1: saved as UTF-16; save it as UTF-8"),
        (b"", "sources.toml:1: no [[source]] table: nothing would be read"),
        (b"source = [1]", "sources.toml:1: source[1]: should be a table, not 1"),
        (b"source = 1", "sources.toml:1: source: should be a list in [ ], not 1"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_clear_sentence(sources_file, raw, words):
    (error,) = errors_of(sources_file, raw)
    assert error.startswith(words)


def test_a_missing_file_and_a_folder_are_told(tmp_path):
    with pytest.raises(ConfigError, match=r"no\.toml:1: cannot be read: No such file"):
        load_settings(tmp_path / "no.toml")
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        load_sources(tmp_path)


# ------------------------------------------------------------------ lines


def test_lines_are_found_through_strings_arrays_and_dotted_keys():
    text = (
        'a.b = 1\n"c d" = """\n[[source]]\nurl = 1\n"""\n'
        "[[source]]\nalso = [\n  {url = 1}, # ]\n]\nurl = 2\n"
        "[[source]]\n[source.robots_override]\nby = 3\n[[source.also]]\nurl = 4\n"
    )
    lines = toml_lines(text)
    assert line_of(("a", "b"), lines) == 1
    assert line_of(("c d",), lines) == 2
    assert line_of(("source", 0, "url"), lines) == 10
    assert line_of(("source", 0, "also", 0, "url"), lines) == 7
    assert line_of(("source", 1, "robots_override", "by"), lines) == 13
    assert line_of(("source", 1, "also", 0, "url"), lines) == 15
    assert line_of(("source", 1, "name"), lines) == 11
    assert line_of(("nowhere",), lines) == 1


@given(st.lists(st.sampled_from(['text = """', "[a]", "[[b]]", "c = [1,", "]", "d = 'x'", '"""'])))
def test_looking_for_lines_ends_on_any_text(parts):
    toml_lines("\n".join(parts))


# ------------------------------------------------------------------ documents

# page -> the models whose keys it explains; a key that is a table with a section is not repeated
DOCUMENTED = {
    "configuration.md": (Settings, Crawl, DigestSettings, Recipient, Smtp, Alerts, Desk),
    "adding-a-source.md": (SourceConfig, Endpoint, RobotsOverride),
}
SECTIONS = ("crawl", "digest", "recipient", "smtp", "alerts", "desk")


@pytest.mark.parametrize("page", DOCUMENTED)
def test_the_documents_explain_every_key_in_the_words_of_the_code_and_no_other(page):
    text = (DOCS / page).read_text(encoding="utf-8")
    tables = re.findall(r"^\| key \| default \| meaning \|\n\|[-|]+\n((?:\|.*\n)+)", text, re.M)
    rows = re.findall(r"^\| `(\w+)` \| .*? \| (.*) \|$", "".join(tables), re.M)
    fields = [
        (name, field.description)
        for model in DOCUMENTED[page]
        for name, field in model.model_fields.items()
        if name not in SECTIONS
    ]
    assert sorted(rows) == sorted(fields)
