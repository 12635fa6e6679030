"""What a person can do to clusters and pictures: one action each, for the Edit menu, the menus of list and gallery, and the keyboard.

Actions work on the selected pictures, on the selected lines of the list, or on the cluster that is shown. After each edit a notice says
what was done and offers to take it back.
"""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QColorDialog, QDialog, QInputDialog, QMenu

from iic_studio.curation import Curated, Proposal, edits, groups_the_same, load_proposal, told
from iic_studio.errors import StudioError, UsageError
from iic_studio.gui import theme
from iic_studio.gui.actions import Actions
from iic_studio.gui.check_dialog import CheckDialog
from iic_studio.gui.group_chooser import Choice, GroupChooser
from iic_studio.gui.language import count_images, tr
from iic_studio.gui.notice import Notice
from iic_studio.gui.pixel_split_dialog import PixelSplitDialog
from iic_studio.gui.proposal_dialog import ProposalDialog
from iic_studio.gui.retold import retold
from iic_studio.gui.session import Change, Session, Shown
from iic_studio.gui.split_dialog import SplitDialog
from iic_studio.gui.takeover_dialog import TakeoverDialog, fits
from iic_studio.gui.widgets import colour_icon, name_fields
from iic_studio.gui.workspace import Workspace
from iic_studio.project.command_log import Edit, Step
from iic_studio.project.records import RunRow
from iic_studio.project.task import PIXELS
from iic_studio.records import IntArray

ON_IMAGES = ("move", "unsure", "exclude", "restore", "give_back")
ONLY_OF_PICTURES = ("move", "unsure", "give_back")
ON_CLUSTERS = ("rename", "colour", "note", "merge", "compare", "split", "check")
_COLOURS = 8


