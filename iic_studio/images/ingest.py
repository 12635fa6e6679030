"""Decode each file once, in all cores: training squares into the cache, facts and thumbnail places to the caller, batch by batch.

Spawned child processes (`worker`) do the work, because decoders are native code that can crash on a damaged file and cannot be
interrupted. The parent hands out chunks sized by time (a few large photographs or hundreds of small pictures), appends thumbnails, and
yields what is done in the order it gets done. When a child dies, the pool is made anew and the files it may have died of are read one by
one: a file that kills its child again is reported, the others are read.

Known weaknesses: a decoder that never returns blocks its core for ever; children import the main module of the program (a rule of
`multiprocessing`), so that module must import little at its top.
"""

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import resource_tracker
from types import TracebackType
from typing import Self

from iic_studio.errors import StudioError
from iic_studio.images import worker
from iic_studio.images.cache import ImageCache, raise_if_full, row_bytes
from iic_studio.images.worker import Facts, IngestTask, Setup

CRASHED = "made its decoder crash"

_CHUNK_S = 0.2
_MAX_CHUNK = 256
_MAX_CHUNK_BYTES = 16 << 20
_MAX_GROWTH = 4
_CHUNKS_PER_WORKER = 2
_FILES_PER_WORKER = 4
_MAX_WORKERS = 60
_SHARED = ("reason", "width", "height", "is_grey", "quick_hash", "kind", "taken", "camera")

_Answer = tuple[list[Facts], float]


@dataclass(frozen=True)
class Ingested:
    """What is known about a file after it was read.

    Attributes:
        ok: it is an image; its square and thumbnail are in the cache.
        reason: why not, in words that follow the file's name.
        width, height: after EXIF orientation.
        quick_hash: see `source.quick_hash`; None when the file could not even be opened.
        thumb_offset, thumb_length: place of the thumbnail.
        kind, taken, camera: kind of file as in `kinds`, date and camera as in `exif.Shot`.
    """

    image_id: int
    ok: bool
    reason: str = ""
    width: int = 0
    height: int = 0
    is_grey: bool = False
    quick_hash: bytes | None = None
    thumb_offset: int = 0
    thumb_length: int = 0
    kind: str = ""
    taken: str = ""
    camera: str = ""


def ingest(
    tasks: Sequence[IngestTask],
    cache: ImageCache,
    *,
    high_bit_range: tuple[float, float] | None = None,
    workers: int | None = None,
) -> Generator[list[Ingested], None, None]:
    """Read files into the cache; yields batches as they get done, each file exactly once. Closing the iterator stops the work.

    Args:
        tasks: their ids must lie within the rows of the cache.
        cache: squares and thumbnails go there.
        high_bit_range: values that become 0 and 255 in pictures with more than 8 bits; their own percentiles if None.
        workers: child processes; all cores if None.

    Raises:
        DiskFullError: no room for squares or thumbnails; batches yielded before are safe.
        StudioError: child processes cannot be started here.
    """
    if not tasks:
        return
    setup = Setup(os.fspath(cache.path.absolute()), cache.side, high_bit_range)
    try:
        with contextlib.closing(read_all(tasks, setup, workers)) as batches:
            for found in batches:
                yield _keep(found, cache)
    except OSError as error:
        raise_if_full(error)
        raise


