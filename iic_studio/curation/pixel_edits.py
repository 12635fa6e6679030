"""What people can do to labels of pixels, each as an `Edit`; as the labels of images they are facts that no training touches."""

from collections.abc import Sequence

import numpy as np

from iic_studio.curation.curated import Curated
from iic_studio.curation.edits import typed_name
from iic_studio.curation.label_edits import new_classes, put_classes
from iic_studio.curation.labels import BY_HAND, FROM_FILE, FROM_QUEUE, GROUPS
from iic_studio.curation.rows import Puts, edit, without_groups
from iic_studio.project.command_log import Edit, Row
from iic_studio.records import IntArray
from iic_studio.words import counted

TABLE = "pixel_labels"


def label_pixels(curated: Curated, places: IntArray, uid: int, *, at_random: bool = False) -> Edit:
    """Say of which class pixels are.

    Args:
        places: (M, 3) image, column, line.
        uid: of a class.
        at_random: they were drawn from all pixels; those that a person picked say nothing of the others.
    """
    row = (uid, FROM_QUEUE if at_random else BY_HAND, 1.0 if at_random else 0.0)
    keys = _keys(places)
    name = curated.curation.known.classes[uid].name
    return without_groups(curated, f"Label {counted(len(keys), 'pixels')} as {name}", Puts(TABLE, keys, [row] * len(keys)))


def unlabel_pixels(curated: Curated, places: IntArray) -> Edit:
    """Take back what was said of pixels."""
    keys = _keys(places)
    return without_groups(curated, f"Unlabel {counted(len(keys), 'pixels')}", Puts(TABLE, keys, [None] * len(keys)))


def read_pixel_labels(curated: Curated, places: IntArray, names: Sequence[str], weights: Sequence[float | None] = ()) -> Edit:
    """Take over labels from a file, with the classes it names.

    Args:
        places: (M, 3), each once.
        names: of their classes.
        weights: (M,) as they were drawn. None, or none at all: the pixel counts as drawn at random, as whoever made the file says.
    """
    new = new_classes(curated.curation.known, sorted(set(names)))
    uids = {one.name: one.uid for one in (*curated.curation.known.classes.values(), *new)}
    rows: list[Row | None] = [
        (uids[typed_name(name)], FROM_FILE if weight is None else FROM_QUEUE, 1.0 if weight is None else float(weight))
        for name, weight in zip(names, weights or [None] * len(names), strict=True)
    ]
    puts = Puts(TABLE, [tuple(place) for place in places.tolist()], rows)
    return without_groups(curated, f"Read labels of {counted(len(places), 'pixels')}", put_classes(*new), puts)


def take_names_for_classes(curated: Curated) -> Edit:
    """Make a class of each name that a person gave to a cluster, and map the cluster to it."""
    named = [group for group in curated.groups if group.name]
    new = new_classes(curated.curation.known, [group.name for group in named])
    uids = {one.name: one.uid for one in (*curated.curation.known.classes.values(), *new)}
    keys: list[Row] = [(GROUPS, group.uid) for group in named]
    rows: list[Row | None] = [(uids[typed_name(group.name)],) for group in named]
    return edit(curated, "Map named clusters to their names", put_classes(*new), Puts("class_map", keys, rows))


def _keys(places: IntArray) -> list[Row]:
    return [tuple(place) for place in np.unique(places.reshape(-1, 3), axis=0).tolist()]
