"""UMAP in a child process, seen from the parent: progress while it runs, positions when it is done, and no process left behind.

Closing the generator kills the child at once and waits until it is gone; that takes no longer than the poll below.
"""

import multiprocessing
import tempfile
from collections.abc import Generator
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

import numpy as np

from iic_studio.errors import StudioError
from iic_studio.evaluation import umap_worker
from iic_studio.evaluation.projection import sample_rows
from iic_studio.events import Event, ProgressMade
from iic_studio.images.ingest import no_interrupt_in_children
from iic_studio.records import FloatArray, IntArray

SEED = 0
_LOOK_EVERY_S = 0.1
_FAREWELL_S = 2.0
_UNITS = {umap_worker.ARRANGING: "rounds"}


def arrange(
    vectors: FloatArray, start: FloatArray, scratch: Path, *, most: int = umap_worker.MAX_FITTED
) -> Generator[Event, None, tuple[FloatArray, IntArray]]:
    """Arrange (N, P) vectors by UMAP, the same way each time.

    Args:
        start: (N, 2) positions it begins with.
        scratch: a folder for a temporary file.
        most: vectors UMAP works on; further ones are placed beside these.

    Returns:
        (N, 2) positions, and the rows that UMAP itself placed.

    Raises:
        StudioError: the child process ended before it was done.
    """
    fitted = sample_rows(len(vectors), most, SEED)
    with tempfile.TemporaryDirectory(prefix="umap-", dir=scratch) as place:
        source = Path(place) / "vectors.npz"
        np.savez(source, vectors=vectors, start=start, fitted=fitted)
        positions = yield from _follow_child(str(source))
    return positions, fitted


def _follow_child(source: str) -> Generator[Event, None, FloatArray]:
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=umap_worker.work, args=(sender, source, SEED), name="iic-umap", daemon=True)
    try:
        with no_interrupt_in_children():
            child.start()
        sender.close()  # so that the pipe ends when the child does
        last = ProgressMade(stage=umap_worker.LOADING, done=0)
        yield last
        while True:
            message = _next(receiver, child)
            if isinstance(message, np.ndarray):
                child.join(_FAREWELL_S)
                return message
            if isinstance(message, str):
                raise StudioError(message, "Install it anew with `pip install --force-reinstall umap-learn`; the PCA map stays.")
            if message is not None:
                last = ProgressMade(stage=message[0], done=message[1], total=message[2] or None, unit=_UNITS.get(message[0], "images"))
            yield last  # also without news: a job can be closed only between two events
    finally:
        receiver.close()
        if child.pid is not None:
            child.kill()
            child.join()
            child.close()


def _next(receiver: Connection, child: SpawnProcess) -> Any:
    """What the child says next, or None when it said nothing for a while.

    Raises:
        StudioError: it is gone.
    """
    try:
        return receiver.recv() if receiver.poll(_LOOK_EVERY_S) else None
    except EOFError as error:
        child.join()
        raise StudioError(
            f"The process that arranges the map ended early (exit code {child.exitcode}).",
            "There may be too little memory; the PCA map stays.",
        ) from error
