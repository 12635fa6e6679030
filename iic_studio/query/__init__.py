"""Search: what a person types becomes terms (`language`), and terms become a mask over columns (`matching`).

`suggestions` says what may come next. Pure functions over NumPy columns; knows neither project nor window.
"""

from iic_studio.query.columns import Columns, FileColumns, Texts, Words
from iic_studio.query.language import FIELDS, Query, QueryError, Term, parse
from iic_studio.query.matching import matches
from iic_studio.query.suggestions import Suggestion, suggest

__all__ = ["FIELDS", "Columns", "FileColumns", "Query", "QueryError", "Suggestion", "Term", "Texts", "Words", "matches", "parse", "suggest"]
