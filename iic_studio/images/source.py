"""The bytes of one file: read once, whole, and hashed from memory. Everything that can go wrong before decoding is said here."""

import hashlib
import os
import stat
from pathlib import Path

MAX_FILE_BYTES = 2 << 30
HASH_BYTES = 16
_HASHED_PART = 64 * 1024
# Without O_NONBLOCK, opening a pipe would wait for somebody to write into it.
_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)


class UnreadableImage(Exception):
    """A file that cannot be shown; `str()` says why in words that follow the file's name: "is empty"."""


def read_bytes(path: str) -> bytes:
    """Whole content of an ordinary file, at least one byte.

    Raises:
        UnreadableImage: missing, not permitted, empty, too large, or not an ordinary file.
    """
    try:
        descriptor = os.open(path, _FLAGS)
        with os.fdopen(descriptor, "rb", buffering=0) as file:
            facts = os.fstat(descriptor)
            if not stat.S_ISREG(facts.st_mode):
                raise UnreadableImage("is not an ordinary file")
            if facts.st_size > MAX_FILE_BYTES:
                raise UnreadableImage(f"is larger than {MAX_FILE_BYTES >> 30} GB")
            data = file.readall()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UnreadableImage("is gone") from error
    except PermissionError as error:
        raise UnreadableImage("cannot be opened: permission denied") from error
    except OSError as error:
        raise UnreadableImage(f"cannot be read: {(error.strerror or 'unknown error').lower()}") from error
    if not data:
        raise UnreadableImage("is empty")
    return data


def quick_hash(path: str) -> bytes:
    """Digest of a file's size, its first and its last 64 KiB, 16 bytes; finds a file that was moved.

    Raises:
        OSError: the file cannot be read.
    """
    with Path(path).open("rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        first = file.read(_HASHED_PART)
        file.seek(max(_HASHED_PART, size - _HASHED_PART))
        return _digest(size, first, file.read(_HASHED_PART))


def quick_hash_of(data: bytes) -> bytes:
    """As `quick_hash`, of content that was read already."""
    view = memoryview(data)
    return _digest(len(data), view[:_HASHED_PART], view[max(_HASHED_PART, len(data) - _HASHED_PART) :])


def _digest(size: int, first: bytes | memoryview, last: bytes | memoryview) -> bytes:
    digest = hashlib.blake2b(size.to_bytes(8, "little"), digest_size=HASH_BYTES)
    digest.update(first)
    digest.update(last)
    return digest.digest()
