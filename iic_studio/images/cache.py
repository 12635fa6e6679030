"""The project's `cache/` folder: training squares as one raw array file, thumbnails as one append-only file.

`training_<side>.u8` holds (rows, 3, side, side) uint8; row `image id - 1` belongs to an image. It grows by truncation and is sparse, so
rows of unreadable files cost nothing. `ingest` writes rows by file descriptor, because a full disk then is an error and not a dead
process; readers map the file. Anything here may be deleted at any time: check `ImageCache.exists` before opening, and decode again.

Known weaknesses: thumbnails of changed or removed files stay in `thumbs.bin` until the cache is deleted; on network drives a mapped view
may show rows late.
"""

import errno
import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt

from iic_studio.errors import DiskFullError
from iic_studio.images.thumbs import Thumbs, thumbs_file
from iic_studio.words import file_size

Pixels = npt.NDArray[np.uint8]

_NAME = re.compile(r"training_(\d+)\.u8")


class ImageCache:
    """Training squares of one side and all thumbnails. Use `open`; close it, or use it as a context manager.

    Attributes:
        folder: the cache folder.
        side: of the squares, in pixels.
        rows: number of squares there is room for.
        is_new: training file or thumbnails had to be made, so nothing is in them yet.
    """

    def __init__(self, folder: Path, side: int, rows: int, is_new: bool) -> None:
        self.folder = folder
        self.side = side
        self.rows = rows
        self.is_new = is_new
        self._thumbs = Thumbs(folder)
        self._view: Pixels | None = None

    @classmethod
    def open(cls, folder: Path, side: int, rows: int) -> Self:
        """Open the cache for squares of `side` pixels, or make it; room for `rows` squares, earlier ones are kept.

        Raises:
            DiskFullError: the squares would not fit on the disk.
        """
        is_new = not cls.exists(folder, side)
        path = training_file(folder, side)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            thumbs_file(folder).touch()
            with path.open("ab") as file:
                present = os.fstat(file.fileno())
                wanted = rows * row_bytes(side)
                _check_room(folder, wanted - min(wanted, _allocated(present)))
                if present.st_size < wanted:
                    file.truncate(wanted)
        except OSError as error:
            raise_if_full(error)
            raise
        return cls(folder, side, rows, is_new)

    @staticmethod
    def exists(folder: Path, side: int) -> bool:
        """Whether there is a cache of this side. Ask before `open`, so that a crash in between cannot hide that it was made anew."""
        return training_file(folder, side).is_file() and thumbs_file(folder).is_file()

    @staticmethod
    def sides(folder: Path) -> list[int]:
        """Sides of the caches that lie in a folder, ascending."""
        if not folder.is_dir():
            return []
        return sorted(int(match[1]) for entry in folder.iterdir() if (match := _NAME.fullmatch(entry.name)))

    @property
    def path(self) -> Path:
        """The training file."""
        return training_file(self.folder, self.side)

    def pixels(self) -> Pixels:
        """(rows, 3, side, side) uint8, mapped read-only; rows that were never written are black."""
        if self._view is None:
            shape = (self.rows, 3, self.side, self.side)
            self._view = np.memmap(self.path, np.uint8, "r", shape=shape) if self.rows else np.zeros(shape, np.uint8)
        return self._view

    def append_thumbs(self, thumbs: Sequence[bytes]) -> list[tuple[int, int]]:
        """Keep thumbnails; the place of each, as (offset, length), in order.

        Raises:
            DiskFullError: no room.
        """
        try:
            return self._thumbs.append(thumbs)
        except OSError as error:
            raise_if_full(error)
            raise

    def read_thumb(self, offset: int, length: int) -> bytes:
        """A thumbnail by its place; empty when it is not there. Any thread may ask."""
        return self._thumbs.read(offset, length)

    def flush(self) -> None:
        """Bring everything written so far to the disk.

        Raises:
            DiskFullError: no room.
        """
        try:
            self._thumbs.flush()
            with self.path.open("r+b") as file:
                os.fsync(file.fileno())
        except OSError as error:
            raise_if_full(error)
            raise

    def close(self) -> None:
        """Release the files; may be called twice. Arrays from `pixels` stay valid while somebody holds them."""
        self._view = None
        self._thumbs.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def training_file(folder: Path, side: int) -> Path:
    """Where the squares of one side lie."""
    return folder / f"training_{side}.u8"


def row_bytes(side: int) -> int:
    """Size of one square in the training file."""
    return 3 * side * side


def raise_if_full(error: OSError) -> None:
    """Say so if an error means that the disk is full.

    Raises:
        DiskFullError: it does.
    """
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        raise DiskFullError(
            "The disk is full while reading the images.", "Free some space and run it again: what was read is kept."
        ) from error


def _allocated(facts: os.stat_result) -> int:
    """Bytes a file takes on the disk; its size where the system does not tell about holes."""
    blocks = getattr(facts, "st_blocks", None)
    return facts.st_size if blocks is None else int(blocks) * 512


def _check_room(folder: Path, wanted: int) -> None:
    free = shutil.disk_usage(folder).free
    if wanted > free:
        raise DiskFullError(
            f"The image cache needs {file_size(wanted)} and the disk has {file_size(free)} free.",
            "Free some space, or choose a project folder on another disk with --project.",
        )
