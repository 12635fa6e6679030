"""Split a class of pixels by the model's finer clusters; the parts are seen before, on the picture in front."""

import numpy as np
from PySide6.QtCore import QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QSpinBox, QWidget

from iic_studio.curation import Curated, PixelSplit, curate, edits, split_pixels
from iic_studio.curation.colours import colour_of, rgb
from iic_studio.errors import StudioError
from iic_studio.gui.language import percent, tr
from iic_studio.gui.mask_canvas import MaskCanvas, layer_image
from iic_studio.gui.mask_paint import class_layer
from iic_studio.gui.session import Session
from iic_studio.gui.side_thread import SideThread
from iic_studio.gui.telling import told
from iic_studio.gui.widgets import Label, Swatch, column, described, row
from iic_studio.jobs.mask_views import MaskView
from iic_studio.jobs.pixel_parts import known_overlaps
from iic_studio.project.command_log import Edit

MOST_PARTS = 8
_OPACITY = 0.7
_WIDTH, _MARGIN = 560, 16
_HEIGHTS = (200, 380)  # of the picture
_WAIT_MS = 100


class PixelSplitDialog(QDialog):
    """Shows the parts and asks whether to split. `wanted` carries the edit. An answer to an older question is not shown."""

    wanted = Signal(object)

    def __init__(self, session: Session, group: int, picture: QImage, parent: QWidget | None = None) -> None:
        """`picture` is the one in front, perhaps smaller than the original; a null one is not shown."""
        super().__init__(parent)
        self._session, self._curated, self._group = session, session.curated, group
        self._made: tuple[Edit, Curated, PixelSplit] | None = None
        label = self._curated.groups[group].label
        self.setWindowTitle(tr("Split {0}", label))
        self.side_thread = SideThread("iic-split-pixels", self)
        self.number = described(QSpinBox(), tr("Number of parts"), tr("How many parts to make"))
        self.number.setRange(2, MOST_PARTS)
        self._words = Label("", "muted", wrap=True)
        self.canvas = MaskCanvas()
        self.lines = [(Swatch(), Label(), Label(role="number"), Label(role="number")) for _ in range(MOST_PARTS)]
        self._heads = Label(tr("Here"), "muted"), Label(tr("All"), "muted")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.split = self.buttons.addButton(tr("Split"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.split.setProperty("role", "primary")
        self.buttons.accepted.connect(self._do)
        self.buttons.rejected.connect(self.reject)
        body = column(
            Label(tr("Split {0}", label), "heading"),
            row(Label(tr("By the finer clusters")), Label(tr("into")), self.number, Label(tr("parts")), None),
            self._words,
            self.canvas,
            row(None, *self._heads),
            *(row(swatch, name, None, here, share) for swatch, name, here, share in self.lines),
            8,
            self.buttons,
            margins=(_MARGIN,) * 4,
        )
        body.setStretch(3, 1)
        self.setLayout(body)
        self._line_up()
        self._show_picture(picture)
        for place, widgets in enumerate(self.lines):
            for widget in widgets:
                widget.setVisible(place < self.number.value())  # room for the parts to come
        self.resize(_WIDTH, body.totalHeightForWidth(_WIDTH))
        self._soon = QTimer(self, interval=_WAIT_MS, singleShot=True)
        self._soon.timeout.connect(self._ask)
        self.number.valueChanged.connect(lambda _: self._wait())
        self._wait()

    def _line_up(self) -> None:
        """Two columns of numbers, one for the picture in front."""
        wide = max(self.fontMetrics().horizontalAdvance(words) for words in ("< 0.1 %  ", *(head.text() for head in self._heads)))
        described(self._heads[0], tr("Here"), tr("How this picture's pixels of the class are divided; – where it has none"))
        described(self._heads[1], tr("All"), tr("How the pixels of the class in all pictures are divided"))
        for one in (*self._heads, *(number for line in self.lines for number in line[2:])):
            one.setMinimumWidth(wide)
            one.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def _show_picture(self, picture: QImage) -> None:
        view = self._session.masks.view
        self.canvas.setVisible(view is not None and not picture.isNull())
        if view is not None and not picture.isNull():
            least, most = _HEIGHTS
            self.canvas.setMinimumHeight(max(least, min(most, round((_WIDTH - 2 * _MARGIN) * view.height / max(view.width, 1)))))
            self.canvas.show_picture(picture, QSizeF(view.width, view.height))

    @property
    def is_settled(self) -> bool:
        """Whether nothing is being looked for."""
        return not self._soon.isActive() and not self.side_thread.is_busy

    # The parts ------------------------------------------------------------------------------------------------------------------------

    def _wait(self) -> None:
        self._made = None
        self.split.setEnabled(False)
        self._words.setText(tr("Looking for parts…"))
        self._soon.start()

    def _ask(self) -> None:
        """Find the parts beside the window; then what they are in the picture."""
        project, number = self._session.project, self.number.value()
        if project is None:
            return

        def find() -> tuple[Edit, Curated, PixelSplit]:
            curated = self._curated
            said = known_overlaps(project, curated.run, curated.model.parts)
            known = curate(said, curated.curation, curated.run)
            found = split_pixels(project.run_dir(curated.run), known, self._group, number)
            edit = edits.split_pixels(known, self._group, found)
            return edit, curate(said, curated.curation.changed(edit.changes), curated.run), found

        self.side_thread.wish("parts", find, self._show, self._refuse)

    def _refuse(self, error: StudioError) -> None:
        self._words.setText(told(error.message, error.hint))
        self._show_lines([])

    def _show(self, made: tuple[Edit, Curated, PixelSplit]) -> None:
        self._made = made
        _, then, found = made
        self.split.setEnabled(True)
        overlaps = then.model.overlaps
        is_exact = overlaps is not None and overlaps.is_exact
        estimated = tr("The first part keeps the name. Shares are estimated from pieces of the pictures.")
        self._words.setText(tr("The first part keeps the name.") if is_exact else estimated)
        shares = found.shares / max(float(found.shares.sum()), 1e-12)
        colours = [QColor(colour_of(then.groups[place])) for place in self._places()]
        self._show_lines(list(zip(colours, shares.tolist(), strict=True)))
        body = self.layout()
        assert body is not None
        self.resize(self.width(), max(self.height(), body.totalHeightForWidth(self.width())))  # the words may have another line now
        self._session.masks.preview_wanted.emit((then.model.parts, self._paint))

    def _places(self) -> list[int]:
        """Places of the parts among the groups as they would be: the one that stays, then the new ones."""
        assert self._made is not None
        _, then, _ = self._made
        before = {one.uid for one in self._curated.groups}
        stays = then.grouping.index_of[self._curated.groups[self._group].uid]
        return [stays, *(place for place, one in enumerate(then.groups) if one.uid not in before)]

    def _show_lines(self, parts: list[tuple[QColor, float]]) -> None:
        self._heads[0].setVisible(bool(parts) and not self.canvas.isHidden())
        self._heads[1].setVisible(bool(parts))
        for place, (swatch, name, here, share) in enumerate(self.lines):
            for widget in (swatch, name, share):
                widget.setVisible(place < len(parts))
            here.setVisible(place < len(parts) and not self.canvas.isHidden())
            here.setText("")
            if place < len(parts):
                swatch.set_colour(parts[place][0])
                name.setText(tr("New class") if place else tr("Stays"))
                share.setText(percent(parts[place][1]))

    def _paint(self, view: MaskView) -> None:
        """The parts upon the picture; the other classes are left away."""
        if self._made is None or self.canvas.isHidden():
            return
        _, then, _ = self._made
        if view.labels.tolist() != then.model.cluster_labels.tolist():
            return  # of an older question
        ids = then.grouping.of_cluster.astype(np.uint8)[view.ids]
        colours = np.array([rgb(colour_of(one)) for one in then.groups], np.uint8)
        places = self._places()
        shown = np.isin(np.arange(len(then.groups)), places)
        counts = np.bincount(ids.ravel(), minlength=len(then.groups))[places]
        for (_, _, here, _), count in zip(self.lines, counts.tolist(), strict=False):
            here.setText(percent(count / counts.sum()) if counts.any() else "–")
        self.canvas.show_layer(layer_image(class_layer(ids, colours, shown)), _OPACITY)

    # The end --------------------------------------------------------------------------------------------------------------------------

    def _do(self) -> None:
        if self._made is not None:
            self.wanted.emit(self._made[0])
            self._session.refresh()  # what pictures have of the parts lies in the project now
            self.accept()

    def done(self, result: int) -> None:
        """Close. What is still found is told to nobody."""
        self._soon.stop()
        self.side_thread.close(wait=False)
        self._session.masks.preview_wanted.emit(((), None))
        super().done(result)
