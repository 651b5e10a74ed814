"""The kinds of value a configuration file holds, each refusing what it is not in one clause."""

import difflib
import ipaddress
import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StrictInt,
    StrictStr,
    ValidationInfo,
)

from monitor.config.codes import LANGUAGES, MEANT, PLACES

_DURATION_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_SIZE_UNITS = {"": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9}
_LONGEST = timedelta(days=3650)
_HOST = re.compile(r"(?!-)[\w-]+(\.[\w-]+)*(:\d+)?", re.ASCII)


class Table(BaseModel):
    """A table of a configuration file: unknown keys are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`, did you mean "feed"?` where something known is near, else nothing.

    >>> did_you_mean("lisitng", ["feed", "listing"])
    ', did you mean "listing"?'
    """
    known = sorted(known)
    if MEANT.get(word) in known:
        return f', did you mean "{MEANT[word]}"?'
    folded = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.lower(), folded, n=1, cutoff=0.6)
    return f', did you mean "{folded[near[0]]}"?' if near else ""


def _duration(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value
    match = re.fullmatch(r"(\d{1,6}(?:\.\d+)?)\s*([smhdw])", str(value).strip())
    if not match or not isinstance(value, str):
        raise ValueError(f'should be a duration such as "30m", "4h" or "2d", not {shown(value)}')
    length = timedelta(**{_DURATION_UNITS[match[2]]: float(match[1])})
    if not timedelta(0) < length <= _LONGEST:
        raise ValueError(f"should be longer than nothing and at most ten years, not {shown(value)}")
    return length


def _size(value: Any) -> Any:
    match = re.fullmatch(r"(\d{1,15}(?:\.\d+)?)\s*([kmg]b|)", str(value).strip().lower())
    if not match or isinstance(value, (bool, float)) or float(match[1]) == 0:
        raise ValueError(f'should be a size such as "10 MB" or 10000000, not {shown(value)}')
    return int(float(match[1]) * _SIZE_UNITS[match[2]])


def _time_of_day(value: Any) -> Any:
    if isinstance(value, time):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", value):
        raise ValueError(f'should be a time of day such as "08:00", not {shown(value)}')
    hour, minute = value.split(":")
    return time(int(hour), int(minute))


def _hours(value: Any) -> Any:
    if isinstance(value, tuple):
        return value
    begin, dash, end = value.partition("-") if isinstance(value, str) else ("", "", "")
    try:
        hours = _time_of_day(begin.strip()), _time_of_day(end.strip())
    except ValueError:
        hours = time(), time()
    if not dash or hours[0] == hours[1]:
        raise ValueError(f'should be hours of a day such as "08:00-20:00", not {shown(value)}')
    return hours


def _calendar_day(value: Any) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(f"should be a date such as 2024-03-01, not {shown(value)}") from None


def _pattern(value: Any) -> Any:
    if isinstance(value, re.Pattern):
        return value
    if not isinstance(value, str):
        raise ValueError(f"should be a regular expression in quotes, not {shown(value)}")
    try:
        return re.compile(value)
    except (re.error, OverflowError) as error:
        raise ValueError(
            f"is no regular expression: {error} (write it in '…' so that \\ stays)"
        ) from None


def _one_group(pattern: re.Pattern[str]) -> re.Pattern[str]:
    if pattern.groups != 1:
        raise ValueError(
            f"needs exactly one group ( ) around the number, found {pattern.groups}; "
            "write (?: ) for the others"
        )
    return pattern


def _selector(value: str) -> str:
    import cssselect  # only files with selectors pay for it

    try:
        cssselect.parse(value)
    except cssselect.SelectorError as error:
        raise ValueError(f"is no CSS selector: {error}") from None
    return value


def _url(value: str) -> str:
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError(f"is no address: {error}") from None
    if not parts.scheme or "://" not in value:
        guess = f', did you mean "https://{value}"?' if "." in value and " " not in value else ""
        raise ValueError(f'should begin with https:// or http://, not "{value}"{guess}')
    if parts.scheme.lower() not in ("http", "https"):
        raise ValueError(f"only http and https are read, not {parts.scheme}")
    if not host or re.search(r"\s", value):
        raise ValueError(f'"{value}" is no address: it needs a host and no spaces')
    if parts.username is not None:
        raise ValueError("a user name or password in an address would end up in logs and digests")
    return value


def _contact(value: str) -> str:
    if value.startswith("mailto:"):
        return "mailto:" + _mail_address(value.removeprefix("mailto:"))
    if re.fullmatch(r"[^@\s:/]+@[^@\s]+", value):
        raise ValueError(
            f'should be an address of the web or a mailto:, did you mean "mailto:{value}"?'
        )
    return _url(value)


def _mail_address(value: str) -> str:
    if not re.fullmatch(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\"]+", value):
        raise ValueError(f'"{value}" is no mail address')
    return value


def _slug(value: str) -> str:
    if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value) and len(value) <= 64:
        return value
    guess = re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")[:64]
    meant = f', did you mean "{guess}"?' if guess else ""
    raise ValueError(
        f'should be up to 64 small letters, digits and single hyphens, not "{value}"{meant}'
    )


