"""What the child process of a map does: neighbours, UMAP on a part of the images, the others beside them.

UMAP cannot be interrupted, compiles for seconds and holds the interpreter meanwhile, so it gets a process that can be killed. Vectors come
in a file, progress and positions go back through a pipe. UMAP is looked up by name, because this layer runs where it is not installed too.
Weakness: what lies beyond `MAX_FITTED` images is placed between neighbours and so looks a little tighter than it is.
"""

import importlib
import multiprocessing
import os
import signal
import threading
import warnings
from multiprocessing.connection import Connection, wait
from typing import Any

import numpy as np

from iic_studio.evaluation.projection import place_beside
from iic_studio.records import FloatArray, IntArray

MAX_FITTED = 50_000
FEWEST = 10
_NEIGHBOURS = 15
_CHUNK = 4_096

LOADING, COMPARING, ARRANGING, PLACING = "umap-load", "umap-compare", "umap-arrange", "umap-place"


def work(sender: Connection, source: str, seed: int) -> None:
    """Body of the child. Sends (stage, done, total) again and again, and last the (N, 2) float32 positions or why there are none.

    Args:
        sender: the writing end of a pipe.
        source: an `.npz` with `vectors` (N, P) float32, `start` (N, 2) positions to begin with, and `fitted`, the rows UMAP works on.
        seed: of everything random.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    warnings.simplefilter("ignore")  # UMAP comments on the settings that are chosen here on purpose
    with np.load(source, allow_pickle=False) as pack:
        vectors, start, fitted = pack["vectors"], pack["start"], pack["fitted"]
    sender.send((LOADING, 0, 0))
    try:
        # A lock of this process alone: one for several would be left behind when it is killed.
        importlib.import_module("tqdm").tqdm.set_lock(threading.RLock())
        umap = importlib.import_module("umap")
    except ImportError as error:
        sender.send(f"UMAP is installed but cannot be used: {error}.")
        return
    positions = np.empty((len(vectors), 2), np.float32)
    positions[fitted] = _arrange(umap, sender, vectors[fitted], start[fitted], seed)
    others = np.setdiff1d(np.arange(len(vectors)), fitted)
    if len(others):
        for step in place_beside(vectors[fitted], positions[fitted], vectors[others]):
            if isinstance(step, int):
                sender.send((PLACING, step, len(others)))
            else:
                positions[others] = step
    sender.send(positions)


def _arrange(umap: Any, sender: Connection, vectors: FloatArray, start: FloatArray, seed: int) -> FloatArray:
    """UMAP of (N, P) vectors. It begins at their principal components, which keeps far things far and the result like what was shown."""
    neighbours, distances = _neighbours(sender, vectors)
    spread = max(float(np.ptp(start)), 1e-6)
    start = start + np.random.default_rng(seed).normal(0, 1e-4 * spread, start.shape).astype(np.float32)
    mapper = umap.UMAP(
        n_neighbors=neighbours.shape[1],
        init=start,
        random_state=seed,
        n_jobs=1,
        precomputed_knn=(neighbours, distances, None),
        tqdm_kwds={"disable": False, "file": _Progress(sender), "bar_format": "{n_fmt}/{total_fmt}", "mininterval": 0.1},
    )
    return np.asarray(mapper.fit_transform(vectors), np.float32)


def _neighbours(sender: Connection, vectors: FloatArray) -> tuple[IntArray, FloatArray]:
    """The nearest vectors of each, itself first, and how far they are: exact, which at this size is faster than compiling an index."""
    from sklearn.neighbors import NearestNeighbors

    index = NearestNeighbors(n_neighbors=min(_NEIGHBOURS, len(vectors) - 1), algorithm="brute").fit(vectors)
    found: list[tuple[FloatArray, IntArray]] = []
    for start in range(0, len(vectors), _CHUNK):
        found.append(index.kneighbors(vectors[start : start + _CHUNK]))
        sender.send((COMPARING, min(start + _CHUNK, len(vectors)), len(vectors)))
    distances, rows = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return rows.astype(np.int64), distances.astype(np.float32)


class _Progress:
    """A file that turns UMAP's progress bar ("12/200") into messages."""

    def __init__(self, sender: Connection) -> None:
        self._sender = sender

    def write(self, text: str) -> None:
        done, _, total = text.strip().partition("/")
        if done.isdigit() and total.isdigit():
            self._sender.send((ARRANGING, int(done), int(total)))

    def flush(self) -> None:
        """Nothing is held."""


def _end_with(sentinel: int) -> None:
    """End this process when the parent's sentinel fires: a parent that was killed cannot say goodbye."""
    wait([sentinel])
    os._exit(1)
