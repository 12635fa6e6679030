"""Which image files a folder holds: one pass over directory entries, nothing opened.

First step of indexing: the paths found here go to the store and from there to `ingest`. Real directories come first, in natural order;
directories behind symbolic links are followed afterwards, once, so that a file keeps its path when someone adds a link to it.

Known weaknesses: a directory is listed and sorted before its first file is yielded (about 1 s for 100,000 entries); the Windows "hidden"
attribute is not looked at, only a leading dot.
"""

import os
import stat
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from natsort import natsort_keygen, ns

from iic_studio.errors import StudioError
from iic_studio.images.kinds import SUFFIXES

_natural = natsort_keygen(alg=ns.IGNORECASE)


@dataclass(frozen=True)
class FoundFile:
    """An image file by its name; whether it can be read is not known yet.

    Attributes:
        path: relative to the scanned folder, `/` between parts, bytes that are not UTF-8 as surrogates (PEP 383).
        size: in bytes.
        mtime_ns: time of last change.
    """

    path: str
    size: int
    mtime_ns: int


@dataclass(frozen=True)
class FoundProblem:
    """A directory or file that could not be looked at; `reason` is for people."""

    path: str
    reason: str


Found = FoundFile | FoundProblem


@dataclass
class _Walk:
    """State of one scan: directories seen, as (st_dev, st_ino), and directories behind links that wait for their turn."""

    root: str
    seen: set[tuple[int, int]]
    linked: deque[str] = field(default_factory=deque)

    def enter(self, path: str) -> bool:
        """Whether a directory is new; it counts as seen from now on."""
        facts = Path(path).stat()
        key = (facts.st_dev, facts.st_ino)
        if key in self.seen:
            return False
        self.seen.add(key)
        return True


def scan(folder: Path) -> Iterator[Found]:
    """Find image files in a folder and its sub-folders, in natural order (`img2` before `img10`).

    Hidden files and directories (leading dot) are skipped. A link to a directory that was visited, or that contains the folder, is not
    followed. Each file is found lazily, so the first ones can be shown while the scan goes on.

    Raises:
        StudioError: the folder is missing, not a folder, or cannot be listed.
    """
    try:
        with os.scandir(folder):
            pass
    except FileNotFoundError as error:
        raise StudioError(f"There is no folder {_shown(folder)}.", "Check the name, or plug in the drive it lies on.") from error
    except NotADirectoryError as error:
        raise StudioError(f"{_shown(folder)} is a file, not a folder.", "Name the folder that holds your images.") from error
    except OSError as error:
        raise StudioError(f"The folder {_shown(folder)} cannot be listed: {_reason(error)}.", "Check its permissions.") from error
    return _scan(os.fspath(folder))


def path_key(path: str) -> tuple[tuple[object, str], ...]:
    """Sort key that puts relative paths in natural order, part by part; ties broken by the exact name."""
    return tuple((_natural(part), part) for part in path.split("/"))


def _scan(root: str) -> Iterator[Found]:
    walk = _Walk(root, _ancestors(root))
    walk.enter(root)
    yield from _walk_tree(walk, "")
    while walk.linked:
        relative = walk.linked.popleft()
        try:
            is_new = walk.enter(f"{root}/{relative}")
        except OSError as error:
            yield FoundProblem(relative, f"cannot be listed: {_reason(error)}")
            continue
        if is_new:
            yield from _walk_tree(walk, relative)


def _walk_tree(walk: _Walk, top: str) -> Iterator[Found]:
    """Files below `top`, depth first; a stack of iterators because folders may nest deeper than Python's calls."""
    stack = [_list_directory(walk, top)]
    while stack:
        for found in stack[-1]:
            if isinstance(found, str):
                stack.append(_list_directory(walk, found))
                break
            yield found
        else:
            stack.pop()


def _list_directory(walk: _Walk, relative: str) -> Iterator[Found | str]:
    """Files of one directory, and, as plain strings, the sub-directories to visit at that point."""
    prefix = relative + "/" if relative else ""
    try:
        with os.scandir(f"{walk.root}/{relative}" if relative else walk.root) as entries:
            kept = [entry for entry in entries if _is_wanted(entry)]
    except OSError as error:
        yield FoundProblem(relative, f"cannot be listed: {_reason(error)}")
        return
    kept.sort(key=lambda entry: (_natural(entry.name), entry.name))
    for entry in kept:
        path = prefix + entry.name
        try:
            if entry.is_dir():
                if entry.is_symlink():
                    walk.linked.append(path)
                elif walk.enter(entry.path):
                    yield path
            elif _has_image_suffix(entry.name):
                facts = entry.stat()
                if stat.S_ISREG(facts.st_mode):
                    yield FoundFile(path, facts.st_size, facts.st_mtime_ns)
        except FileNotFoundError:
            if entry.is_symlink():
                yield FoundProblem(path, "is a link that leads nowhere")
        except OSError as error:
            yield FoundProblem(path, f"cannot be looked at: {_reason(error)}")


def _is_wanted(entry: os.DirEntry[str]) -> bool:
    name = entry.name
    if name.startswith("."):
        return False
    return _has_image_suffix(name) or entry.is_dir()


def _has_image_suffix(name: str) -> bool:
    dot = name.rfind(".")
    return dot > 0 and name[dot:].lower() in SUFFIXES


def _ancestors(root: str) -> set[tuple[int, int]]:
    """Directories that contain the folder: following a link to one of them would read far more than was asked for."""
    seen = set()
    for parent in Path(root).resolve().parents:
        try:
            facts = parent.stat()
        except OSError:
            continue
        seen.add((facts.st_dev, facts.st_ino))
    return seen


def _reason(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "permission denied"
    return (error.strerror or "unknown error").lower()


def _shown(folder: Path) -> str:
    """A path for a message: bytes that are not UTF-8 as escapes, because a terminal may refuse them."""
    return os.fsencode(folder).decode("utf-8", "backslashreplace")
