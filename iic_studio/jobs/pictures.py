"""Pictures of a project read anew by child processes, at a scale of their own: for masks, overlays and encoders."""

import contextlib
import os
from collections.abc import Generator, Iterator

import numpy as np
import numpy.typing as npt

from iic_studio.images.ingest import read_all
from iic_studio.images.tiles import Scale
from iic_studio.images.worker import Facts, Setup
from iic_studio.jobs.indexing import high_bit_range, tasks_of
from iic_studio.project.records import ImageRow
from iic_studio.project.store import Project


def read_pictures(project: Project, rows: list[ImageRow], scale: Scale, side: int, channels: int = 3) -> Generator[Facts, None, None]:
    """What child processes read, in the order they are done. Closing the generator stops them.

    Args:
        side: of a picture at this scale, about: so many are handed over at once that memory holds them.
    """
    setup = Setup(os.fspath(project.cache / "picture"), side, high_bit_range(project), pictures=scale, channels=channels)
    with contextlib.closing(read_all(tasks_of(project, rows), setup)) as batches:
        for batch in batches:
            yield from batch


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
