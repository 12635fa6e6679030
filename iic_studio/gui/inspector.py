"""The panel at the right: the current picture large, where it lies, where the model puts it and how sure the sub-heads are."""

import math
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from iic_studio.gui import theme
from iic_studio.gui.bars import Bars
from iic_studio.gui.files import high_bit_range_of, open_with_system, path_of, printable, reveal
from iic_studio.gui.flow import Flow
from iic_studio.gui.language import percent, tr
from iic_studio.gui.mistakes import retold_mistake
from iic_studio.gui.selection import SelectionSummary
from iic_studio.gui.session import Change, Session
from iic_studio.gui.table import ImageTable
from iic_studio.gui.threads import step_back
from iic_studio.gui.thumbnails import Thumbnails
from iic_studio.gui.widgets import ElidedLabel, Label, Panel, Swatch, column, described, plain_tooltip, row

MIN_BARS, MAX_BARS = 3, 8


class PictureView(QWidget):
    """One picture as large as there is room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = QPixmap()
        self._note = ""
        self.setMinimumHeight(160)
        self.setMaximumHeight(480)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("The current picture"))

    def sizeHint(self) -> QSize:
        return QSize(280, 280)

    @property
    def picture(self) -> QPixmap:
        """What is shown; null while there is none."""
        return self._picture

    def show_picture(self, picture: QPixmap, note: str = "") -> None:
        """Show a picture, or a note in its place."""
        self._picture, self._note = picture, note
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.sunken))
        painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        if self._picture.isNull():
            painter.setPen(QColor(colours.muted))
            painter.drawText(self.rect().adjusted(16, 16, -16, -16), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._note)
            return
        room = self.rect().adjusted(8, 8, -8, -8).size()
        size = self._picture.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        # Digits and tiles of a few pixels are shown as the pixels they are.
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, size.width() < 6 * self._picture.width())
        target = QRectF(0, 0, size.width(), size.height())
        target.moveCenter(QRectF(self.rect()).center())
        painter.drawPixmap(target, self._picture, QRectF(self._picture.rect()))


class Chips(QWidget):
    """The vote of each sub-head as a small tile in its cluster's colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._votes: list[int] = []
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Votes of the sub-heads"))

    def show_votes(self, votes: list[int], words: str) -> None:
        """Show the cluster that each sub-head votes for."""
        self._votes = votes
        self.setAccessibleDescription(words)
        self.setToolTip(plain_tooltip(words))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, self.fontMetrics().height() + 10)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._votes:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = min(40.0, (self.width() + 4) / len(self._votes) - 4)
        for place, vote in enumerate(self._votes):
            tile = QRectF(place * (width + 4), 0.5, width, self.height() - 1)
            colour = theme.cluster_colour(vote)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawRoundedRect(tile, 5, 5)
            painter.setPen(QColor("#000000" if luminance(colour) > 0.32 else "#ffffff"))
            if width >= 18:
                painter.drawText(tile, Qt.AlignmentFlag.AlignCenter, str(vote))


def luminance(colour: QColor) -> float:
    """Relative luminance, 0 black to 1 white."""
    channels = (colour.redF(), colour.greenF(), colour.blueF())
    parts = [part / 12.92 if part <= 0.04045 else math.pow((part + 0.055) / 1.055, 2.4) for part in channels]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def facts_of(table: ImageTable, row_: int) -> str:
    """Size and format of a picture, when and with what it was taken, as far as known; or why it cannot be used."""
    if not table.width[row_]:
        return retold_mistake(printable(table.reasons[row_]))
    columns = table.columns
    kind, camera = (words.vocabulary[words.codes[row_]] for words in (columns.kind, columns.camera))
    taken = columns.taken[row_]
    when = "" if np.isnat(taken) else str(taken.astype("datetime64[m]")).replace("T", " ")
    lines = (tr("{0:,} × {1:,} pixels", table.width[row_], table.height[row_]), kind), (when, camera)
    return "\n".join(" · ".join(part for part in line if part) for line in lines if any(line))


