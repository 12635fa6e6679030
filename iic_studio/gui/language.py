"""The language of the window: English as it stands in the code, or one of the catalogues in `resources/translations/`.

`tr` gives a text in the language in force, `later` only marks it for `pyside6-lupdate`: for tables at the top of a module, whose texts are
translated where they are used. The language is chosen before the window is made and stays until the program ends. Sentences of the core,
which the command line says too, stay English, except those that `retold` and `mistakes` know.
"""

import logging
import string
from typing import Any

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from iic_studio import words
from iic_studio.paths import shipped
from iic_studio.words import later

__all__ = [
    "ENGLISH",
    "LANGUAGES",
    "SYSTEM",
    "amount",
    "capitalised",
    "code",
    "count_files",
    "count_images",
    "later",
    "percent",
    "tr",
    "use_language",
    "wanted",
]
log = logging.getLogger(__name__)

SYSTEM, ENGLISH = "system", "en"
# What a language calls itself, and what stands between thousands and before decimals.
LANGUAGES = {ENGLISH: "English", "de": "Deutsch"}
_SIGNS = {ENGLISH: {}, "de": str.maketrans(",.", ".,")}


class _Language:
    """The language in force and the catalogues that are installed; one for the program, as Qt has one."""

    def __init__(self) -> None:
        self.code = ENGLISH
        self.translators: list[QTranslator] = []


_in_force = _Language()


class _Filler(string.Formatter):
    """Puts values into a text; numbers with the signs of the language."""

    def format_field(self, value: Any, format_spec: str) -> Any:
        filled = super().format_field(value, format_spec)
        return filled if isinstance(value, str) or not format_spec else filled.translate(_SIGNS[_in_force.code])


_filler = _Filler()


def tr(text: str, *values: object) -> str:
    """A text in the language in force, its `{0}`, `{1:,}` filled with values; no values, no filling."""
    found = QCoreApplication.translate("", text)
    return _filler.vformat(found, values, {}) if values else found


def count_images(count: int) -> str:
    """ "1 picture", "12 pictures"."""
    return tr("1 picture") if count == 1 else tr("{0:,} pictures", count)


def count_files(count: int) -> str:
    """ "1 file", "12 files"."""
    return tr("1 file") if count == 1 else tr("{0:,} files", count)


def capitalised(text: str) -> str:
    """With a capital letter at the beginning; the others stay."""
    return text[:1].upper() + text[1:]


def amount(value: float, spec: str = ",") -> str:
    """A number as people write it."""
    return str(_filler.format_field(value, spec))


def percent(share: float) -> str:
    """A share of 0–1 as `words.percent` says it, with the signs of the language."""
    return words.percent(share).translate(_SIGNS[_in_force.code])


def code() -> str:
    """The language in force, as `de`."""
    return _in_force.code


def wanted(choice: str) -> str:
    """The language that a choice means: `system` the first of the system's that there is, else English."""
    if choice in LANGUAGES:
        return choice
    spoken = (one.partition("-")[0] for one in QLocale.system().uiLanguages())
    return next((one for one in spoken if one in LANGUAGES), ENGLISH)


def use_language(choice: str) -> None:
    """Speak this language from now on: `system`, or a key of `LANGUAGES`. What is shown already stays as it is."""
    application = QCoreApplication.instance()
    assert application is not None, "catalogues belong to an application"
    for translator in _in_force.translators:
        application.removeTranslator(translator)
    _in_force.code, _in_force.translators = wanted(choice), []
    if _in_force.code == ENGLISH:
        return
    ours = str(shipped("resources", "translations")), f"iic_studio_{_in_force.code}"
    qts = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath), f"qtbase_{_in_force.code}"
    for folder, name in (qts, ours):
        translator = QTranslator()
        if translator.load(name, folder):
            application.installTranslator(translator)
            _in_force.translators.append(translator)
        else:
            log.warning("no catalogue %s in %s", name, folder)
