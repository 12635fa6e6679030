"""How results reach the disk: whole or not at all, text that is valid Unicode, and no target where nothing may be written."""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np


def printable_path(path: str) -> str:
    """A path as valid Unicode: bytes that are no UTF-8 become `\\xNN`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace") if not path.isascii() else path


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; into a device or a pipe as it comes, because that must not be replaced by a file.

    Raises:
        OSError: no room, no permission; a file that was there is untouched.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        path.write_bytes(data)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    try:
        with fresh.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """`write_bytes` of a text in UTF-8."""
    write_bytes(path, text.encode("utf-8"))


def write_json(path: Path, record: dict[str, Any]) -> None:
    """`write_text` of a record as JSON for people to read."""
    write_text(path, json.dumps(record, indent=2, ensure_ascii=False, default=_plain) + "\n")


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else str(value)