def read_all(tasks: Sequence[IngestTask], setup: Setup, workers: int | None = None) -> Generator[list[Facts], None, None]:
    """Facts about all files, read by child processes, in the order they are done. Closing the generator stops the work."""
    if not tasks:
        return
    with _Crew(setup, max(1, min(workers or usable_cores(), _MAX_WORKERS, -(-len(tasks) // _FILES_PER_WORKER)))) as crew:
        yield from _read_all(tasks, crew)


def usable_cores() -> int:
    """Cores this process may use, which in a container can be fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _keep(found: Sequence[Facts], cache: ImageCache) -> list[Ingested]:
    """Append the thumbnails and say where they are."""
    places = cache.append_thumbs([facts.thumb for facts in found])
    return [
        Ingested(
            image_id=one.image_id,
            ok=not one.reason,
            thumb_offset=offset,
            thumb_length=length,
            **{name: getattr(one, name) for name in _SHARED},
        )
        for one, (offset, length) in zip(found, places, strict=True)
    ]


def _read_all(tasks: Sequence[IngestTask], crew: "_Crew") -> Iterator[list[Facts]]:
    """Facts about all files, in the order they are done."""
    chunks = _Chunks(tasks, max(1, min(_MAX_CHUNK, _MAX_CHUNK_BYTES // row_bytes(crew.side))))
    running: dict[Future[_Answer], Sequence[IngestTask]] = {}
    while chunks.has_more or running:
        try:
            while chunks.has_more and len(running) < crew.size * _CHUNKS_PER_WORKER:
                chunk = chunks.next()
                running[crew.submit(chunk)] = chunk
                chunks.move_on(chunk)
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                found, elapsed_s = future.result()
                del running[future]
                chunks.learn(len(found), elapsed_s)
                yield found
        except BrokenProcessPool:
            yield from _recover(running, crew)
            running.clear()


def _recover(running: dict[Future[_Answer], Sequence[IngestTask]], crew: "_Crew") -> Iterator[list[Facts]]:
    """After a child died: results that still came, then the unfinished files one by one in a new pool."""
    wait(running)
    suspects: list[IngestTask] = []
    for future, chunk in running.items():
        try:
            yield future.result()[0]
        except BrokenProcessPool:
            suspects.extend(chunk)
    crew.restart()
    for task in suspects:
        try:
            found, _ = crew.submit([task]).result()
            yield found
        except BrokenProcessPool:
            yield [Facts(task.image_id, CRASHED)]
            crew.restart()


class _Chunks:
    """Cuts the tasks into chunks that take about `_CHUNK_S` each; the first are small, so that something can be shown at once."""

    def __init__(self, tasks: Sequence[IngestTask], largest: int) -> None:
        self._tasks = tasks
        self._largest = largest
        self._next = 0
        self._size = 1

    @property
    def has_more(self) -> bool:
        return self._next < len(self._tasks)

    def next(self) -> Sequence[IngestTask]:
        """The chunk whose turn it is; call `move_on` once it is in hand."""
        return self._tasks[self._next : self._next + self._size]

    def move_on(self, chunk: Sequence[IngestTask]) -> None:
        self._next += len(chunk)

    def learn(self, count: int, elapsed_s: float) -> None:
        """Fit the size to how long a chunk took."""
        fitting = int(_CHUNK_S * count / max(elapsed_s, 1e-6))
        self._size = max(1, min(fitting, self._size * _MAX_GROWTH, self._largest))


class _Crew:
    """The child processes, and how to start them again."""

    def __init__(self, setup: Setup, size: int) -> None:
        self.size = size
        self.side = setup.side
        self._setup = setup
        self._context = multiprocessing.get_context("spawn")
        self._stop = self._context.Event()
        self._pool = self._new_pool()

    def submit(self, chunk: Sequence[IngestTask]) -> Future[_Answer]:
        """Hand a chunk to the next free child.

        Raises:
            BrokenProcessPool: a child has died.
        """
        with no_interrupt_in_children():
            return self._pool.submit(worker.read_chunk, chunk)

    def restart(self) -> None:
        """A new pool in place of a broken one.

        Raises:
            StudioError: its children die before they do anything.
        """
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._pool = self._new_pool()
        try:
            with no_interrupt_in_children():
                answer = self._pool.submit(worker.check)
            answer.result()
        except BrokenProcessPool as error:
            raise StudioError(
                "The helper processes that read images cannot be started.", "Run `iic-studio doctor`; there may be too little memory."
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._stop.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _new_pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self.size, self._context, worker.start, (self._setup, self._stop))


@contextlib.contextmanager
def no_interrupt_in_children() -> Iterator[None]:
    """Child processes started here inherit a mask that keeps Ctrl-C from them even before they can ignore it themselves."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # Started now, because its own start would lift the mask.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
