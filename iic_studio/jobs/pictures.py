"""Pictures of a project read anew by child processes, at a scale of their own: for masks, overlays and encoders."""

import contextlib
import shutil
import tempfile
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from iic_studio.images.ingest import read_all
from iic_studio.images.tiles import Scale
from iic_studio.images.worker import Facts, Setup
from iic_studio.jobs.indexing import high_bit_range, tasks_of
from iic_studio.project.records import ImageRow
from iic_studio.project.store import Project

_PREFIX = "pictures-"
_LEFT_AFTER_S = 86_400


def read_pictures(project: Project, rows: list[ImageRow], scale: Scale, side: int, channels: int = 3) -> Generator[Facts, None, None]:
    """What child processes read, in the order they are done. Closing the generator stops them.

    Args:
        side: of a picture at this scale, about: so many are handed over at once that memory holds them.
    """
    with _folder_for_large(project) as place:
        setup = Setup(str(place / "picture"), side, high_bit_range(project), pictures=scale, channels=channels)
        with contextlib.closing(read_all(tasks_of(project, rows), setup)) as batches:
            for batch in batches:
                yield from batch


@contextlib.contextmanager
def _folder_for_large(project: Project) -> Iterator[Path]:
    """A folder of this reader's own for the files of large pictures, in the cache or, where that cannot be written, where the system says.

    Whoever is given a file deletes it, also after the reader's end, so only an empty folder goes; the next reader clears what was left.
    """
    with contextlib.suppress(OSError):
        project.cache.mkdir(parents=True, exist_ok=True)
        for old in project.cache.glob(f"{_PREFIX}*"):
            if time.time() - old.stat().st_mtime > _LEFT_AFTER_S:
                shutil.rmtree(old, ignore_errors=True)
    try:
        place = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=project.cache))
    except OSError:
        place = Path(tempfile.mkdtemp(prefix=_PREFIX))
    try:
        yield place
    finally:
        with contextlib.suppress(OSError):
            place.rmdir()


@contextlib.contextmanager
def pixels_of(facts: Facts) -> Iterator[npt.NDArray[np.uint8]]:
    """(C, h, w) of a picture that was read. A large one lies in a file: it is mapped for reading, and deleted in the end."""
    found = facts.picture
    assert found is not None, "it could be read"
    if isinstance(found, np.ndarray):
        yield found
        return
    try:
        yield np.load(found, mmap_mode="r", allow_pickle=False)
    finally:
        found.unlink(missing_ok=True)
