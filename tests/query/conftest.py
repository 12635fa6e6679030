"""Six files with everything a search can ask for."""

import numpy as np
import pytest

from iic_studio.query import Columns, FileColumns, Texts, Words

PATHS = ("Alps/beach 1.jpg", "Alps/IMG_0002.JPG", "city/night.png", "city/IMG_0010.png", "city/roses, red.jpg", "torn.jpg")
TAKEN = ("2024-05-01 00:00:00", "2024-06-30 23:59:59", "2024-07-01 00:00:00", "", "2023-12-31 12:00:00", "")


@pytest.fixture
def columns() -> Columns:
    """Clusters: Roses, Tulips, Cluster 2; the last file is unreadable."""
    problem = ["", "", "", "", "", "is cut off: the end of the file is missing"]
    files = FileColumns(
        paths=Texts(PATHS),
        taken=np.array(TAKEN, "datetime64[s]"),
        camera=Words.of(["NIKON D90", "NIKON D90", "Canon EOS 5D", "", "", ""]),
        kind=Words.of(["JPEG", "JPEG", "PNG", "PNG", "JPEG", ""]),
        problem=Words.of(problem),
        has_problem=np.array([bool(reason) for reason in problem]),
        width=np.array([4000, 3000, 640, 480, 1000, 0]),
        height=np.array([3000, 4000, 480, 640, 1000, 0]),
    )
    return Columns(
        files=files,
        cluster=np.array([0, 1, 1, 2, 0, -1]),
        cluster_names=("Roses", "Tulips", "Cluster 2"),
        confidence=np.array([0.95, 0.6, 0.59, 0.3, 0.8, 0.0], np.float32),
        margin=np.array([0.9, 0.3, 0.2, 0.05, 0.6, 0.0], np.float32),
        agreement=np.array([1.0, 0.8, 0.6, 0.4, 1.0, 0.0], np.float32),
        uncertain=np.array([False, False, False, True, False, False]),
        excluded=np.array([False, True, False, False, False, False]),
        source=Words.of(["model", "user", "model", "model", "model", ""]),
    )
