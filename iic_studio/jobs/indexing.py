"""From a folder to rows in the store, a training cache and thumbnails; and what changed since last time.

New and changed files are decoded, moved ones (same size and content under another path) keep their id, missing ones are marked.
Every batch is committed, so a stop loses nothing and the next index goes on where this one ended.
"""

import contextlib
import hashlib
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from iic_studio.errors import StudioError
from iic_studio.events import Event, ProgressMade, WarningRaised
from iic_studio.images.cache import ImageCache
from iic_studio.images.decode import quick_hash
from iic_studio.images.ingest import Ingested, ingest
from iic_studio.images.probe import FolderProbe, probe
from iic_studio.images.scan import FoundFile, FoundProblem, scan
from iic_studio.images.worker import IngestTask
from iic_studio.jobs.running import JobBody, Outcome, Pace, Throttle, run_job
from iic_studio.jobs.shots import read_missing_shots
from iic_studio.project.records import MISSING, OK, PENDING, PROBLEM, ImageRow
from iic_studio.project.store import Project
from iic_studio.words import counted, numbered

_SMALLEST_SIDE, _LARGEST_SIDE = 24, 88
_ROOM_TO_CROP = 1.3
_FIRST_LOOK_S = 0.5
_FIRST_LOOK_IMAGES = 48

File = tuple[str, int, int]
"""Path, size and time of change. Plain tuples: Python looks through objects of a class for cycles, which for 200,000 stops the window."""


def index(project: Project) -> Iterator[Event]:
    """Bring the project up to date with its folder."""

    def body() -> JobBody:
        yield from index_folder(project)
        yield from read_missing_shots(project)
        return Outcome(project.count_images(OK), project.count_images(PROBLEM))

    return run_job("index", body(), project=project)


def index_folder(project: Project, image_size: int | None = None) -> Iterator[Event]:
    """Scan, compare with the store, decode what is new.

    Args:
        image_size: side the network will see, if it is known; the cache is made large enough for it.

    Raises:
        StudioError: the folder is missing or cannot be read.
    """
    found: list[File] = []
    unreadable: list[FoundProblem] = []
    told, began, is_first = Throttle(), time.monotonic(), not project.count_images()
    for item in scan(project.folder):
        if isinstance(item, FoundFile):
            found.append((item.path, item.size, item.mtime_ns))
        else:
            unreadable.append(item)
        if told.is_due():
            yield ProgressMade(stage="scan", done=len(found), unit="files")
        if is_first and time.monotonic() - began > _FIRST_LOOK_S:
            is_first = False
            yield from _first_look(project, found[:_FIRST_LOOK_IMAGES], image_size)
    yield ProgressMade(stage="scan", done=len(found), total=len(found), unit="files")
    _compare(project, found)
    for problem in unreadable:
        yield WarningRaised(message=f"{problem.path or project.folder} {problem.reason}.", hint="Images in it are left out.")
    side = _settle_side(project, found, image_size)
    yield from _decode_pending(project, side)
    yield from _warnings(project)


def _first_look(project: Project, files: list[File], image_size: int | None) -> Iterator[Event]:
    """Show some pictures of a large new folder before its scan has ended. If they are of another size than most, they are read again."""
    project.add_images(files)
    side = _settle_side(project, files, image_size)
    yield from _decode_pending(project, side)
    project.set_meta("cache_side", "0")
    project.set_meta("first_look_side", str(side))


def cache_side(facts: FolderProbe, image_size: int | None) -> int:
    """Side of the cached squares in pixels: enough to crop from, not more than the images have to give."""
    side = min(max(facts.median_short_side, _SMALLEST_SIDE), _LARGEST_SIDE)
    return side if image_size is None else max(side, round(image_size * _ROOM_TO_CROP / 8) * 8)


def open_cache(project: Project) -> ImageCache:
    """The project's cache for reading.

    Raises:
        StudioError: the images were never indexed.
    """
    if not has_cache(project):
        raise StudioError("The images of this project are not in its cache.", "Index the folder again.")
    return ImageCache.open(project.cache, int(project.meta("cache_side")), project.last_image_id())


def has_cache(project: Project) -> bool:
    """Whether the project's images lie in its cache."""
    side = int(project.meta("cache_side", "0"))
    return side > 0 and ImageCache.exists(project.cache, side)


def _compare(project: Project, found: list[File]) -> None:
    ids, paths, sizes, times, statuses = project.image_facts("id", "path", "size", "mtime_ns", "status")
    place_of = {path: place for place, path in enumerate(paths)}
    is_there = bytearray(len(ids))
    fresh: list[File] = []
    changed: list[File] = []
    for file in found:
        path, size, mtime_ns = file
        place = place_of.get(path)
        if place is None:
            fresh.append(file)
            continue
        is_there[place] = True
        if sizes[place] != size or times[place] != mtime_ns:
            changed.append(file)
    gone = {ids[place] for place, there in enumerate(is_there) if not there}
    moves = _find_moves(project.folder, fresh, [row for row in project.images() if row.id in gone]) if fresh and gone else []
    moved_ids, moved_paths = {image_id for image_id, _, _ in moves}, {path for _, path, _ in moves}
    lost = [one for one, status in zip(ids, statuses, strict=True) if one in gone and one not in moved_ids and status != MISSING]
    back = [one for one, there, status in zip(ids, is_there, statuses, strict=True) if there and status == MISSING]
    if lost:
        project.set_image_status(lost, MISSING)
    if back:
        project.set_image_status(back, PENDING)
    if moves:
        project.move_images(moves)
    if new := [file for file in [*fresh, *changed] if file[0] not in moved_paths]:
        project.add_images(new)


