"""Names of files and folders that Windows, macOS and Linux all take, and that stay apart where case and accents do not count.

Source of the rules: Microsoft, "Naming Files, Paths, and Namespaces"; 255 bytes a name on Linux.
"""

import re
import unicodedata

_LONGEST_BYTES = 120
_LONGEST_SUFFIX = 12
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_ ()\-]{0,60}\.[A-Za-z0-9]{1,5}")
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])", re.IGNORECASE)


def safe_name(text: str) -> str:
    """The text as the name of a file or folder; what comes after its last dot stays as it is when it looks like a suffix."""
    stem, dot, suffix = text.rpartition(".")
    if not stem or not suffix.isalnum() or len(suffix) > _LONGEST_SUFFIX:
        stem, dot, suffix = text, "", ""
    if _PLAIN.fullmatch(text) and not _RESERVED.fullmatch(stem.rstrip()):
        return text
    stem = _FORBIDDEN.sub("_", "".join(map(_visible, unicodedata.normalize("NFC", stem)))).strip()
    if stem.startswith("."):
        stem = f"_{stem.lstrip('.')}"
    if not dot:
        stem = stem.rstrip(". ")
    # Reserved with any suffix, even with several: `aux.tar.gz` is the printer too.
    first, *rest = stem.split(".")
    if _RESERVED.fullmatch(first.rstrip()):
        stem = ".".join([f"{first.rstrip()}_", *rest])
    return f"{_cut(stem) or '_'}{dot}{suffix}"


def _visible(sign: str) -> str:
    """Control characters, ends of lines and bytes that are no UTF-8 become `_`."""
    return "_" if unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") else sign


def _cut(stem: str) -> str:
    return stem.encode("utf-8")[:_LONGEST_BYTES].decode("utf-8", "ignore").rstrip(". ")


class TakenNames:
    """The names in one folder. They count as equal when only case or the way accents are written differs."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._last: dict[str, int] = {}

    def take(self, wanted: str) -> str:
        """The wanted name if it is free, else the next free one of `name (2).jpg`, `name (3).jpg` …"""
        key = _key(wanted)
        if key not in self._taken:
            self._taken.add(key)
            return wanted
        stem, dot, suffix = wanted.rpartition(".") if "." in wanted else (wanted, "", "")
        # Goes on where the last one ended: thousands of folders may each hold an `img.jpg`.
        number = self._last.get(key, 1)
        while True:
            number += 1
            name = f"{stem} ({number}){dot}{suffix}"
            if _key(name) not in self._taken:
                self._last[key] = number
                self._taken.add(_key(name))
                return name


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())
