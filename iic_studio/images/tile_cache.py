"""Tiles of all pictures of a project in one file, for training on pixels; may be deleted at any time, like the rest of the cache.

`<name of the plan>.u8` has `most` places of (3, side, side) uint8 for each image id; the file is sparse, so unused places cost nothing.
`<name>.npz` beside it says how many places of an image are used, and of which content they are; if it is damaged, tiles are cut again.
"""

import contextlib
import os
import zipfile
from collections.abc import Generator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from iic_studio.images.cache import raise_if_full
from iic_studio.images.ingest import read_all
from iic_studio.images.tiles import TilePlan
from iic_studio.images.worker import Facts, IngestTask, Setup
from iic_studio.records import IntArray

_HASH_BYTES = 16


class TileCache:
    """Tiles cut by one plan.

    Args:
        folder: the cache folder.
        plan: how they are cut.
        last_id: highest image id.
    """

    def __init__(self, folder: Path, plan: TilePlan, last_id: int) -> None:
        self.folder, self.plan, self.last_id = folder, plan, last_id
        self._path, self._index = folder / f"{plan.name}.u8", folder / f"{plan.name}.npz"
        self._counts = np.zeros(last_id, np.int64)
        self._hashes = np.zeros((last_id, _HASH_BYTES), np.uint8)
        if self._path.is_file():
            with (
                contextlib.suppress(FileNotFoundError, zipfile.BadZipFile, ValueError, KeyError, EOFError),
                self._index.open("rb") as file,
                np.load(file, allow_pickle=False) as pack,
            ):
                counts, hashes = pack["counts"][:last_id], pack["hashes"][:last_id]
                self._counts[: len(counts)], self._hashes[: len(counts)] = counts, hashes

    def lacks(self, image_id: int, quick_hash: bytes | None) -> bool:
        """Whether the tiles of an image are not there, or are those of another content."""
        return not self._counts[image_id - 1] or (quick_hash is not None and self._hashes[image_id - 1].tobytes() != quick_hash)

    def rows(self, image_ids: IntArray) -> IntArray:
        """Places of the tiles of some images, in their order; `pixels` has them."""
        counts = self._counts[image_ids - 1]
        first = np.repeat((image_ids - 1) * self.plan.most, counts)
        return first + np.arange(counts.sum()) - np.repeat(counts.cumsum() - counts, counts)

    def owners(self, rows: IntArray) -> IntArray:
        """Image ids of tiles by their places."""
        return np.asarray(rows // self.plan.most + 1, dtype=np.int64)

    def pixels(self) -> npt.NDArray[np.uint8]:
        """(places, C, side, side) uint8, mapped read-only; as many places as the file has, not one for each image known since."""
        return np.memmap(self._path, np.uint8, "r").reshape(-1, self.plan.channels, self.plan.side, self.plan.side)

    def cut(self, tasks: Sequence[IngestTask], high_bit_range: tuple[float, float] | None) -> Generator[list[tuple[int, str]], None, None]:
        """Cut the tiles of some files; yields the image ids that are done, each with the reason why it could not be read, or empty.

        Closing the generator stops the work; what was done is kept.

        Raises:
            DiskFullError: no room.
        """
        if not tasks:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if not self._path.exists():
                self._index.unlink(missing_ok=True)  # it speaks of tiles that are gone
            with self._path.open("ab") as file:
                file.truncate(max(os.fstat(file.fileno()).st_size, self.last_id * self.plan.most * self.plan.channels * self.plan.side**2))
            setup = Setup(os.fspath(self._path.absolute()), self.plan.side, high_bit_range, self.plan, channels=self.plan.channels)
            try:
                with contextlib.closing(read_all(tasks, setup)) as found:
                    for batch in found:
                        self._note(batch)
                        yield [(facts.image_id, facts.reason) for facts in batch]
            finally:
                self._save()
        except OSError as error:
            raise_if_full(error)
            raise

    def _note(self, batch: Sequence[Facts]) -> None:
        for facts in batch:
            self._counts[facts.image_id - 1] = facts.num_tiles
            self._hashes[facts.image_id - 1] = np.frombuffer(facts.quick_hash or bytes(_HASH_BYTES), np.uint8)

    def _save(self) -> None:
        fresh = self._index.with_name(f"{self._index.stem}.new.npz")
        np.savez(fresh, counts=self._counts, hashes=self._hashes)
        fresh.replace(self._index)
