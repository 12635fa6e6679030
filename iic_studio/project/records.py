"""Rows of the store as plain values."""

import hashlib
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

OK = "ok"
PENDING = "pending"
PROBLEM = "problem"
MISSING = "missing"


@dataclass(frozen=True)
class ImageRow:
    """One file of the folder.

    Attributes:
        id: stable, never reused; row `id - 1` of the training cache.
        path: relative to the folder, `/` between parts, bytes that are not UTF-8 as surrogates (PEP 383).
        size, mtime_ns: of the file when it was scanned.
        quick_hash: digest of size and the first bytes; finds moved files. None until decoded.
        width, height: in pixels after EXIF orientation; 0 until decoded.
        status: `ok`, `pending`, `problem` or `missing`.
        reason: why it is a problem, for people; empty otherwise.
        is_grey: every pixel has equal channels.
        thumb_offset, thumb_length: place in the thumbnail file; length 0 when there is none.
        kind: of the file: JPEG, PNG, …; empty when it was not looked at yet.
        taken: when it was taken by the camera's clock, as `2024-05-03 12:33:00`; empty when the file does not say.
        camera: maker and model; empty when the file does not say.
    """

    id: int
    path: str
    size: int = 0
    mtime_ns: int = 0
    quick_hash: bytes | None = None
    width: int = 0
    height: int = 0
    status: str = PENDING
    reason: str = ""
    is_grey: bool = False
    thumb_offset: int = 0
    thumb_length: int = 0
    kind: str = ""
    taken: str = ""
    camera: str = ""


BASELINE, REPEAT = "baseline", "repeat"


@dataclass(frozen=True)
class RunRow:
    """One training run. `state`: running, stopped, finished or failed; `summary` holds losses, seconds, chosen sub-head.

    `name` is what a person calls it, or empty; `deleted` runs are gone for everybody, and from the disk when the project is tidied.
    In `summary`, `beside` names what is there to be compared with only.
    """

    id: str
    created: float
    state: str
    settings: dict[str, Any] = field(default_factory=dict)
    device: str = ""
    summary: dict[str, Any] = field(default_factory=dict)
    name: str = ""
    deleted: bool = False

    @property
    def beside(self) -> str:
        """`BASELINE` for a simple method, `REPEAT` for a run that only differs by its seed; empty for a training. These are never taken
        unasked."""
        return str(self.summary.get("beside", ""))

    @property
    def title(self) -> str:
        """Its name, or when it began."""
        return self.name or time.strftime("%Y-%m-%d %H:%M", time.localtime(self.created))


def fingerprint(paths: Iterable[str], sizes: Iterable[int], hashes: Iterable[bytes | None]) -> str:
    """A digest of images' paths and contents, given in path order: equal for equal data."""
    lines = [b"%b\0%d%b\n" % (os.fsencode(path), size, content or b"") for path, size, content in zip(paths, sizes, hashes, strict=True)]
    return hashlib.blake2b(b"".join(lines), digest_size=16).hexdigest()
