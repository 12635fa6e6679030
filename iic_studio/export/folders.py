"""A folder for each cluster with its pictures as copies or links, or for each class when there are classes: what torchvision's
`ImageFolder` and people open.

First a plan, which touches nothing; then the plan is carried out into a folder of its own. A file is copied beside its place and moved
there when it is whole, nothing is ever overwritten, and `iic-studio.json` in the folder says which plan it holds: a cut-off export goes on
where it ended when it is asked for again, and a folder that holds anything else is refused. With `metadata.csv` (column `file_name`) the
same folder is a data set for Hugging Face's `imagefolder`.

Known weakness: between the look whether a name is free and the move, another program may take it.
"""

import errno
import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from iic_studio.config import Link
from iic_studio.errors import DiskFullError, StudioError, UsageError
from iic_studio.events import Event, ProgressMade, WarningRaised
from iic_studio.export.csv_table import csv_text
from iic_studio.export.files import printable_path, write_json, write_text
from iic_studio.export.result_rows import ResultRows
from iic_studio.export.safe_names import TakenNames, safe_name
from iic_studio.words import file_size

LINK_NAMES = {"hard": "Hard links", "symbolic": "Symbolic links"}
RECORD = "iic-studio.json"
METADATA = "metadata.csv"

# Left by file managers, and by us when the power goes at the very beginning.
_NOISE = {".DS_Store", "Thumbs.db", "desktop.ini", f"{RECORD}.new"}
_HALF = ".iic-studio.part"
_TELL_INTERVAL_S = 0.1
_FILE_COST_BYTES = 1 << 15
_CLOCK_STEP_NS = 2_000_000_000  # of FAT
_NEVER_HERE = {errno.EXDEV, errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL}
_STOP = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}
_Group = TypeVar("_Group", int, str)


@dataclass(frozen=True)
class FolderPlan:
    """Which picture goes where.

    Attributes:
        rows: pictures that have a cluster.
        targets: `cluster/name` of each, below the target folder.
        left_out: pictures without a cluster.
    """

    rows: ResultRows
    targets: tuple[str, ...]
    left_out: int

    @property
    def num_bytes(self) -> int:
        """Of all files."""
        return int(self.rows.sizes.sum())

    @property
    def folders(self) -> list[str]:
        """Names of the folders, in order."""
        return sorted({target.partition("/")[0] for target in self.targets})

    def digest(self) -> str:
        """The same for the same plan."""
        pairs = zip(self.rows.paths, self.targets, strict=True)
        return hashlib.blake2b(b"".join(os.fsencode(f"{source}\0{target}\n") for source, target in pairs), digest_size=16).hexdigest()


@dataclass
class FolderResult:
    """What became of a plan: files made, found there from an earlier try, copied although links were wanted, and failed with reasons."""

    made: int = 0
    already: int = 0
    fell_back: int = 0
    failed: dict[int, str] = field(default_factory=dict)


def plan_folders(rows: ResultRows) -> FolderPlan:
    """Choose names that any system takes; the same rows give the same plan. Pictures without a class lie in `no class`."""
    placed = rows.part(rows.cluster >= 0)
    classes, width = placed.final_classes(), len(str(max(rows.num_clusters - 1, 0)))
    if classes is not None:
        targets = _targets(placed.paths, classes, lambda one: one or "no class")
    else:
        names = rows.names
        targets = _targets(
            placed.paths, placed.cluster.tolist(), lambda one: name if (name := names.get(one, "")).strip() else f"cluster_{one:0{width}d}"
        )
    return FolderPlan(placed, tuple(targets), len(rows) - len(placed))


def _targets(paths: Sequence[str], groups: Sequence[_Group], name_of: Callable[[_Group], str]) -> Iterator[str]:
    """`folder/name` of each picture; the folder is named after its group, and nothing gets a name that another has."""
    folders = TakenNames()
    names = {one: folders.take(safe_name(name_of(one))) for one in sorted(set(groups))}
    inside = {one: TakenNames() for one in names}
    for path, one in zip(paths, groups, strict=True):
        yield f"{names[one]}/{inside[one].take(safe_name(path.rpartition('/')[2]))}"


def check_folder(plan: FolderPlan, target: Path, link: Link) -> None:
    """See whether the plan can be carried out there.

    Raises:
        UsageError: something else is there.
        DiskFullError: the copies would not fit.
    """
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target} is a file.", "Name a new folder.")
    if target.is_dir() and any(entry.name not in _NOISE for entry in target.iterdir()):
        record = _record_of(target)
        if record is None:
            raise UsageError(f"{target} is not empty.", "Name a new folder, so that nothing is mixed up or overwritten.")
        if record.get("plan") != plan.digest():
            raise UsageError(f"{target} holds another export.", "Name a new folder, or delete that one first.")
    elif link == "copy":
        nearest = next(parent for parent in (target.absolute(), *target.absolute().parents) if parent.exists())
        free = shutil.disk_usage(nearest).free
        if plan.num_bytes > free:
            raise DiskFullError(
                f"The copies need {file_size(plan.num_bytes)} and the disk has {file_size(free)} free.",
                "Choose links instead of copies, or another disk.",
            )


