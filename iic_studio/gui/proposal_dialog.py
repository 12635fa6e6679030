"""A new run beside the clusters people know: what each would win and lose, to be accepted whole or in part, or refused."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHeaderView, QPushButton, QTreeWidget, QTreeWidgetItem, QWidget

from iic_studio.curation import GroupDiff, Proposal
from iic_studio.gui import theme
from iic_studio.gui.language import amount, count_images, later, tr
from iic_studio.gui.session import Session
from iic_studio.gui.strip import PictureStrip
from iic_studio.gui.thumbnails import Thumbnails
from iic_studio.gui.widgets import Label, colour_icon, column, described, row
from iic_studio.project.command_log import Edit

_COLUMNS = (later("Cluster"), later("Now"), later("Then"), later("Stay"), later("Come"), later("Go"), later("Disputed"))
_TIPS = (
    later("Ticked clusters follow the run; the others keep exactly the pictures they have"),
    later("Pictures in it now"),
    later("Pictures in it if it follows the run"),
    later("Pictures that are in it now and then"),
    later("Pictures that would come from other clusters"),
    later("Pictures that would go to other clusters"),
    later("Pictures that you put into it and that the run would put elsewhere; they stay"),
)
_MOST_NAMED = 4
_WIDTH, _HEIGHT, _LINES = 720, 680, 40
_AROUND, _EDGE = 120, 40  # of a name: tick, colour and margins; of the window: what stays free


def in_words(flow: tuple[tuple[str, int], ...], *, come: bool) -> str:
    """Where images come from or go to: "12 from tulips, 3 from roses"."""
    words = later("{0:,} from {1}") if come else later("{0:,} to {1}")
    named = [tr(words, count, label or tr("no cluster")) for label, count in flow[:_MOST_NAMED]]
    rest = sum(count for _, count in flow[_MOST_NAMED:])
    return ", ".join([*named, *([tr(words, rest, tr("others"))] if rest else [])])


def _is_empty(diff: GroupDiff) -> bool:
    """Whether it is a new group without images: of no interest to anybody."""
    return diff.is_new and not diff.after


class ProposalDialog(QDialog):
    """The review. `wanted` carries the edit that accepts or refuses."""

    wanted = Signal(object)

    def __init__(self, session: Session, thumbnails: Thumbnails, proposal: Proposal, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._proposal = proposal
        self.setWindowTitle(self._title())
        self.tree = QTreeWidget()
        self.tree.setAccessibleName(tr("What would change in each cluster"))
        self.tree.setHeaderLabels([tr(one) for one in _COLUMNS])
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        for place, tip in enumerate(_TIPS):
            self.tree.headerItem().setToolTip(place, tr(tip))
            if place:
                self.tree.headerItem().setTextAlignment(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._comes, self._goes = Label(wrap=True), Label(wrap=True)
        self._coming = PictureStrip(session, thumbnails, "proposal comes")
        self._going = PictureStrip(session, thumbnails, "proposal goes")
        self._about = Label("", "muted", wrap=True)
        self.buttons = QDialogButtonBox()
        self.accept_button = self._button(tr("Accept"), QDialogButtonBox.ButtonRole.AcceptRole, tr("Take the run for the ticked clusters"))
        self.accept_button.setProperty("role", "primary")
        self.refuse_button = self._button(tr("Refuse"), QDialogButtonBox.ButtonRole.DestructiveRole, tr("Keep everything, and ask no more"))
        self._later = self._button(tr("Later"), QDialogButtonBox.ButtonRole.RejectRole, tr("Decide another time"))
        self.all_button = described(QPushButton(tr("Tick all")), tr("Tick all clusters"))
        self.none_button = described(QPushButton(tr("Tick none")), tr("Tick no cluster"))
        self.refuse_button.setVisible(session.snapshot.proposal is not None and session.snapshot.proposal.id == proposal.run.id)
        self._build()
        self._fill()
        self._fit()

    def _button(self, text: str, role: QDialogButtonBox.ButtonRole, tip: str) -> QPushButton:
        return described(self.buttons.addButton(text, role), text, tip)

    def _build(self) -> None:
        self.setLayout(
            column(
                Label(self._title(), "heading"),
                self._about,
                self.tree,
                row(self.all_button, self.none_button, None),
                self._comes,
                self._coming,
                self._goes,
                self._going,
                8,
                self.buttons,
                margins=(16, 16, 16, 16),
            )
        )
        self.layout().setStretch(2, 1)  # type: ignore[union-attr]
        self.tree.currentItemChanged.connect(lambda *_: self._show_current())
        self.tree.itemChanged.connect(lambda *_: self._name_buttons())
        self.all_button.clicked.connect(lambda: self._tick(True))
        self.none_button.clicked.connect(lambda: self._tick(False))
        self.accept_button.clicked.connect(lambda: self._answer(self.accepting()))
        self.refuse_button.clicked.connect(lambda: self._answer(self._proposal.refuse()))
        self._later.clicked.connect(self.reject)

    def _fit(self) -> None:
        """As wide as the table needs in these letters, and as high as shows some of it, within the window."""
        header, letters = self.tree.header(), self.fontMetrics()
        columns = sum(header.sectionSizeHint(place) for place in range(1, len(_COLUMNS)))
        width = columns + letters.horizontalAdvance("Cluster 00000 (new)") + _AROUND
        parent = self.parentWidget()
        room = self.screen().availableSize() if parent is None else parent.window().size()
        self.resize(max(_WIDTH, min(width, room.width() - _EDGE)), max(_HEIGHT, min(_LINES * letters.height(), room.height() - _EDGE)))

    def _title(self) -> str:
        return tr("Review the new run") if self._proposal.is_new else tr("Review the run {0}", self._proposal.run.title)

    def _say_conflicts(self, pictures: str) -> str:
        if self._proposal.is_new:
            return tr(" The new run disagrees with you about {0}.", pictures)
        return tr(" The run {0} disagrees with you about {1}.", self._proposal.run.title, pictures)

    def _fill(self) -> None:
        proposal = self._proposal
        conflicts = len(proposal.conflicts)
        self._about.setText(
            tr(
                "{0} would change cluster. Names, colours and notes stay with the clusters that hold the same "
                "pictures; whatever you moved, excluded or marked stays as you said.",
                count_images(proposal.num_moving),
            )
            + (self._say_conflicts(count_images(conflicts)) if conflicts else "")
        )
        # The ones that change most come first.
        changing = [diff for diff in proposal.diffs if not _is_empty(diff)]
        for diff in sorted(changing, key=lambda diff: (-(diff.joins + diff.leaves), diff.group.uid)):
            numbers = (diff.before, diff.after, diff.stays, diff.joins, diff.leaves, diff.conflicts)
            label = tr("{0} (new)", diff.group.label) if diff.is_new else diff.group.label
            item = QTreeWidgetItem([label, *(amount(number) if number else "–" for number in numbers)])
            item.setData(0, Qt.ItemDataRole.UserRole, diff)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(0, Qt.CheckState.Checked)
            item.setSizeHint(0, QSize(0, self.fontMetrics().height() + 14))
            item.setIcon(0, colour_icon(diff.group.colour or theme.palette_colour(diff.group.uid)))
            for place in range(1, len(_COLUMNS)):
                item.setTextAlignment(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.tree.addTopLevelItem(item)
        for item in self._items()[:1]:
            self.tree.setCurrentItem(item)
        self._name_buttons()

    def _items(self) -> list[QTreeWidgetItem]:
        return [item for place in range(self.tree.topLevelItemCount()) if (item := self.tree.topLevelItem(place)) is not None]

    def ticked(self) -> list[int]:
        """Numbers of the groups that shall follow the new run."""
        return [item.data(0, Qt.ItemDataRole.UserRole).group.uid for item in self._items() if item.checkState(0) == Qt.CheckState.Checked]

    def accepting(self) -> Edit:
        """The edit for the ticked groups; with all of them come the new ones that nothing is in, which are not listed."""
        ticked = self.ticked()
        return self._proposal.accept(None if len(ticked) == len(self._items()) else ticked)

    def _tick(self, ticked: bool) -> None:
        for item in self._items():
            item.setCheckState(0, Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)

    def _name_buttons(self) -> None:
        number, total = len(self.ticked()), len(self._items())
        self.accept_button.setText(tr("Accept all") if number == total else tr("Accept {0} of {1}", number, total))
        self.accept_button.setEnabled(number > 0)

    def _show_current(self) -> None:
        item = self.tree.currentItem()
        diff: GroupDiff | None = item.data(0, Qt.ItemDataRole.UserRole) if item is not None else None
        if diff is None:
            return
        label = diff.group.label
        self._comes.setText(
            tr("Come to {0}: {1}.", label, in_words(diff.joins_from, come=True)) if diff.joins else tr("Nothing comes to {0}.", label)
        )
        self._goes.setText(
            tr("Leave {0}: {1}.", label, in_words(diff.leaves_to, come=False)) if diff.leaves else tr("Nothing leaves {0}.", label)
        )
        for strip, images in ((self._coming, diff.joining), (self._going, diff.leaving)):
            strip.show_images(images)
            strip.setVisible(bool(len(images)))

    def _answer(self, edit: Edit) -> None:
        self.wanted.emit(edit)
        self.accept()

    def done(self, result: int) -> None:
        """Close."""
        for strip in (self._coming, self._going):
            strip.forget()
        super().done(result)
