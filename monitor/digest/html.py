"""The digest as one HTML page: for the browser with SVG charts, for mail with attached PNGs."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from monitor.digest import charts, verdict, wording
from monitor.digest.language import phrases_of
from monitor.digest.model import CountItem, Digest, Quoted
from monitor.digest.ranking import REPRINTS_SHOWN


@dataclass(frozen=True)
class MailHtml:
    """The HTML of a mail and the images it shows, by content id."""

    html: str
    images: tuple[tuple[str, bytes], ...]


def render_html(digest: Digest, language: str) -> str:
    """A whole page that loads nothing from anywhere."""
    return _render(digest, language, for_mail=False)


def render_mail(digest: Digest, language: str) -> MailHtml:
    """The same page for mail: style in the tags, charts as PNG beside it."""
    html: str = css_inline.inline(
        _render(digest, language, for_mail=True),
        keep_at_rules=True,
        keep_style_tags=True,
        load_remote_stylesheets=False,
    )
    shown = digest.counts if "counts" in digest.sections else ()
    drawn = [item for item in shown if has_chart(item)]
    images = {chart_id(item): charts.png(charts.course(item.steps)) for item in drawn}
    return MailHtml(html=html, images=tuple(images.items()))


def has_chart(item: CountItem) -> bool:
    return len(item.steps) > 1


def chart_id(item: CountItem) -> str:
    """A content id; equal items share one picture."""
    return f"chart-{item.evidence.flags[0]}@digest"


def marked(quoted: Quoted, tag: str = "mark") -> Markup:
    """The words, escaped, each mark in a tag of its own."""
    parts, last = [], 0
    for start, end in quoted.marks:
        parts.append(escape(quoted.text[last:start]))
        parts.append(Markup("<{0}>{1}</{0}>").format(Markup(tag), quoted.text[start:end]))  # noqa: S704
        last = end
    return Markup("").join([*parts, escape(quoted.text[last:])])


def web_address(url: str) -> str:
    """The address if it is safe to link to, else nothing: `javascript:` is somebody's trap."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""


def _render(digest: Digest, language: str, *, for_mail: bool) -> str:
    t = phrases_of(digest, language)
    return _template().render(
        digest=digest,
        t=t,
        w=wording,
        v=verdict,
        css=Markup(_css()),  # noqa: S704 (our own file)
        for_mail=for_mail,
        subject=verdict.subject(digest, language),
        reprints_shown=REPRINTS_SHOWN,
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("monitor.digest"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(marked=marked, web=web_address)
    environment.globals.update(
        has_chart=has_chart, chart_id=chart_id, course=charts.course, svg_path=charts.svg_path,
        chart_size=(charts.WIDTH, charts.HEIGHT),
    )  # fmt: skip
    return environment.get_template("digest.html")


@cache
def _css() -> str:
    return files("monitor.digest").joinpath("templates", "digest.css").read_text("utf-8")