class Inspector(Panel):
    """The panel. Reads the large picture in a thread of its own. `similar_wanted` says to find pictures like the current one."""

    similar_wanted = Signal()
    tell_more: Callable[[int], str] = staticmethod(lambda _: "")  # of a cluster
    _read = Signal(object)

    def __init__(self, session: Session, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__("sidePanel", parent)
        self._session, self._thumbnails = session, thumbnails
        self._shown: int | None = None
        self._asked, self._resting = 0, False  # pictures asked for so far: another project has the same ids
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="iic-picture", initializer=step_back)
        self.picture = PictureView()
        self._name = ElidedLabel(role="heading")
        self._place = ElidedLabel(role="muted")
        self._facts = Label(role="muted", wrap=True)
        self._swatch = Swatch()
        self._cluster = ElidedLabel(role="number", mode=Qt.TextElideMode.ElideRight)
        self._said = Label(role="muted", wrap=True)
        self._bars, self._chips = Bars(), Chips()
        self._cluster_title, self._bars_title = Label(tr("CLUSTER"), "section"), Label(tr("PROBABILITIES"), "section")
        self._agreement = Label(role="muted", wrap=True)
        self._open = described(QPushButton(tr("Open")), tr("Open"), tr("Open the picture with its usual program"))
        self._reveal = described(QPushButton(tr("Show in folder")), tr("Show in folder"), tr("Show the file in the file manager"))
        similar = QPushButton(tr("Find similar"))
        self._similar = described(similar, similar.text(), tr("Show the pictures most like this one (Ctrl+Shift+F)"))
        self._connect_buttons()
        self._verdict = self._build_verdict()
        self._details = Panel("sidePanel")
        self._details.setLayout(
            column(
                column(self._name, self._place, self._facts, spacing=4),
                Flow((self._open, self._reveal, self._similar)),
                self._verdict,
                None,
                spacing=12,
                margins=(16, 0, 16, 16),
            )
        )
        scroll = self._scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setAccessibleName(tr("What is known of the picture"))
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(self._details)
        kept = scroll.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        scroll.setSizePolicy(kept)
        outer: QVBoxLayout = column(row(self.picture, margins=(16, 16, 16, 12)), SelectionSummary(session), scroll, spacing=0)
        outer.addStretch(0)
        outer.setStretch(0, 5)
        outer.setStretch(2, 7)
        self.setLayout(outer)
        self._read.connect(self._take_picture)
        session.changed.connect(self._follow)
        self._show_current()

    def _connect_buttons(self) -> None:
        self._open.clicked.connect(lambda: self._with_path(open_with_system))
        self._reveal.clicked.connect(lambda: self._with_path(reveal))
        self._similar.clicked.connect(self.similar_wanted)

    def _build_verdict(self) -> QWidget:
        box = QWidget()
        votes = self._votes = described(
            Label(tr("VOTES OF THE SUB-HEADS"), "section", wrap=True),
            tr("Votes of the sub-heads"),
            tr(
                "Sub-heads are parallel copies of the last layer. Their clusters are matched to those of the best one; where they agree, "
                "the picture's place does not hang on chance."
            ),
        )
        box.setLayout(
            column(
                self._cluster_title,
                row(self._swatch, self._cluster),
                self._said,
                4,
                self._bars_title,
                self._bars,
                votes,
                self._chips,
                self._agreement,
                margins=(0, 4, 0, 0),
            )
        )
        return box

    def close_reader(self) -> None:
        """Wait for the reading thread; for the end of the window."""
        self._reader.shutdown(wait=True, cancel_futures=True)

    def rest(self, resting: bool) -> None:
        """Read nothing while something else covers the panel; afterwards show what is current then."""
        self._resting = resting
        if not resting:
            self._show_current()

    def _follow(self, what: Change) -> None:
        if not self._resting and what & (
            Change.SELECTION | Change.CLUSTERS | Change.NAMES | Change.PROJECT | Change.LABELS | Change.CLASSES
        ):
            self._show_current()

    def _show_current(self) -> None:
        session, row_ = self._session, self._session.current_row()
        self._scroll.setVisible(row_ >= 0)
        if row_ < 0:
            self._shown = None
            self._asked += 1
            several = int(session.selected.sum())
            self.picture.show_picture(
                QPixmap(), tr("{0:,} pictures selected", several) if several else tr("Click a picture to look at it closely.")
            )
            return
        table = session.table
        folder, _, name = printable(table.paths[row_]).rpartition("/")
        self._name.set_full(name)
        self._place.set_full(folder or tr("in the folder itself"))
        self._facts.setText(facts_of(table, row_))
        self._show_verdict(row_)
        image = int(table.ids[row_])
        if image != self._shown:
            self._shown = image
            self._asked += 1
            preview = self._thumbnails.get(image)
            self.picture.show_picture(preview.picture if preview else QPixmap())
            path = path_of(session, row_)
            if path is not None:
                self._reader.submit(self._load, self._asked, path, high_bit_range_of(session))

    def _show_verdict(self, row_: int) -> None:
        session = self._session
        verdicts = session.verdicts
        position = int(verdicts.position[row_])
        self._verdict.setVisible(position >= 0)
        if position < 0 or verdicts.assignments is None:
            return
        cluster = int(verdicts.cluster[row_])
        self._swatch.set_cluster(cluster)
        self._cluster.set_full(tr("Excluded") if verdicts.excluded[row_] else session.cluster_name(cluster))
        said = self._what_was_said(row_)
        self._said.setText(said)
        self._said.setVisible(bool(said))
        shares = verdicts.assignments.probabilities[position]
        best = np.argsort(-shares, kind="stable")[:MAX_BARS].tolist()
        best = [one for place, one in enumerate(best) if place < MIN_BARS or shares[one] >= 0.005]
        self._bars.show_lines([(theme.cluster_colour(one), session.cluster_name(one), float(shares[one])) for one in best])
        pixels = session.of_pixels
        self._cluster_title.setText(tr("MOST OF IT") if pixels else tr("CLUSTER"))
        self._bars_title.setText(tr("AREA") if pixels else tr("PROBABILITIES"))
        for widget in (self._votes, self._chips, self._agreement, self._similar):
            widget.setVisible(not pixels)
        votes = [int(vote) for vote in verdicts.assignments.votes[position] if vote >= 0]
        tally = Counter(votes).most_common()
        self._chips.show_votes(votes, ", ".join(f"{count} × {session.cluster_name(one)}" for one, count in tally))
        agree = sum(vote == cluster for vote in votes)
        self._agreement.setText(tr("{0} of {1} sub-heads agree.", agree, len(votes)))

    def _what_was_said(self, row_: int) -> str:
        """What a person said of the image, and what the model thinks of it."""
        session, verdicts = self._session, self._session.verdicts
        said = [tr("Not sure, by you.")] if verdicts.unsure[row_] else []
        if verdicts.by_user[row_] and not verdicts.excluded[row_]:
            home = int(session.curated.home[verdicts.position[row_]])
            same = home == int(verdicts.cluster[row_])
            other = (
                ""
                if home < 0
                else tr(" The model agrees.")
                if same
                else tr(" The model would put it into {0}.", session.cluster_name(home))
            )
            said.append(tr("Placed by you.{0}", other))
        more = "" if session.of_pixels else self.tell_more(int(verdicts.cluster[row_]))
        words = " ".join([*said, more]) if more else " ".join(said)
        return "\n".join([words, self._class_of(row_)]).strip()

    def _class_of(self, row_: int) -> str:
        """The class that was found for the image, and what a person said it shows."""
        snapshot, found = self._session.snapshot, []
        classes, labels = snapshot.class_words, snapshot.label_words
        if classes is not None and snapshot.classified is not None and classes.codes[row_]:
            sure = float(snapshot.classified.probability[snapshot.verdicts.position[row_]])
            found.append(tr("Class {0}, {1} likely.", classes.vocabulary[classes.codes[row_]], percent(sure)))
        if labels is not None and labels.codes[row_]:
            found.append(tr("Labelled {0}.", tr(labels.vocabulary[labels.codes[row_]])))
        return " ".join(found)

    # The large picture ----------------------------------------------------------------------------------------------------------------

    def _load(self, asked: int, path: Path, high_bit_range: tuple[float, float] | None) -> None:
        """Runs in the reading thread; skips pictures that nobody looks at any more."""
        if asked != self._asked:
            return
        from iic_studio.images import decode, kinds, source

        try:
            with path.open("rb") as file:
                head = file.read(kinds.HEAD_BYTES)
            if kinds.kind_of(head, path.suffix.lower()) in kinds.CHILD_ONLY:
                return  # the thumbnail has to do: such files are decoded in child processes only
            picture = decode.load_display(str(path), high_bit_range=high_bit_range)
        except (source.UnreadableImage, OSError) as error:
            known = isinstance(error, source.UnreadableImage)
            self._read.emit((asked, QImage(), tr("This file {0}.", retold_mistake(str(error))) if known else str(error)))
            return
        height, width = picture.pixels.shape[:2]
        pixels = np.ascontiguousarray(picture.pixels)
        whole = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
        self._read.emit((asked, whole, ""))

    def _take_picture(self, read: tuple[int, QImage, str]) -> None:
        asked, picture, problem = read
        if asked == self._asked:
            self.picture.show_picture(QPixmap.fromImage(picture), problem)

    def _with_path(self, act: Callable[[Path], None]) -> None:
        path = path_of(self._session, self._session.current_row())
        if path is not None:
            act(path)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()