class Editing(QObject):
    """The person's hand on the groups. Call `attach` when the window is put together."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._actions: Actions
        self._workspace: Workspace
        self._notice: Notice
        self._told_proposal = ""
        self._to_review = ""
        self.more_on_clusters: list[QAction] = []  # what else the menu of a cluster offers
        log = session.corrections
        self.handlers: dict[str, Callable[[], object]] = {
            "undo": log.undo,
            "redo": log.redo,
            "rename": self.rename,
            "colour": self.choose_colour,
            "note": self.write_note,
            "merge": self.merge,
            "compare": self.compare,
            "split": self.split,
            "check": self.check,
            "move": self.move,
            "unsure": self.mark_unsure,
            "exclude": lambda: self.change_images(edits.exclude),
            "restore": lambda: self.change_images(edits.restore),
            "give_back": lambda: self.change_images(edits.release),
            "review": self.review,
        }

    def attach(self, actions: Actions, workspace: Workspace, notice: Notice) -> None:
        """Connect with the window's parts."""
        self._actions, self._workspace, self._notice = actions, workspace, notice
        workspace.preview.review_wanted.connect(self.review)
        workspace.runs.review_wanted.connect(self.review_run)
        workspace.gallery.corrections.extend(actions[name] for name in ON_IMAGES)
        for view in (workspace.clusters.view, workspace.mask_panel.view):
            view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            view.customContextMenuRequested.connect(self._show_cluster_menu)
            view.selectionModel().selectionChanged.connect(lambda *_: self._update())
        workspace.tabs.currentChanged.connect(lambda _: self._update())
        self._session.changed.connect(self._follow)
        self._session.corrections.walked.connect(self._tell)
        self._update()

    # What is meant --------------------------------------------------------------------------------------------------------------------

    def clusters(self) -> list[int]:
        """Selected clusters, or else the one that is shown."""
        shown, total = self._session.shown, self._session.num_clusters
        chosen = self._workspace.class_list.selected_clusters() or ([shown.cluster] if shown.kind == "cluster" else [])
        return [one for one in chosen if one < total]

    def _cluster(self) -> int | None:
        """The one cluster that is meant, or none."""
        shown, chosen = self._session.shown, self.clusters()
        if shown.kind == "cluster" and shown.cluster in chosen:
            return shown.cluster
        return chosen[0] if len(chosen) == 1 else None

    def _may(self) -> bool:
        """Whether the project can be changed; if not, it is said."""
        project = self._session.project
        if project is not None and not project.writable:
            words = tr("The project is open for reading only, so nothing can be changed.")
            self._session.failed.emit(StudioError(words, tr("Close it in the other window first.")))
        return project is not None and project.writable

    # Clusters -------------------------------------------------------------------------------------------------------------------------

    def rename(self) -> None:
        """Type a name in the list."""
        cluster = self._cluster()
        if cluster is not None and self._may():
            self._workspace.class_list.edit_name(cluster)

    def merge(self) -> None:
        """Make one cluster of the selected ones, and show it."""
        chosen = self.clusters()
        if self._may():
            try:
                self._session.corrections.do(edits.merge(self._session.curated, chosen))
            except UsageError as error:
                self._session.failed.emit(UsageError(error.message, tr("Select several in the list with Ctrl and a click.")))

    def compare(self) -> None:
        """Lay two clusters side by side."""
        chosen = self.clusters()
        if len(chosen) == 2:
            self._session.show(Shown("beside", chosen[0], chosen[1]))

    def choose_colour(self) -> None:
        """Offer colours for the cluster beside its line."""
        cluster = self._cluster()
        if cluster is None or not self._may():
            return
        menu = QMenu(tr("Colour"), self._workspace)
        menu.aboutToHide.connect(menu.deleteLater)
        for number in range(_COLOURS):
            colour = theme.palette_colour(number)
            menu.addAction(colour_icon(colour, 16), tr("Colour {0}", number + 1), lambda colour=colour: self._recolour(cluster, colour))
        menu.addSeparator()
        menu.addAction(tr("Another colour…"), lambda: self._pick_colour(cluster))
        menu.addAction(tr("Automatic"), lambda: self._recolour(cluster, ""))
        view = self._workspace.class_list.view
        menu.popup(view.viewport().mapToGlobal(view.visualRect(view.currentIndex()).bottomLeft() + QPoint(40, 0)))

    def _pick_colour(self, cluster: int) -> None:
        dialog = QColorDialog(theme.cluster_colour(cluster), self._workspace)
        dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
        uid = self._session.curated.groups[cluster].uid
        dialog.colorSelected.connect(lambda colour: self._to_group(uid, lambda place: self._recolour(place, colour.name())))
        self._open(dialog)

    def _recolour(self, cluster: int, colour: str) -> None:
        self._session.corrections.do(edits.recolour(self._session.curated, cluster, colour))

    def write_note(self) -> None:
        """Type a note about the cluster."""
        cluster = self._cluster()
        if cluster is None or not self._may():
            return
        group = self._session.curated.groups[cluster]
        dialog = QInputDialog(self._workspace)
        dialog.setWindowTitle(tr("Note about {0}", group.label))
        dialog.setLabelText(tr("A note for yourself. It is shown beside the name."))
        dialog.setOption(QInputDialog.InputDialogOption.UsePlainTextEditForTextInput)
        dialog.setTextValue(group.note)
        name_fields(dialog)
        dialog.textValueSelected.connect(lambda text: self._to_group(group.uid, lambda place: self._annotate(place, text)))
        self._open(dialog)

    def _annotate(self, cluster: int, note: str) -> None:
        self._session.corrections.do(edits.annotate(self._session.curated, cluster, note))

    def _to_group(self, uid: int, do: Callable[[int], None]) -> None:
        """Do something to a group by its place, which may have changed while a dialog was open."""
        place = self._session.curated.grouping.index_of.get(uid)
        if place is not None:
            do(place)

    def split(self) -> None:
        """Ask how to split the cluster."""
        cluster = self._cluster()
        if cluster is not None and self._may():
            dialog: SplitDialog | PixelSplitDialog
            if self._session.of_pixels:
                dialog = PixelSplitDialog(self._session, cluster, self._workspace.masks.canvas.picture, self._workspace)
            else:
                dialog = SplitDialog(self._session, self._workspace.thumbnails, cluster, self._workspace)
            dialog.wanted.connect(self._session.corrections.do)
            self._open(dialog)

    def check(self) -> None:
        """Look through the cluster, page by page."""
        cluster = self._cluster()
        if cluster is not None and self._may():
            self._open(CheckDialog(self._session, self._workspace.thumbnails, cluster, self._workspace))

    # Pictures -------------------------------------------------------------------------------------------------------------------------

    def move(self) -> None:
        """Ask where the selected pictures shall go."""
        images = self._session.selected_ids()
        if len(images) and self._may():
            chooser = GroupChooser(self._session.curated, count_images(len(images)), self._workspace)
            chooser.chosen.connect(self.move_to)
            self._open(chooser)

    def move_to(self, choice: Choice) -> None:
        """Put the selected pictures there."""
        self.change_images(choice.move)

    def mark_unsure(self) -> None:
        """Mark the selected pictures as not sure; all of them marked already, take the mark away."""
        session = self._session
        all_marked = bool(session.verdicts.unsure[session.selected].all())
        self.change_images(lambda curated, images: edits.mark_unsure(curated, images, unsure=not all_marked))

    def change_images(self, make: Callable[[Curated, IntArray], Edit]) -> None:
        """Do an edit of the selected pictures. When they leave what is shown, the next one is selected, so that the keyboard goes on."""
        session = self._session
        images = session.selected_ids()
        if not len(images) or not self._may():
            return
        seen = np.flatnonzero(session.selected[session.shown_rows])
        session.corrections.do(make(session.curated, images))
        rows = session.shown_rows
        if len(seen) and len(rows) and not session.selected[rows].any():
            following = rows[[min(int(seen[0]), len(rows) - 1)]]
            session.select(following, int(following[0]))

    # New runs -------------------------------------------------------------------------------------------------------------------------

    def review(self) -> None:
        """Show what a new run would change, or the run that is previewed."""
        snapshot = self._session.snapshot
        run = snapshot.proposal if snapshot.is_in_force else snapshot.run
        if run is not None:
            self.review_run(run.id)

    def review_run(self, run: str) -> None:
        """Show what a run would change; first the clusters in use, which it is compared with."""
        session = self._session
        self._to_review = ""
        if session.project is None or not self._may():
            return
        if not session.snapshot.is_in_force:
            self._to_review = run
            session.show_run(None)
            return
        proposal = self._proposal(run)
        if proposal is not None:
            dialog: ProposalDialog | TakeoverDialog
            if fits(proposal, session.snapshot.in_use):
                dialog = TakeoverDialog(session, proposal, self._workspace)
            else:
                dialog = ProposalDialog(session, self._workspace.thumbnails, proposal, self._workspace)
            dialog.wanted.connect(session.corrections.do)
            self._open(dialog)

    def _accept(self, run: str) -> None:
        """Take a run whole."""
        proposal = self._proposal(run) if self._may() else None
        if proposal is not None:
            self._session.corrections.do(proposal.accept())

    def _proposal(self, run: str) -> Proposal | None:
        """What a run would change; None, and said why, where that cannot be read."""
        session = self._session
        if session.project is None:
            return None
        try:
            return load_proposal(session.project, session.project.run(run), session.curated)
        except StudioError as error:
            session.failed.emit(error)
            return None

    # Around it ------------------------------------------------------------------------------------------------------------------------

    def _open(self, dialog: QDialog) -> None:
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _show_cluster_menu(self, where: QPoint) -> None:
        view = self._workspace.class_list.view
        menu = QMenu(view)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.addActions([self._actions[name] for name in ON_CLUSTERS])
        if view is self._workspace.clusters.view:
            menu.addActions([self._workspace.clusters.select_its, *self.more_on_clusters])
        menu.popup(view.viewport().mapToGlobal(where))

    def _tell(self, step: Step, undone: bool) -> None:
        log = self._session.corrections
        for page, table in ((self._workspace.labels, "labels"), (self._workspace.pixel_panel, "pixel_labels")):
            if page.isVisible() and all(one.table == table for one in step.changes):
                return  # the page shows each label itself
        if undone:
            self._notice.tell(tr("Taken back: {0}.", retold(step.sentence)), label=tr("Redo"), do=log.redo)
        else:
            self._notice.tell(f"{retold(told(step.sentence))}.", "ok", label=tr("Undo"), do=log.undo)

    def _follow(self, what: Change) -> None:
        if what & (Change.CLUSTERS | Change.SELECTION | Change.SHOWN | Change.PROJECT | Change.LABELS):
            self._update()
        proposal = self._session.snapshot.proposal
        if what & Change.PROJECT:
            self._to_review = ""
        if what & Change.CLUSTERS and self._to_review and self._session.snapshot.is_in_force:
            self.review_run(self._to_review)
        if what & Change.CLUSTERS and (proposal.id if proposal else "") != self._told_proposal:
            self._told_proposal = proposal.id if proposal else ""
            if proposal is not None:
                self._tell_proposal(proposal)

    def _tell_proposal(self, run: RunRow) -> None:
        """Say that a new run waits. One that groups something else takes the place of the clusters whole: there is nothing to compare."""
        if groups_the_same(run, self._session.snapshot.in_use):
            words = tr("A new run is ready. Your clusters stay as they are until you accept it.")
            self._notice.tell(words, label=tr("Review"), do=self.review)
        elif run.settings.get("task") == PIXELS:
            words = tr("The masks are ready. Your clusters of pictures stay until you use the masks; Undo brings them back.")
            self._notice.tell(words, label=tr("Use the masks"), do=lambda: self._accept(run.id))
        else:
            words = tr("The clusters of pictures are ready. Your classes of pixels stay until you use the clusters; Undo brings them back.")
            self._notice.tell(words, label=tr("Use the clusters"), do=lambda: self._accept(run.id))

    def _update(self) -> None:
        """Enable what makes sense now, and say what would be undone."""
        session, actions = self._session, self._actions
        curation, chosen = session.curated.curation, self.clusters()
        selected = bool(session.selected.any())
        can = {
            "undo": bool(curation.undo),
            "redo": bool(curation.redo),
            "merge": len(chosen) > 1,
            "compare": len(chosen) == 2,
            "review": session.snapshot.proposal is not None or not session.snapshot.is_in_force,
        }
        can |= dict.fromkeys(ON_IMAGES, selected) | dict.fromkeys(
            ("rename", "colour", "note", "split", "check"), self._cluster() is not None
        )
        if session.of_pixels:  # pictures are in no class, they have a share of each
            can |= dict.fromkeys((*ONLY_OF_PICTURES, "compare", "check"), False)
            can["split"] &= session.snapshot.is_in_force and session.training_run is None
        if selected:
            verdicts, rows = session.verdicts, session.selected
            can["restore"] = bool(verdicts.excluded[rows].any())
            can["exclude"] = not bool(verdicts.excluded[rows].all())
            can["give_back"] = not session.of_pixels and bool((session.curated.curation.pins.of(session.selected_ids())[:, 0] >= 0).any())
        for name, possible in can.items():
            actions[name].setEnabled(possible)
        for name, word, sentence in (("undo", tr("Undo"), curation.undo), ("redo", tr("Redo"), curation.redo)):
            actions[name].setText(tr("{0} “{1}”", word, retold(sentence)) if sentence else word)