def _record_of(target: Path) -> dict[str, Any] | None:
    try:
        record = json.loads((target / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) and record.get("program") == "iic-studio" else None


def write_folders(
    plan: FolderPlan, source: Path, target: Path, link: Link, meta: dict[str, Any], *, metadata: bool
) -> Generator[Event, None, FolderResult]:
    """Carry a plan out; `check_folder` must have agreed. Closing the generator stops between two files.

    Args:
        plan: which picture goes where.
        source: the folder of images.
        target: gets the folders.
        link: how a picture gets there.
        meta: of the `.meta.json`, kept in the record.
        metadata: write `metadata.csv`.

    Raises:
        OSError: the disk is full or cannot be written; what is there is whole, and the same call goes on from there.
    """
    target.mkdir(parents=True, exist_ok=True)
    record = {"program": "iic-studio", "plan": plan.digest(), "finished": False}
    write_json(target / RECORD, record)
    for folder in plan.folders:
        if (target / folder).is_symlink():
            raise StudioError(f"{target / folder} is a link, not a folder.", "Name a new folder.")
        (target / folder).mkdir(exist_ok=True)
    result, place = FolderResult(), _Place(source, target, link)
    try:
        yield from _place_all(plan, place, result)
    finally:
        place.half.unlink(missing_ok=True)
    if metadata:
        write_text(target / METADATA, metadata_text(plan, result))
    failed = [{"path": printable_path(plan.rows.paths[row]), "reason": reason} for row, reason in result.failed.items()]
    counts = {"files": result.made + result.already, "copied_instead_of_linked": result.fell_back, "left_out": plan.left_out}
    write_json(target / RECORD, meta | record | {"finished": True, "link": link, **counts, "failed": failed})
    return result


def _place_all(plan: FolderPlan, place: "_Place", result: FolderResult) -> Generator[Event, None, None]:
    total, costs = len(plan.targets), (plan.rows.sizes + _FILE_COST_BYTES).tolist()
    started = told = time.monotonic()
    spent, whole = 0, sum(costs)
    for row, (path, wanted) in enumerate(zip(plan.rows.paths, plan.targets, strict=True)):
        was_link = place.link
        try:
            place.put(path, wanted, result)
        except OSError as error:
            if error.errno in _STOP or error.filename == str(place.half):
                raise
            result.failed[row] = _reason(error)
        if place.link != was_link:
            yield WarningRaised(message=f"{LINK_NAMES[was_link]} cannot be made there, so files are copied.", hint="")
        spent += costs[row]
        now = time.monotonic()
        if now - told > _TELL_INTERVAL_S or row + 1 == total:
            told, elapsed = now, max(now - started, 1e-6)
            eta = elapsed * (whole - spent) / spent
            yield ProgressMade(stage="copy", done=row + 1, total=total, unit="files", rate_per_s=(row + 1) / elapsed, eta_s=eta)


def _reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "is no longer there"
    if isinstance(error, FileExistsError):
        return "was not written: another file of that name is there"
    if isinstance(error, PermissionError):
        return "may not be read"
    return f"cannot be read: {error.strerror or error}"


class _Place:
    """Puts single files into the target."""

    def __init__(self, source: Path, target: Path, link: Link) -> None:
        self.link = self._wanted = link
        self.half = target / _HALF
        self._source, self._target = source.absolute(), target

    def put(self, path: str, wanted: str, result: FolderResult) -> None:
        """Put one file there.

        Raises:
            OSError: it is gone or cannot be read, its name is taken, or the target cannot be written.
        """
        source, target = self._source / path, self._target / wanted
        facts = source.stat()
        if os.path.lexists(target):
            if not _is_done(source, facts, target):
                raise FileExistsError(errno.EEXIST, "File exists", str(target))
            result.already += 1
            return
        if self.link == "copy" or not self._linked(source, target):
            shutil.copyfile(source, self.half)
            os.utime(self.half, ns=(facts.st_atime_ns, facts.st_mtime_ns))
            self.half.rename(target)
            result.fell_back += self._wanted != "copy"
        result.made += 1

    def _linked(self, source: Path, target: Path) -> bool:
        try:
            if self.link == "hard":
                target.hardlink_to(source.resolve())
            else:
                target.symlink_to(source)
        except FileExistsError:
            raise
        except OSError as error:
            if error.errno in _STOP:
                raise
            if error.errno in _NEVER_HERE or getattr(error, "winerror", None):
                self.link = "copy"
            return False
        return True


def _is_done(source: Path, facts: os.stat_result, target: Path) -> bool:
    """Whether an earlier try has put this very file there."""
    if target.is_symlink():
        return target.readlink() == source
    there = target.stat()
    if os.path.samestat(facts, there):
        return True
    return there.st_size == facts.st_size and abs(there.st_mtime_ns - facts.st_mtime_ns) <= _CLOCK_STEP_NS


def metadata_text(plan: FolderPlan, result: FolderResult) -> str:
    """`metadata.csv`: `file_name`, then the columns of the CSV, for the files that are there."""
    kept = np.ones(len(plan.targets), np.bool_)
    kept[list(result.failed)] = False
    targets = [target for target, keep in zip(plan.targets, kept.tolist(), strict=True) if keep]
    return csv_text(plan.rows.part(kept), file_names=targets)