def _robots_token(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", value):
        raise ValueError(f'should be letters, digits, - and _ only (robots.txt), not "{value}"')
    return value


def _site(value: str) -> str:
    host = value.partition("/")[0]
    if "://" in value or not _HOST.fullmatch(host) or re.search(r"\s", value):
        raise ValueError(
            f'should be a host such as "m.example.org" or "cdn.example.org/mirror/", not "{value}"'
        )
    return value.lower() if host == value else host.lower() + value[len(host) :]


def _address(value: str) -> str:
    try:
        return str(ipaddress.ip_network(value, strict=False) if "/" in value else _host(value))
    except ValueError:
        raise ValueError(
            f'should be an IP address, a network such as "10.0.0.0/8", or a host, not "{value}"'
        ) from None


def _host(value: str) -> str:
    """Only digits and dots is an IP address or a slip, never a name."""
    if _HOST.fullmatch(value) and not re.fullmatch(r"[\d.]+", value):
        return value.lower()
    return str(ipaddress.ip_address(value))


def _language(value: str) -> str:
    if value not in LANGUAGES:
        raise ValueError(
            f'"{value}" is no two-letter language code{did_you_mean(value, LANGUAGES)}'
        )
    return value


def _place(value: str) -> str:
    if value not in PLACES:
        raise ValueError(
            f'"{value}" is no two-letter country code and not WORLD{did_you_mean(value, PLACES)}'
        )
    return value


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        known = available_timezones()
        raise ValueError(f'"{value}" is no time zone{did_you_mean(value, known)}') from None
    return value


def _beside_file(value: Path, info: ValidationInfo) -> Path:
    """Relative paths start at the folder of the file they stand in, wherever cron runs us."""
    if "\0" in str(value):
        raise ValueError("is no path: it holds a NUL character")
    folder = (info.context or {}).get("folder")
    return folder / value.expanduser() if folder else value.expanduser()


def _filled(value: str) -> str:
    if not value.strip():
        raise ValueError("should not be empty")
    return value.strip()


def shown(value: Any) -> str:
    """A value as its writer would recognise it: text in quotes, shortened.

    >>> shown(True), shown("x" * 99)[-3:]
    ('true', 'x…"')
    """
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    text = text if len(text) <= 60 else text[:59] + "…"
    return f'"{text}"' if isinstance(value, str) else text


Text = Annotated[StrictStr, AfterValidator(_filled)]
Count = Annotated[StrictInt, Field(ge=0)]
AtLeastOne = Annotated[StrictInt, Field(ge=1)]
Port = Annotated[StrictInt, Field(ge=1, le=65535)]
Flag = Annotated[bool, Strict()]
Seconds = Annotated[float, Strict(), Field(ge=0, le=86_400, allow_inf_nan=False)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]
Size = Annotated[int, BeforeValidator(_size)]
TimeOfDay = Annotated[time, BeforeValidator(_time_of_day)]
Hours = Annotated[tuple[time, time], BeforeValidator(_hours)]
CalendarDay = Annotated[date, BeforeValidator(_calendar_day)]
Pattern = Annotated[re.Pattern[str], BeforeValidator(_pattern)]
NumberPattern = Annotated[Pattern, AfterValidator(_one_group)]
Selector = Annotated[Text, AfterValidator(_selector)]
Url = Annotated[Text, AfterValidator(_url)]
Contact = Annotated[Text, AfterValidator(_contact)]
MailAddress = Annotated[Text, AfterValidator(_mail_address)]
Slug = Annotated[StrictStr, AfterValidator(_slug)]
RobotsToken = Annotated[StrictStr, AfterValidator(_robots_token)]
Site = Annotated[Text, AfterValidator(_site)]
Address = Annotated[Text, AfterValidator(_address)]
Language = Annotated[StrictStr, AfterValidator(_language)]
Place = Annotated[StrictStr, AfterValidator(_place)]
Timezone = Annotated[StrictStr, AfterValidator(_timezone)]
FilePath = Annotated[Path, AfterValidator(_beside_file)]
