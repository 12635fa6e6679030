"""What a person types in the search field, as terms.

    beach -night name:IMG_2 cluster:roses,tulips confidence:<0.6 date:2024-05..2024-06 is:uncertain

Terms stand beside each other and all must hold; a comma inside a term means "or", a minus before it means "not", quotation marks keep
spaces, commas and colons. A word without a field is looked for in names and folders. A term whose value is not typed yet holds for all.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from iic_studio.errors import StudioError

ANY = ""
IS = ("uncertain", "excluded", "problem", "unclustered", "portrait", "landscape", "square")
NONE = "none"
# What each field looks at, with an example; the order is that of the suggestions.
FIELDS = {
    "name": ("part of the file's name", "name:IMG_2"),
    "folder": ("part of the folders above it", "folder:2024"),
    "cluster": ("name or number of the cluster", "cluster:roses or cluster:3"),
    "confidence": ("probability of its cluster", "confidence:<0.6"),
    "agreement": ("share of sub-heads that agree", "agreement:<0.5"),
    "margin": ("gap between its two likeliest clusters", "margin:<0.1"),
    "date": ("when it was taken", "date:2024-05..2024-06"),
    "camera": ("maker and model", "camera:nikon"),
    "width": ("pixels across", "width:>1000"),
    "height": ("pixels down", "height:<=480"),
    "format": ("kind of file", "format:jpeg,png"),
    "problem": ("why a file cannot be used", "problem:cut"),
    "class": ("class given by labels", "class:rose"),
    "label": ("what a person said it shows", "label:rose or label:none"),
    "source": ("who put it there: model or user", "source:user"),
    "is": ("a property", "is:uncertain"),
}
SHARES = ("confidence", "agreement", "margin")
PIXELS = ("width", "height")
_NUMBER = re.compile(r"\d+(\.\d+)?|\.\d+")
_COMPARED = re.compile(r"(<=|>=|<|>|=)?\s*(.*)", re.DOTALL)
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


class QueryError(StudioError):
    """A search that cannot be understood; `message` and `hint` are for the line under the field."""


@dataclass(frozen=True)
class Span:
    """A half-open interval `low <= x < high`; whole numbers, shares, or seconds since 1970."""

    low: float
    high: float


@dataclass(frozen=True)
class Value:
    """One alternative of a term: its text, and the interval it stands for in a field of numbers or dates."""

    text: str
    span: Span | None = None


@dataclass(frozen=True)
class Term:
    """One condition. `field` is `ANY` for a plain word; `source` is how it was typed."""

    field: str
    values: tuple[Value, ...]
    is_negated: bool
    source: str


@dataclass(frozen=True)
class Query:
    """Terms that must all hold."""

    text: str = ""
    terms: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms)

    def without(self, term: Term) -> str:
        """The text without one of its terms."""
        return " ".join(one.source for one in self.terms if one is not term)


def parse(text: str) -> Query:
    """What was typed, as terms.

    Raises:
        QueryError: an unknown field, or a value that does not fit its field.
    """
    terms = []
    for token in tokens(text):
        term = _term(token)
        if term is not None:
            terms.append(term)
    return Query(text.strip(), tuple(terms))


def tokens(text: str) -> list[str]:
    """Parts between spaces that do not stand in quotation marks; a mark that is not closed goes on to the end."""
    found, begin, quoted = [], 0, False
    for place, sign in enumerate(text):
        if sign == '"':
            quoted = not quoted
        elif sign.isspace() and not quoted:
            found.append(text[begin:place])
            begin = place + 1
    found.append(text[begin:])
    return [token for token in found if token]


def split_field(token: str) -> tuple[bool, str | None, str]:
    """Whether a token is negated, its field (None for a plain word), and the rest."""
    is_negated = len(token) > 1 and token.startswith("-")
    body = token[1:] if is_negated else token
    name, colon, rest = body.partition(":")
    if not colon or '"' in name:
        return is_negated, None, body
    return is_negated, name.lower(), rest


def _term(token: str) -> Term | None:
    is_negated, field, rest = split_field(token)
    if field is not None and field not in FIELDS:
        raise QueryError(f"There is no field “{field}”.", f"Fields are {', '.join(FIELDS)}. Text with a colon goes in quotation marks.")
    parts = [part for part in _alternatives(rest) if part]
    if not parts or token == "-":
        return None
    values = tuple(map(_VALUES.get(field or ANY, Value), parts))
    if field == "is":
        for value in values:
            if value.text.lower() not in IS:
                raise QueryError(f"“is:{value.text}” is not known.", f"It can be {', '.join(IS[:-1])} or {IS[-1]}.")
    return Term(field or ANY, values, is_negated, token)


def _alternatives(text: str) -> list[str]:
    """Parts between commas outside quotation marks, without the marks."""
    found, part, quoted = [], "", False
    for sign in text:
        if sign == '"':
            quoted = not quoted
        elif sign == "," and not quoted:
            found.append(part)
            part = ""
        else:
            part += sign
    return [*found, part]


def quote(text: str) -> str:
    """Text as a value that is taken as it is."""
    clean = text.replace('"', "")
    return f'"{clean}"' if not clean or re.search(r"[\s,:]", clean) or clean.startswith("-") else clean


# Numbers and dates --------------------------------------------------------------------------------------------------------------------


def _share(text: str) -> Value:
    return Value(text, _span(text, _one_share, "a number from 0 to 1 such as <0.6, or a range such as 0.2..0.5"))


def _pixels(text: str) -> Value:
    return Value(text, _span(text, _one_whole, "a whole number such as >1000, or a range such as 640..1920"))


def _moment(text: str) -> Value:
    if text.lower() == NONE:
        return Value(text)
    return Value(text, _span(text, _one_day, "a year, month or day such as 2024-05, or a range such as 2024-05..2024-06"))


_VALUES: dict[str, Callable[[str], Value]] = {
    **dict.fromkeys(SHARES, _share),
    **dict.fromkeys(PIXELS, _pixels),
    "date": _moment,
}


def _span(text: str, one: Callable[[str], Span | None], expected: str) -> Span:
    """`<a`, `<=a`, `>a`, `>=a`, `a`, `a..b`, `a..` or `..b`; what stands for one value reaches as far as its last digit."""
    low, dots, high = text.partition("..")
    if dots:
        first = Span(-np.inf, -np.inf) if not low else one(low)
        last = Span(np.inf, np.inf) if not high else one(high)
        if first is not None and last is not None:
            return Span(first.low, last.high)
    else:
        found = _COMPARED.fullmatch(text)
        sign, rest = (found.group(1), found.group(2)) if found else (None, text)
        at = one(rest)
        if at is not None:
            return {
                "<": Span(-np.inf, _exact(at, rest)),
                "<=": Span(-np.inf, _after(at, rest)),
                ">": Span(_after(at, rest), np.inf),
                ">=": Span(_exact(at, rest), np.inf),
            }.get(sign or "=", at)
    raise QueryError(f"“{text}” does not fit here.", f"Type {expected}.")


def _exact(at: Span, text: str) -> float:
    """Where a compared value begins: a share is taken as typed, not rounded."""
    typed = _number(text)
    return at.low if typed is None or at.high - at.low >= 1 else typed


def _after(at: Span, text: str) -> float:
    typed = _number(text)
    return at.high if typed is None or at.high - at.low >= 1 else float(np.nextafter(np.float32(typed), np.float32(2)))


def _number(text: str) -> float | None:
    percent = text.endswith("%")
    bare = text.rstrip("%").strip()
    if not _NUMBER.fullmatch(bare):
        return None
    return float(bare) / (100 if percent else 1)


def _one_share(text: str) -> Span | None:
    value = _number(text)
    if value is None or value > 1:
        return None
    digits = len(text.rstrip("% ").partition(".")[2]) + (2 if text.endswith("%") else 0)
    half = 0.5 * 10.0 ** -max(digits, 1)
    return Span(value - half, value + half)


def _one_whole(text: str) -> Span | None:
    return Span(int(text), int(text) + 1) if text.isdecimal() and text.isascii() else None


def _one_day(text: str) -> Span | None:
    """The seconds of a year, a month or a day."""
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None
    try:
        begin = date(year, month or 1, day or 1)
        end = begin + timedelta(days=1) if day else date(year + (month or 12) // 12, (month or 12) % 12 + 1, 1)
    except (ValueError, OverflowError):
        return None
    return Span(*((one - date(1970, 1, 1)).total_seconds() for one in (begin, end)))
