"""A run that cannot be compared picture by picture: one of pixels, or one that groups something else than the groups in use. It is taken
whole or not. Of pixels it is told how much each class covers, now and then; where they lie, the masks show."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHeaderView, QPushButton, QTreeWidget, QTreeWidgetItem, QWidget

from iic_studio.curation import Curated, Proposal, groups_the_same
from iic_studio.gui import theme
from iic_studio.gui.language import later, percent, tr
from iic_studio.gui.session import Session
from iic_studio.gui.table import build_verdicts, folder_areas
from iic_studio.gui.widgets import Label, colour_icon, column, described
from iic_studio.project.command_log import Edit
from iic_studio.project.records import RunRow
from iic_studio.project.task import PIXELS

_COLUMNS = (later("Class"), later("Now"), later("Then"))
_TIPS = (
    later("Classes of pixels: those in use, and those that the run would make"),
    later("Share of all pixels that it covers now"),
    later("Share of all pixels that it would cover"),
)


def fits(proposal: Proposal, in_use: RunRow | None) -> bool:
    """Whether a proposal is one for this dialog."""
    return proposal.run.settings.get("task") == PIXELS or not groups_the_same(proposal.run, in_use)


class TakeoverDialog(QDialog):
    """The question. `wanted` carries the edit that accepts or refuses."""

    wanted = Signal(object)

    def __init__(self, session: Session, proposal: Proposal, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._proposal = proposal
        self._gives_masks = proposal.run.settings.get("task") == PIXELS
        self._is_same = groups_the_same(proposal.run, session.snapshot.in_use)
        title = tr("Review the new run") if proposal.is_new else tr("Review the run {0}", proposal.run.title)
        self.setWindowTitle(title)
        self.about = Label(self._words(), wrap=True)
        self.tree = QTreeWidget()
        self.buttons = QDialogButtonBox()
        use = tr("Use the masks") if self._gives_masks else tr("Use the clusters")
        self.accept_button = self._button(use, QDialogButtonBox.ButtonRole.AcceptRole, tr("Take the run over"))
        self.accept_button.setProperty("role", "primary")
        self.refuse_button = self._button(tr("Refuse"), QDialogButtonBox.ButtonRole.DestructiveRole, tr("Keep everything, and ask no more"))
        rest = self._button(tr("Later"), QDialogButtonBox.ButtonRole.RejectRole, tr("Decide another time"))
        waiting = session.snapshot.proposal
        self.refuse_button.setVisible(waiting is not None and waiting.id == proposal.run.id)
        self.accept_button.clicked.connect(lambda: self._answer(proposal.accept()))
        self.refuse_button.clicked.connect(lambda: self._answer(proposal.refuse()))
        rest.clicked.connect(self.reject)
        self.setLayout(column(Label(title, "heading"), self.about, self.tree, self.buttons, spacing=12, margins=(16, 16, 16, 16)))
        self.setMinimumWidth(520)
        self.tree.setVisible(self._is_same)
        if self._is_same:
            self._fill(_areas(session, proposal.now), _areas(session, proposal.then))
            self.resize(560, 480)

    def _button(self, text: str, role: QDialogButtonBox.ButtonRole, tip: str) -> QPushButton:
        return described(self.buttons.addButton(text, role), text, tip)

    def _words(self) -> str:
        if self._is_same:
            return tr(
                "Names, colours and notes stay with the classes that cover most of the same pictures. How much of all pixels each covers "
                "is below; “Preview” under Runs shows the masks before you decide, and Undo brings back those of now."
            )
        if self._gives_masks:
            return tr(
                "The run gives masks, and clusters of pictures are in use: its classes of pixels would take their place, with names of "
                "their own. Undo brings the clusters back."
            )
        return tr(
            "The run groups pictures, and classes of pixels are in use: its clusters would take their place, with names of their own. "
            "Undo brings the masks back."
        )

    def _fill(self, now: dict[int, float], then: dict[int, float]) -> None:
        """A line for each class, the largest first."""
        tree = self.tree
        tree.setAccessibleName(tr("How much each class covers"))
        tree.setHeaderLabels([tr(one) for one in _COLUMNS])
        tree.setRootIsDecorated(False)
        tree.setUniformRowHeights(True)
        for place, tip in enumerate(_TIPS):
            tree.headerItem().setToolTip(place, tr(tip))
            if place:
                tree.headerItem().setTextAlignment(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        tree.header().setStretchLastSection(False)
        tree.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        groups = {group.uid: group for group in (*self._proposal.now.groups, *self._proposal.then.groups)}
        for uid in sorted(groups, key=lambda uid: (-max(now.get(uid, 0.0), then.get(uid, 0.0)), uid)):
            group = groups[uid]
            label = group.label if uid in now else tr("{0} (new)", group.label)
            item = QTreeWidgetItem([label, *(percent(shares[uid]) if uid in shares else "–" for shares in (now, then))])
            item.setIcon(0, colour_icon(group.colour or theme.palette_colour(uid)))
            item.setToolTip(0, label)
            item.setSizeHint(0, QSize(0, self.fontMetrics().height() + 14))
            for place in (1, 2):
                item.setTextAlignment(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            tree.addTopLevelItem(item)

    def _answer(self, edit: Edit) -> None:
        self.wanted.emit(edit)
        self.accept()


def _areas(session: Session, curated: Curated) -> dict[int, float]:
    """Share of all pixels by the number of the class."""
    shares = folder_areas(session.table, build_verdicts(session.table, curated))
    return {group.uid: float(share) for group, share in zip(curated.groups, shares, strict=True)}
