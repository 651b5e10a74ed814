"""sources.toml: the outlets and organisations we read, one `[[source]]` table each."""

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from db.records import Source
from monitor.config.values import (
    AtLeastOne,
    CalendarDay,
    Count,
    Duration,
    Flag,
    Hours,
    Language,
    NumberPattern,
    Pattern,
    Place,
    Seconds,
    Selector,
    Site,
    Slug,
    Table,
    Text,
    Url,
)

Kind = Literal[
    "feed", "sitemap", "listing", "wordpress", "watched", "document", "telegram", "spider"
]


class Endpoint(Table):
    """One place where articles of a source are found."""

    kind: Kind = Field(description="How it is read.")
    url: Url = Field(description="Where it is.")


class RobotsOverride(Table):
    """A person's decision to read what robots.txt forbids; kept in the audit log."""

    reason: Text = Field(description="Why, such as a written permission of the site.")
    by: Text = Field(description="Who decided.")
    on: CalendarDay = Field(description="When, as a date.")


class SourceConfig(Table):
    """One `[[source]]` table."""

    name: Slug = Field(description="Short name in commands, database and digest; never change it.")
    title: Text = Field(description="Name as readers know it.")
    home: Url = Field(description="Front page of the site.")
    kind: Kind = Field(description="How `url` is read.")
    url: Url = Field(description="Feed, sitemap, listing … where articles are found.")
    also: tuple[Endpoint, ...] = Field(
        default=(), description='Further places, as `[{kind = "sitemap", url = "https://…"}]`.'
    )
    languages: tuple[Language, ...] = Field(
        default=(), description="Languages it writes in, main one first."
    )
    place: Place | None = Field(
        default=None, description="Country its counts are about when a text names none, or WORLD."
    )
    rank: Annotated[AtLeastOne, Field(le=3)] = Field(
        default=2,
        description="Weight in the digest: 1 first-hand and careful, 2 usual, 3 doubtful.",
    )
    publisher_org: Text | None = Field(
        default=None, description="Id of the counting organisation this source speaks for (`HRW`)."
    )
    enabled: Flag = Field(default=True, description="Whether it is read.")
    reason: str = Field(
        default="",
        validate_default=True,
        description="Why it is not read; needed when not enabled.",
    )
    every: Duration | None = Field(
        default=None, description="How often it is read; else `[crawl] every`."
    )
    quiet_hours: Hours | None = Field(
        default=None, description="Hours without scheduled reading; else `[crawl] quiet_hours`."
    )
    expected_every: Duration | None = Field(
        default=None, description="How often it usually publishes; longer silence is a problem."
    )
    delay: Seconds | None = Field(
        default=None, description="Seconds between requests, if more is asked."
    )
    follow: Pattern | None = Field(
        default=None, description="Only addresses in which this is found are articles."
    )
    skip: Pattern | None = Field(
        default=None, description="Addresses in which this is found are left out."
    )
    link_selector: Selector | None = Field(
        default=None,
        description="CSS selector of article links on listing pages; else found by pattern.",
    )
    next_selector: Selector | None = Field(
        default=None,
        description="CSS selector of the link to the next listing page; else rel=next.",
    )
    max_pages: AtLeastOne = Field(
        default=3, description="How many listing pages are turned in a run."
    )
    content_selector: Selector | None = Field(
        default=None, description="CSS selector of the part that is read; else found automatically."
    )
    strip_lines: tuple[Pattern, ...] = Field(
        default=(), description="A line of text that one of these matches whole is left out."
    )
    aliases: tuple[Site, ...] = Field(
        default=(),
        description="Other hosts that serve the same site, with a path if they serve others too.",
    )
    article_number: NumberPattern | None = Field(
        default=None,
        description="Finds the article's number in its address, in one group; "
        "the number stays when the address changes.",
    )
    keep_parameters: tuple[Text, ...] = Field(
        default=(), description="Parameters of addresses that matter although usually dropped."
    )
    drop_parameters: tuple[Text, ...] = Field(
        default=(), description="Parameters of addresses that do not matter (counters, sessions)."
    )
    revisits_per_run: Count | None = Field(
        default=None, description="Else `[crawl] revisits_per_run`."
    )
    new_per_run: Count | None = Field(default=None, description="Else `[crawl] new_per_run`.")
    backfill_from: CalendarDay | None = Field(
        default=None, description="The first crawl goes back to this day, where the source allows."
    )
    robots_override: RobotsOverride | None = Field(
        default=None,
        description="Read what robots.txt forbids: `{reason = …, by = …, on = 2026-03-01}`.",
    )
    verify_tls: Flag | None = Field(default=None, description="Else `[crawl] verify_tls`.")
    allow_offsite: tuple[Site, ...] = Field(
        default=(), description="Foreign hosts on which articles of this source may lie."
    )
    text_licence: str = Field(default="", description="Terms of its texts, for exports.")
    spider: Text | None = Field(
        default=None,
        validate_default=True,
        description="Name of the spider; needed for kind `spider`.",
    )
    browser: Flag = Field(
        default=False, description="Whether its pages need JavaScript to show text."
    )

    @field_validator("reason")
    @classmethod
    def _says_why_not(cls, reason: str, info: ValidationInfo) -> str:
        if info.data.get("enabled") is False and not reason.strip():
            raise ValueError("a source with enabled = false needs a reason; digests show it")
        return reason.strip()

    @field_validator("spider")
    @classmethod
    def _spider_named(cls, spider: str | None, info: ValidationInfo) -> str | None:
        if (info.data.get("kind") == "spider") != (spider is not None) and "kind" in info.data:
            raise ValueError('spider = "…" and kind = "spider" need each other')
        return spider

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """All places where articles are found, the main one first."""
        return (Endpoint(kind=self.kind, url=self.url), *self.also)

    def record(self) -> Source:
        """The row that mirrors this table in the database."""
        return Source(
            name=self.name,
            title=self.title,
            kind=self.kind,
            home=self.home,
            languages=self.languages,
            place=self.place,
            rank=self.rank,
            publisher_org=self.publisher_org,
            enabled=self.enabled,
            reason=self.reason,
        )


class SourcesFile(Table):
    """All of sources.toml."""

    source: tuple[SourceConfig, ...] = Field(default=(), description="One table a source.")
