"""Pictures, words and colours of the points of a map, from the session and the thumbnails."""

from PySide6.QtGui import QColor, QPixmap

from iic_studio.gui import theme
from iic_studio.gui.files import printable
from iic_studio.gui.language import tr
from iic_studio.gui.map_points import MapPoints
from iic_studio.gui.session import Session
from iic_studio.gui.table import Rows
from iic_studio.gui.thumbnails import Thumbnails


class MapSource:
    """Feeds the map. `points` says which row of the table each point is."""

    def __init__(self, session: Session, thumbnails: Thumbnails) -> None:
        self._session = session
        self._thumbnails = thumbnails
        self.points = MapPoints()

    def _row(self, point: int) -> int:
        return int(self.points.rows[point])

    def images(self, points: Rows) -> list[int]:
        """Ids of the images of some points."""
        return list(self._session.table.ids[self.points.rows[points]].tolist())

    def picture(self, point: int) -> QPixmap | None:
        """The picture of a point, if it is here."""
        found = self._thumbnails.get(int(self._session.table.ids[self._row(point)]))
        return None if found is None else found.picture

    def want(self, points: Rows, side: int) -> None:
        """Ask for the pictures that are not here yet, to fit in `side` device pixels."""
        rows = self.points.rows[points].tolist()
        self._thumbnails.want("map", self._thumbnails.lacking(self._session.table, rows, side, least=1))

    def want_large(self, point: int, side: int) -> None:
        """Ask for one picture as large as a card shows it."""
        self._thumbnails.want("map card", self._thumbnails.lacking(self._session.table, [self._row(point)], side))

    def words(self, point: int) -> tuple[str, str]:
        """Name of the file, and where the model puts it."""
        session, row_ = self._session, self._row(point)
        name = printable(session.table.paths[row_]).rpartition("/")[2]
        cluster = int(session.verdicts.cluster[row_])
        if cluster < 0:
            return name, tr("not sorted yet")
        return name, f"{100 * float(session.verdicts.confidence[row_]):.0f} %, {session.cluster_name(cluster)}"

    def colour(self, point: int) -> QColor:
        """Of the point's cluster."""
        return theme.cluster_colour(int(self._session.verdicts.cluster[self._row(point)]))
