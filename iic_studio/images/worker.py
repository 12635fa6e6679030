"""What a child process of `ingest` does: read each file once, decode it, write its training square, send back facts and thumbnail.
With a `TilePlan` it writes tiles instead and sends back how many; with a `Scale` it sends back the whole picture at that scale.

Runs in spawned processes, so what is imported here decides how fast a pool starts. Ctrl-C is the parent's business; when the parent is
gone, however it ended, the child ends too.
"""

import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import wait
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from iic_studio.images.decode import UnreadableImage, decode, is_grey, quick_hash, quick_hash_of, read_bytes
from iic_studio.images.large import is_large, write_scaled
from iic_studio.images.reduce import THUMB_SIDE_PX, thumbnail, training_square
from iic_studio.images.tiles import Scale, TilePlan, at_scale, cut_tiles

_LARGE_BYTES = 16 << 20


@dataclass(frozen=True)
class IngestTask:
    """A file to read.

    Attributes:
        image_id: row `image_id - 1` of the training cache gets its square.
        path: absolute; bytes that are not UTF-8 as surrogates (PEP 383).
        mtime_ns: of the file when it was scanned; for the caller only.
    """

    image_id: int
    path: str
    mtime_ns: int = 0


class Facts(NamedTuple):
    """What a child found out about a file. `thumb` is empty and `reason` is not when it could not be read.

    `picture` is (3, h, w), or a .npy file that holds it, to be deleted by whom it is given, when it is large.
    """

    image_id: int
    reason: str
    width: int = 0
    height: int = 0
    is_grey: bool = False
    quick_hash: bytes | None = None
    thumb: bytes = b""
    kind: str = ""
    taken: str = ""
    camera: str = ""
    num_tiles: int = 0
    picture: npt.NDArray[np.uint8] | Path | None = None


@dataclass(frozen=True)
class Setup:
    """What a child needs to know once.

    Attributes:
        training_file: where squares or tiles go; large pictures are left beside it, in files named after it.
        side: of the squares; otherwise about that of the pictures.
        high_bit_range: the folder's range of values for high-bit pictures.
        channels: of tiles and pictures; with more than 3, the files are TIFF.
        tiles, pictures: how tiles are cut, or at which scale whole pictures are sent back, if these are wanted instead of squares.
    """

    training_file: str
    side: int
    high_bit_range: tuple[float, float] | None
    tiles: TilePlan | None = None
    pictures: Scale | None = None
    channels: int = 3


class _Desk:
    """State of a child process between chunks."""

    def __init__(self, setup: Setup, stop: Event) -> None:
        self.setup = setup
        self.stop = stop
        self.descriptor = -1
        if setup.pictures is None:
            self.descriptor = os.open(setup.training_file, os.O_RDWR | getattr(os, "O_BINARY", 0))


_desk: _Desk | None = None


def start(setup: Setup, stop: Event) -> None:
    """Prepare a child process; runs before its first chunk."""
    global _desk
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=end_with, args=(parent.sentinel,), daemon=True).start()
    _desk = _Desk(setup, stop)
    _silence_native_code()


def check() -> bool:
    """Answer, so that the parent sees that children can start."""
    return _desk is not None


def read_chunk(tasks: Sequence[IngestTask]) -> tuple[list[Facts], float]:
    """Read some files; facts in the same order and the seconds it took. Ends early when the parent stops the job.

    Raises:
        OSError: the training file cannot be written, e.g. the disk is full.
    """
    assert _desk is not None
    started = time.perf_counter()
    if _desk.setup.tiles is not None:
        return _cut_chunk(tasks, _desk, _desk.setup.tiles), time.perf_counter() - started
    if _desk.setup.pictures is not None:
        return _scale_chunk(tasks, _desk, _desk.setup.pictures), time.perf_counter() - started
    side = _desk.setup.side
    squares = np.empty((len(tasks), 3, side, side), np.uint8)
    found: list[Facts] = []
    for task in tasks:
        if _desk.stop.is_set():
            break
        found.append(read_one(task, squares[len(found)], _desk.setup.high_bit_range, Path(_desk.setup.training_file).parent))
    _write_squares(_desk.descriptor, found, squares)
    return found, time.perf_counter() - started


def read_one(
    task: IngestTask, square: npt.NDArray[np.uint8], high_bit_range: tuple[float, float] | None, place: Path | None = None
) -> Facts:
    """Read one file; its training square goes into `square` (3, side, side). `place` is a folder for what is read piece by piece."""
    digest = None
    side = square.shape[-1]
    try:
        if is_large(task.path):
            return _read_large(task, square, high_bit_range, place)
        data = read_bytes(task.path)
        digest = quick_hash_of(data)
        opened = decode(data, task.path, at_least=side, longest_at_least=THUMB_SIDE_PX, high_bit_range=high_bit_range)
        square[...] = training_square(opened.image, side)
        thumb = thumbnail(opened.image)
    except UnreadableImage as error:
        return Facts(task.image_id, str(error), quick_hash=digest)
    size, shot = (opened.width, opened.height), opened.shot
    return Facts(task.image_id, "", *size, is_grey(opened.image), digest, thumb, opened.kind, shot.taken, shot.camera)