def _find_moves(folder: Path, fresh: list[File], gone: list[ImageRow]) -> list[tuple[int, str, int]]:
    """New paths whose content a vanished one had, as (id, path, mtime_ns); only files of equal size are opened."""
    lost: dict[int, list[ImageRow]] = {}
    for row in gone:
        if row.quick_hash is not None:
            lost.setdefault(row.size, []).append(row)
    moves = []
    for path, size, mtime_ns in fresh:
        candidates = lost.get(size)
        if not candidates:
            continue
        try:
            digest = quick_hash(str(folder / path))
        except OSError:
            continue
        match = next((row for row in candidates if row.quick_hash == digest), None)
        if match is not None:
            candidates.remove(match)
            moves.append((match.id, path, mtime_ns))
    return moves


def _settle_side(project: Project, found: list[File], image_size: int | None) -> int:
    """Choose the side of the cache once; make it anew when it is gone or too small for what is asked."""
    known = int(project.meta("cache_side", "0"))
    first_look = int(project.meta("first_look_side", "0"))
    cached = known > 0 and ImageCache.exists(project.cache, known)
    wanted = 0 if image_size is None else round(image_size * _ROOM_TO_CROP / 8) * 8
    if cached and known >= wanted:
        return known
    if known:
        project.forget_decoded()
    facts = probe([str(project.folder / path) for path, _, _ in found])
    side = max(cache_side(facts, image_size), known)
    if first_look and first_look != side:
        project.forget_decoded()
    project.set_meta("first_look_side", "0")
    project.set_meta("cache_side", str(side))
    if facts.high_bit_range is not None:
        project.set_meta("high_bit_range", " ".join(map(repr, facts.high_bit_range)))
    return side


def high_bit_range(project: Project) -> tuple[float, float] | None:
    """The range of values that 16-bit and float images are stretched from, the same for all images of the project."""
    text = project.meta("high_bit_range")
    if not text:
        return None
    low, high = map(float, text.split())
    return low, high


def _decode_pending(project: Project, side: int) -> Iterator[Event]:
    pending = project.images(PENDING)
    if not pending:
        return
    by_id = {row.id: row for row in pending}
    tasks = tasks_of(project, pending)
    done, pace = 0, Pace("index", len(tasks))
    with ImageCache.open(project.cache, side, project.last_image_id()) as cache:
        with contextlib.closing(ingest(tasks, cache, high_bit_range=high_bit_range(project))) as batches:
            for batch in batches:
                project.record_decoded([_row(by_id[item.image_id], item) for item in batch])
                done += len(batch)
                yield from pace.at(done)
        cache.flush()


def tasks_of(project: Project, rows: list[ImageRow]) -> list[IngestTask]:
    """What child processes are told of some images."""
    folder = f"{project.folder}/"
    return [IngestTask(row.id, folder + row.path, row.mtime_ns) for row in rows]


def _row(row: ImageRow, item: Ingested) -> ImageRow:
    return replace(
        row,
        quick_hash=item.quick_hash,
        width=item.width,
        height=item.height,
        status=OK if item.ok else PROBLEM,
        reason=item.reason,
        is_grey=item.is_grey,
        thumb_offset=item.thumb_offset,
        thumb_length=item.thumb_length,
        kind=item.kind,
        taken=item.taken,
        camera=item.camera,
    )


def _warnings(project: Project) -> Iterator[Event]:
    """What a person should know of the files, once: it is told again only when it is about other files."""
    (problems,) = project.image_columns("path", status=PROBLEM)
    if _is_news(project, "told_problems", problems):
        yield WarningRaised(message=f"{counted(len(problems), 'files')} could not be read.", hint="Left out; the problems list says why.")
    (paths,) = project.image_columns("path")
    odd = [path for path in paths if not path.isascii() and _has_odd_bytes(path)]
    if _is_news(project, "told_odd_names", odd):
        yield WarningRaised(
            message=numbered(
                len(odd),
                "1 file name is not UTF-8; the CSV shows its odd bytes as \\xNN.",
                f"{len(odd):,} file names are not UTF-8; the CSV shows their odd bytes as \\xNN.",
            ),
            hint="",
        )


def _is_news(project: Project, what: str, paths: list[str]) -> bool:
    """Whether there are such files, and not the very ones that were told of last time; they are remembered."""
    digest = hashlib.blake2b(b"\0".join(map(os.fsencode, sorted(paths))), digest_size=16).hexdigest() if paths else ""
    if project.meta(what) == digest:
        return False
    project.set_meta(what, digest)
    return bool(paths)


def _has_odd_bytes(path: str) -> bool:
    return any("\udc80" <= character <= "\udcff" for character in path)
