"""Thumbnails in one append-only file, `thumbs.bin`: the store knows the place of each. Reading needs nothing else of the cache."""

import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO


class Thumbs:
    """The thumbnail file of a cache folder. Any thread may read; one thread of one process appends."""

    def __init__(self, folder: Path) -> None:
        self._path = thumbs_file(folder)
        self._lock = threading.Lock()
        self._reader: BinaryIO | None = None
        self._writer: BinaryIO | None = None

    def append(self, thumbs: Sequence[bytes]) -> list[tuple[int, int]]:
        """Add thumbnails at the end; the place of each, as (offset, length).

        Raises:
            OSError: e.g. the disk is full; what was written of them is left behind and never referred to.
        """
        if self._writer is None:
            self._writer = self._path.open("ab", buffering=0)
        offset = self._writer.seek(0, os.SEEK_END)
        places = []
        for thumb in thumbs:
            places.append((offset, len(thumb)))
            offset += len(thumb)
        rest = memoryview(b"".join(thumbs))
        while rest:
            rest = rest[self._writer.write(rest) :]
        return places

    def read(self, offset: int, length: int) -> bytes:
        """A thumbnail by its place; empty when the file or that part of it is not there."""
        if length <= 0:
            return b""
        try:
            file = self._open_reader()
            if hasattr(os, "pread"):
                data = os.pread(file.fileno(), length, offset)
            else:
                with self._lock:
                    file.seek(offset)
                    data = file.read(length)
        except (OSError, ValueError):
            # Deleted, or closed by another thread this very moment.
            return b""
        return data if len(data) == length else b""

    def flush(self) -> None:
        """Bring what was added to the disk."""
        if self._writer is not None:
            os.fsync(self._writer.fileno())

    def close(self) -> None:
        """Release the file; may be called twice, and the next call opens it again."""
        with self._lock:
            for file in (self._reader, self._writer):
                if file is not None:
                    file.close()
            self._reader = self._writer = None

    def _open_reader(self) -> BinaryIO:
        with self._lock:
            if self._reader is None:
                self._reader = self._path.open("rb", buffering=0)
            return self._reader


def thumbs_file(folder: Path) -> Path:
    """Where the thumbnails lie."""
    return folder / "thumbs.bin"
