"""What pydantic found wrong, in the words of someone who writes TOML."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel, ValidationError

from monitor.config.lines import Loc
from monitor.config.values import did_you_mean, shown


class Problem(NamedTuple):
    """One error: where (a path of keys and indexes) and what."""

    loc: Loc
    what: str


# Keys that are refused for a reason the writer should hear.
_REFUSED = {
    "password": "a password does not belong in this file, which is copied, printed and mailed; "
    'put it in an environment variable and write password_env = "NAME", '
    'or in a file of its own and write password_file = "PATH"',
}

_WORDS: Mapping[str, Callable[[Any, Mapping[str, Any]], str]] = {
    "missing": lambda value, ctx: "is missing",
    "string_type": lambda value, ctx: f"should be text in quotes, not {shown(value)}",
    "int_type": lambda value, ctx: f"should be a whole number, not {shown(value)}",
    "float_type": lambda value, ctx: f"should be a number, not {shown(value)}",
    "finite_number": lambda value, ctx: f"should be a number, not {shown(value)}",
    "bool_type": lambda value, ctx: f"should be true or false, not {shown(value)}",
    "path_type": lambda value, ctx: f"should be a path in quotes, not {shown(value)}",
    "tuple_type": lambda value, ctx: f"should be a list in [ ], not {shown(value)}",
    "model_type": lambda value, ctx: f"should be a table, not {shown(value)}",
    "greater_than": lambda value, ctx: f"should be more than {ctx['gt']:g}, not {value}",
    "greater_than_equal": lambda value, ctx: f"should be at least {ctx['ge']:g}, not {value}",
    "less_than_equal": lambda value, ctx: f"should be at most {ctx['le']:g}, not {value}",
    "value_error": lambda value, ctx: str(ctx["error"]),
}


def problems_of(error: ValidationError, model: type[BaseModel]) -> Iterator[Problem]:
    """Each error of a validation, once; unknown keys and words with what was probably meant."""
    for found in error.errors(include_url=False):
        loc, value, context = found["loc"], found["input"], found.get("ctx", {})
        if found["type"] == "extra_forbidden":
            yield Problem(loc, _unknown_key(str(loc[-1]), _known_keys(model, loc)))
        elif found["type"] == "literal_error":
            yield Problem(loc, _unknown_word(value, str(context["expected"])))
        elif words := _WORDS.get(found["type"]):
            yield Problem(loc, words(value, context))
        else:
            yield Problem(loc, found["msg"])


def written_place(loc: Loc, data: Any) -> str:
    """The path as a person reads it; elements of a list of tables go by their name.

    >>> written_place(("source", 0, "also", 1, "url"), {"source": [{"name": "hrw"}]})
    'source[hrw].also[2].url'
    """
    written = ""
    for part in loc:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            data = None
        if isinstance(part, int):
            name = data.get("name") if isinstance(data, dict) else None
            written += f"[{name if isinstance(name, str) and name else part + 1}]"
        else:
            written += f".{part}" if written else part
    return written


def _unknown_key(key: str, known: set[str]) -> str:
    return _REFUSED.get(key) or f"unknown key{did_you_mean(key, known)}"


def _unknown_word(value: Any, expected: str) -> str:
    known = [word.strip(" '") for word in expected.replace(" or ", ", ").split(",")]
    meant = did_you_mean(value, known) if isinstance(value, str) else ""
    return f"should be one of {', '.join(known)}, not {shown(value)}{meant}"


def _known_keys(model: type[BaseModel], loc: Loc) -> set[str]:
    for part in loc[:-1]:
        if isinstance(part, str):
            model = _model_within(model.model_fields[part].annotation) or model
    return set(model.model_fields)


def _model_within(annotation: Any) -> type[BaseModel] | None:
    """The model in `Model`, `Model | None` or `tuple[Model, ...]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_within, get_args(annotation))), None)
