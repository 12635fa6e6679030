"""Large pictures for the viewer, read off the GUI thread: reduced to the screen first, in full when somebody looks closely.

Reduced pictures are kept up to a number of bytes, so that the next and the previous one are there at once; of full ones there is only
the one looked at. What nobody waits for any more is not read.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from iic_studio.gui.language import tr
from iic_studio.gui.mistakes import retold_mistake
from iic_studio.gui.threads import step_back
from iic_studio.images.decode import Opened, decode, read_bytes
from iic_studio.images.kinds import CHILD_ONLY, HEAD_BYTES, kind_of
from iic_studio.images.memory import give_back
from iic_studio.images.separate import SeparateDecoder
from iic_studio.images.source import UnreadableImage

log = logging.getLogger(__name__)

MAX_BYTES = 256 << 20
MOST_FULL_PIXELS = 120_000_000
_STEP = 512
_WHOLE = 1 << 20
_STRIP = 256
_HUGE_PIXELS = 24_000_000


@dataclass(frozen=True)
class Wanted:
    """An image and where its file lies."""

    image: int
    path: Path


@dataclass(frozen=True)
class Loaded:
    """A picture that was read, or the reason why not.

    Attributes:
        picture: 8-bit RGB, upright, perhaps smaller than the original.
        width, height: of the original, after EXIF orientation.
        side: longest side that was asked for.
        mark: of the file as it was read; another one when the file was written again.
    """

    image: int
    picture: QImage = field(default_factory=QImage)
    width: int = 0
    height: int = 0
    side: int = 0
    problem: str = ""
    mark: tuple[int, int] = (0, 0)

    @property
    def is_whole(self) -> bool:
        """Every pixel of the original is there."""
        return self.picture.width() == self.width and self.picture.height() == self.height


class PictureLoader(QObject):
    """`loaded` brings each `Loaded` to the GUI thread. Lives there; `close` before it goes."""

    loaded = Signal(object)
    _read = Signal(object)

    def __init__(self, parent: QObject | None = None, *, max_bytes: int = MAX_BYTES) -> None:
        super().__init__(parent)
        self._max_bytes = max_bytes
        self._kept: OrderedDict[int, Loaded] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()
        self._awaited: dict[tuple[int, bool], int] = {}
        self._epoch = 0
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="iic-viewer", initializer=step_back)
        self._child = SeparateDecoder()
        self.high_bit_range: tuple[float, float] | None = None
        self._read.connect(self._take)

    @property
    def bytes_kept(self) -> int:
        return self._bytes

    def get(self, image: int) -> Loaded | None:
        """The reduced picture of an image, if it is here."""
        found = self._kept.get(image)
        if found is not None:
            self._kept.move_to_end(image)
        return found

    def want(self, current: Wanted, ahead: Sequence[Wanted], side: int) -> Loaded | None:
        """The picture to look at if it is here, else it comes by `loaded`; those `ahead` are read after it. One that is here comes again
        if its file was written since.

        Args:
            side: longest side that the screen has room for, in device pixels.
        """
        side = -(-side // _STEP) * _STEP
        wanted = [one for one in (current, *ahead) if not self._is_enough(one.image, side)]
        with self._lock:
            fresh = [one for one in wanted if self._awaited.get((one.image, False)) != side]
            self._awaited = {(one.image, False): side for one in wanted}
        for one in fresh:
            self._pool.submit(self._load, one, side, False, self._epoch)
        known = self.get(current.image)
        if known is not None and current not in wanted:
            self._pool.submit(self._check, current, known.mark, side, self._epoch)
        return known

    def want_whole(self, wanted: Wanted, known: Loaded) -> None:
        """Read every pixel of the picture looked at, or as many as memory allows."""
        share = min(1.0, (MOST_FULL_PIXELS / max(known.width * known.height, 1)) ** 0.5)
        side = _WHOLE if share == 1.0 else int(max(known.width, known.height) * share)
        with self._lock:
            if known.side >= side or self._awaited.get((wanted.image, True)) == side:
                return
            self._awaited[wanted.image, True] = side
        self._pool.submit(self._load, wanted, side, True, self._epoch)

    def forget(self) -> None:
        """Wait for nothing any more and drop what is kept. What is being read is dropped too: another project has the same ids."""
        with self._lock:
            self._awaited.clear()
            self._epoch += 1
        self._kept.clear()
        self._bytes = 0

    def close(self) -> None:
        """Wait for the threads and end the child process."""
        with self._lock:
            self._awaited.clear()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._child.close()

    def _is_enough(self, image: int, side: int) -> bool:
        known = self._kept.get(image)
        return known is not None and (bool(known.problem) or known.is_whole or known.side >= side)

    # In the threads -------------------------------------------------------------------------------------------------------------------

    def _check(self, wanted: Wanted, mark: tuple[int, int], side: int, epoch: int) -> None:
        """Read a picture again if its file is another one than that which was read."""
        try:
            is_same = _mark_of(wanted.path) == mark
        except OSError:
            return  # what was read is all there is
        with self._lock:
            if is_same or epoch != self._epoch:
                return
            self._awaited[wanted.image, False] = side
        self._load(wanted, side, False, epoch)

    def _load(self, wanted: Wanted, side: int, whole: bool, epoch: int) -> None:
        with self._lock:
            if epoch != self._epoch or self._awaited.get((wanted.image, whole)) != side:
                return
        try:
            found = self._decode(wanted, side, compact=whole)
        except UnreadableImage as error:
            found = Loaded(wanted.image, problem=tr("This file {0}.", retold_mistake(str(error))))
        except (OSError, MemoryError) as error:
            found = Loaded(wanted.image, problem=tr("This file cannot be read: {0}.", error))
        self._read.emit((found, whole, side, epoch))
        if found.width * found.height > _HUGE_PIXELS:
            give_back()

    def _decode(self, wanted: Wanted, side: int, *, compact: bool) -> Loaded:
        path = wanted.path
        try:
            mark = _mark_of(path)
            with path.open("rb") as file:
                kind = kind_of(file.read(HEAD_BYTES), path.suffix.lower())
        except FileNotFoundError as error:
            raise UnreadableImage(tr("is gone")) from error
        if kind in CHILD_ONLY:
            picture = self._child.load(str(path), side, self.high_bit_range)
            opened = Opened(Image.fromarray(picture.pixels), picture.width, picture.height)
        else:
            data = read_bytes(str(path))
            opened = decode(data, str(path), at_least=1, longest_at_least=side, high_bit_range=self.high_bit_range)
            opened.image.thumbnail((side, side), Image.Resampling.BILINEAR)
        return Loaded(wanted.image, _as_image(opened.image, compact=compact), opened.width, opened.height, side, mark=mark)

    # Back on the GUI thread -----------------------------------------------------------------------------------------------------------

    def _take(self, read: tuple[Loaded, bool, int, int]) -> None:
        found, whole, side, epoch = read
        if epoch != self._epoch:
            return
        with self._lock:
            awaited = self._awaited.get((found.image, whole)) == side
            if awaited:
                del self._awaited[found.image, whole]
        if not whole:
            self._keep(found)
        if awaited:
            self.loaded.emit(found)

    def _keep(self, found: Loaded) -> None:
        old = self._kept.pop(found.image, None)
        if old is not None:
            self._bytes -= old.picture.sizeInBytes()
        self._kept[found.image] = found
        self._bytes += found.picture.sizeInBytes()
        while self._bytes > self._max_bytes and len(self._kept) > 1:
            _, dropped = self._kept.popitem(last=False)
            self._bytes -= dropped.picture.sizeInBytes()


def _mark_of(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_mtime_ns, found.st_size


def _as_image(image: Image.Image, *, compact: bool) -> QImage:
    """A QImage of its own of an L or RGB picture; `compact` with as few bytes as it needs, else in the form that is painted fastest."""
    is_grey = image.mode == "L"
    width, height = image.size
    kind = QImage.Format.Format_Grayscale8 if is_grey else QImage.Format.Format_RGB888
    whole = QImage(width, height, kind)
    if whole.isNull():
        raise MemoryError(tr("there is no room for this picture"))
    line = width if is_grey else 3 * width
    target = np.frombuffer(whole.bits(), np.uint8).reshape(height, whole.bytesPerLine())[:, :line]
    for top in range(0, height, _STRIP):  # in strips: a large picture is not held a third time
        part = image.crop((0, top, width, min(top + _STRIP, height)))
        target[top : top + part.height] = np.asarray(part).reshape(part.height, line)
    return whole if compact else whole.convertToFormat(QImage.Format.Format_RGB32)
