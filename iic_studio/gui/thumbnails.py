"""Small pictures for grids and lists: decoded by a few threads, newest wish first, kept up to a number of bytes.

`want` replaces the whole list of one asker's wishes, so a row that was scrolled away before its turn costs nothing. Threads make QImages at
the very size that is painted; QPixmaps are made here, on the GUI thread, all that came since the last frame
at once.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QImageReader, QPixmap

from iic_studio.gui.table import ImageTable
from iic_studio.gui.threads import Threads

log = logging.getLogger(__name__)

Reader = Callable[[int, int], bytes]
MAX_BYTES = 256 * 1024 * 1024
THREADS = 2
_GATHER_MS = 8


@dataclass(frozen=True)
class Wish:
    """A thumbnail to decode: image id, its place in the thumbnail file, and the side in device pixels it must fit in."""

    image: int
    offset: int
    length: int
    side: int


@dataclass(frozen=True)
class Thumbnail:
    """A decoded thumbnail, and for which side and from which place it was made."""

    picture: QPixmap
    side: int
    offset: int


class Thumbnails(QObject):
    """A cache of thumbnails. `arrived` carries the ids of the images whose pictures came in, so that only those are painted."""

    arrived = Signal(object)  # set[int]
    _decoded = Signal()

    def __init__(self, parent: QObject | None = None, *, max_bytes: int = MAX_BYTES) -> None:
        super().__init__(parent)
        self._max_bytes = max_bytes
        self._bytes = 0
        self._pictures: OrderedDict[int, Thumbnail] = OrderedDict()
        self._threads = Threads("iic-thumbnails", THREADS)
        self._lock = threading.Lock()
        self._wishes: dict[str, list[Wish]] = {}
        self._in_work: dict[int, Wish] = {}
        self._pumps = 0
        self._results: list[tuple[int, Wish, QImage]] = []
        self._reader: Reader | None = None
        self._epoch = 0
        self._gather = QTimer(self, singleShot=True, interval=_GATHER_MS)
        self._gather.timeout.connect(self._collect)
        self._decoded.connect(self._gather.start)

    def set_reader(self, reader: Reader | None) -> None:
        """Read from another project, or from none; what is kept is dropped."""
        with self._lock:
            self._wishes.clear()
            self._results.clear()
            self._epoch += 1
            self._reader = reader
        self.clear()

    def clear(self) -> None:
        """Drop every picture, e.g. after the files were read again."""
        self._pictures.clear()
        self._bytes = 0

    def close(self) -> None:
        """Drop the wishes and wait for the threads."""
        self.set_reader(None)
        self._threads.close()

    @property
    def bytes_kept(self) -> int:
        return self._bytes

    def get(self, image: int) -> Thumbnail | None:
        """The picture of an image, if it is here."""
        found = self._pictures.get(image)
        if found is not None:
            self._pictures.move_to_end(image)
        return found

    def lacking(
        self, table: ImageTable, rows: Iterable[int], side: int, *, least: int | None = None, most: int | None = None
    ) -> list[Wish]:
        """Wishes for the pictures of some rows of a table that are not here, or were made of a file as it was before.

        Args:
            side: that they are to be decoded for.
            least, most: sides that will do too; by default `side` and every larger one.
        """
        wishes, least = [], side if least is None else least
        for row in rows:
            wish = Wish(int(table.ids[row]), int(table.thumb_offset[row]), int(table.thumb_length[row]), side)
            found = self.get(wish.image)
            fits = found is not None and found.offset == wish.offset and least <= found.side and (most is None or found.side <= most)
            if wish.length and not fits:
                wishes.append(wish)
        return wishes

    def want(self, asker: str, wishes: Sequence[Wish]) -> None:
        """Decode these, in this order, instead of what the same asker wished for before."""
        with self._lock:
            if self._reader is None:
                return
            self._wishes[asker] = [wish for wish in reversed(wishes) if self._in_work.get(wish.image) != wish]
            missing = max(min(THREADS - self._pumps, len(self._wishes[asker])), 0)
            self._pumps += missing
        for _ in range(missing):
            self._threads.start(self.work)

    def _next(self) -> Wish | None:
        """The next wish; the asker with the fewest open wishes first, so a list of a few does not wait for a grid of many."""
        # A picture that is being decoded for another size has its turn after that, so that the last one asked for stays.
        waiting = [wishes for wishes in self._wishes.values() if wishes and wishes[-1].image not in self._in_work]
        return min(waiting, key=len).pop() if waiting and self._reader is not None else None

    # In the threads -------------------------------------------------------------------------------------------------------------------

    def work(self) -> None:
        """Decode wish after wish."""
        while True:
            with self._lock:
                wish, reader, epoch = self._next(), self._reader, self._epoch
                if wish is None or reader is None:
                    self._pumps -= 1
                    return
                self._in_work[wish.image] = wish
            image = _decode(reader, wish)
            with self._lock:
                del self._in_work[wish.image]
                is_first = not self._results
                self._results.append((epoch, wish, image))
            if is_first:
                self._decoded.emit()

    # Back on the GUI thread -----------------------------------------------------------------------------------------------------------

    def _collect(self) -> None:
        with self._lock:
            results, self._results = self._results, []
            epoch = self._epoch
        current = [(wish, image) for made_in, wish, image in results if made_in == epoch]
        for wish, image in current:
            self._keep(wish, QPixmap.fromImage(image))
        if current:
            self.arrived.emit({wish.image for wish, _ in current})

    def _keep(self, wish: Wish, picture: QPixmap) -> None:
        old = self._pictures.pop(wish.image, None)
        if old is not None:
            self._bytes -= _size(old.picture)
        self._pictures[wish.image] = Thumbnail(picture, wish.side, wish.offset)
        self._bytes += _size(picture)
        while self._bytes > self._max_bytes and len(self._pictures) > 1:
            _, dropped = self._pictures.popitem(last=False)
            self._bytes -= _size(dropped.picture)


def _size(picture: QPixmap) -> int:
    return max(picture.width() * picture.height() * 4, 64)


def _decode(reader: Reader, wish: Wish) -> QImage:
    """The picture within its side; a null image where it cannot be had (it is then painted as missing, not asked for again).

    By a `QImageReader`, because its `read` lets go of the interpreter, so that decoding and scaling hold up no frame; `QImage.fromData`
    keeps it.
    """
    try:
        data = reader(wish.offset, wish.length)
    except (OSError, ValueError):
        log.warning("no thumbnail for image %d", wish.image, exc_info=True)
        return QImage()
    buffer = QBuffer()
    buffer.setData(data)
    decoder = QImageReader(buffer)
    size = decoder.size()
    if not size.isValid():
        return QImage()
    decoder.setScaledSize(size.scaled(wish.side, wish.side, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1)))
    image = decoder.read()
    if image.isNull():
        return image
    return image.convertToFormat(QImage.Format.Format_RGB32 if not image.hasAlphaChannel() else QImage.Format.Format_ARGB32_Premultiplied)