def _read_large(task: IngestTask, square: npt.NDArray[np.uint8], high_bit_range: tuple[float, float] | None, place: Path | None) -> Facts:
    """The same for a file that is read piece by piece. The system's own folder for such things often lies in memory."""
    side = square.shape[-1]
    with tempfile.TemporaryDirectory(prefix="large-", dir=place) as inside:
        scaled = write_scaled(task.path, Scale(max(side, THUMB_SIDE_PX)), 3, high_bit_range, Path(inside) / "small.npy")
        image = Image.fromarray(np.load(scaled.file, allow_pickle=False).transpose(1, 2, 0))
    square[...] = training_square(image, side)
    return Facts(task.image_id, "", scaled.width, scaled.height, is_grey(image), quick_hash(task.path), thumbnail(image), kind="TIFF")


def _cut_chunk(tasks: Sequence[IngestTask], desk: _Desk, plan: TilePlan) -> list[Facts]:
    found: list[Facts] = []
    for task in tasks:
        if desk.stop.is_set():
            break
        tiles, facts = cut_one(task, plan, desk.setup.high_bit_range, Path(desk.setup.training_file).parent)
        found.append(facts)
        if tiles is not None:
            _write_at(desk.descriptor, tiles.data.cast("B"), (task.image_id - 1) * plan.most * tiles[0].size)
    return found


def cut_one(
    task: IngestTask, plan: TilePlan, high_bit_range: tuple[float, float] | None, place: Path
) -> tuple[npt.NDArray[np.uint8] | None, Facts]:
    """Tiles (n, C, side, side) of one file, and what there is to say of it; `place` is a folder for what is read piece by piece."""
    digest = None
    try:
        if plan.channels > 3 or is_large(task.path):
            with tempfile.TemporaryDirectory(prefix="large-", dir=place, ignore_cleanup_errors=True) as inside:
                scaled = write_scaled(task.path, plan.scale, plan.channels, high_bit_range, Path(inside) / "picture.npy")
                digest = quick_hash(task.path)
                tiles = cut_tiles(np.load(scaled.file, mmap_mode="r", allow_pickle=False), plan)
            return tiles, Facts(task.image_id, "", scaled.width, scaled.height, quick_hash=digest, num_tiles=len(tiles))
        data = read_bytes(task.path)
        digest = quick_hash_of(data)
        opened = decode(data, task.path, at_least=plan.scale.short_side or None, high_bit_range=high_bit_range)
        tiles = cut_tiles(at_scale(opened.image, plan.scale), plan)
    except UnreadableImage as error:
        return None, Facts(task.image_id, str(error), quick_hash=digest)
    return tiles, Facts(task.image_id, "", opened.width, opened.height, quick_hash=digest, num_tiles=len(tiles))


def _scale_chunk(tasks: Sequence[IngestTask], desk: _Desk, scale: Scale) -> list[Facts]:
    setup, place = desk.setup, Path(desk.setup.training_file)
    return [scale_one(task, scale, setup.high_bit_range, place, setup.channels) for task in tasks if not desk.stop.is_set()]


def scale_one(task: IngestTask, scale: Scale, high_bit_range: tuple[float, float] | None, place: Path, channels: int = 3) -> Facts:
    """One file as a picture at a scale; a large one goes into a file beside `place` and named after it, so each reader needs its own."""
    file = place.with_name(f"{place.name}_{task.image_id}.npy")
    try:
        if channels > 3 or is_large(task.path):
            scaled = write_scaled(task.path, scale, channels, high_bit_range, file)
            return Facts(task.image_id, "", scaled.width, scaled.height, picture=scaled.file)
        opened = decode(read_bytes(task.path), task.path, at_least=scale.short_side or None, high_bit_range=high_bit_range)
        picture: npt.NDArray[np.uint8] | Path = at_scale(opened.image, scale)
    except UnreadableImage as error:
        return Facts(task.image_id, str(error))
    if isinstance(picture, np.ndarray) and picture.size > _LARGE_BYTES:
        np.save(file, picture)
        picture = file
    return Facts(task.image_id, "", opened.width, opened.height, picture=picture)


def _write_squares(descriptor: int, found: Sequence[Facts], squares: npt.NDArray[np.uint8]) -> None:
    """Write the squares of readable files to their rows, neighbours in one go."""
    begin = 0
    while begin < len(found):
        end = begin + 1
        if not found[begin].reason:
            while end < len(found) and not found[end].reason and found[end].image_id == found[end - 1].image_id + 1:
                end += 1
            _write_at(descriptor, squares[begin:end].data.cast("B"), (found[begin].image_id - 1) * squares[0].size)
        begin = end


def _write_at(descriptor: int, data: memoryview, offset: int) -> None:
    while data:
        if hasattr(os, "pwrite"):
            written = os.pwrite(descriptor, data, offset)
        else:
            os.lseek(descriptor, offset, os.SEEK_SET)
            written = os.write(descriptor, data)
        data, offset = data[written:], offset + written


def _silence_native_code() -> None:
    """Codecs print about damaged files to the terminal, past Python; Python's own messages still get there."""
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def end_with(sentinel: int) -> None:
    """End this process when the parent's sentinel fires: a parent that was killed cannot say goodbye."""
    wait([sentinel])
    os._exit(1)
