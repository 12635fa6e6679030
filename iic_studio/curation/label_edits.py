"""What people can do to classes and labels, each as an `Edit`: a sentence and the rows that change.

Labels are facts of images, so an edit of them does not write down the groups of the moment as edits of groups do: a project whose images
were only labelled follows its newest run.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from iic_studio.curation.curated import Curated
from iic_studio.curation.edits import count_images, typed_name
from iic_studio.curation.labels import (
    BY_HAND,
    FIXED,
    FROM_FILE,
    FROM_QUEUE,
    GROUPS,
    METHOD,
    NOT_SURE,
    PRIOR,
    SKIPPED,
    ClassFacts,
    ImageClass,
)
from iic_studio.curation.rows import Puts, edit, without_groups
from iic_studio.errors import UsageError
from iic_studio.project.command_log import Edit
from iic_studio.records import IntArray

_KEYS = "1234567890abcdefghijklmnopqrstuvwxyz"


# Classes -------------------------------------------------------------------------------------------------------------------------------


def define_classes(curated: Curated, names: Sequence[str], *, fixed: bool | None = None) -> Edit:
    """Add classes, each with the first key that is free, or its own name if that is one key; names that are there already stay as they are.

    Args:
        names: what they are called.
        fixed: whether label files may add others from now on; None leaves it as it is.

    Raises:
        UsageError: a name is empty.
    """
    new = new_classes(curated.curation.known, names)
    words = ", ".join(one.name for one in new) if len(new) < 4 else f"{len(new)} classes"
    setting = [] if fixed is None else [_setting(FIXED, "1" if fixed else "")]
    sentence = f"Define {words}" if new else "Let label files add no class" if fixed else "Let label files add classes"
    return without_groups(curated, sentence, put_classes(*new), *setting)


def new_classes(known: ClassFacts, names: Sequence[str]) -> list[ImageClass]:
    """Classes for those of the names that are not known yet."""
    have, keys = {one.name for one in known.classes.values()}, {one.key for one in known.classes.values()}
    uid = 1 + max([-1, *known.classes])
    new: list[ImageClass] = []
    for name in dict.fromkeys(typed_name(one) for one in names):
        if not name:
            raise UsageError("A class needs a name.", "Type one.")
        if name not in have:
            own = name if name in _KEYS and len(name) == 1 else ""
            key = next((one for one in (*own, *_KEYS) if one not in keys), "")
            keys.add(key)
            new.append(ImageClass(uid + len(new), name, key))
    return new


def change_class(curated: Curated, uid: int, *, name: str | None = None, key: str | None = None, colour: str | None = None) -> Edit:
    """Give a class another name, key or colour. A key that another class had is taken from it.

    Raises:
        UsageError: another class has that name, or it is empty.
    """
    known = curated.curation.known
    old = known.classes[uid]
    now = replace(
        old,
        name=old.name if name is None else typed_name(name),
        key=old.key if key is None else key[:1],
        colour=old.colour if colour is None else colour,
    )
    if not now.name:
        raise UsageError("A class needs a name.", "Type one.")
    if known.uid_of(now.name) not in (None, uid):
        raise UsageError(f"There is a class {now.name} already.", "Choose another name.")
    robbed = [replace(one, key="") for one in known.classes.values() if one.uid != uid and one.key and one.key == now.key]
    sentence = (
        f"Name {old.name} “{now.name}”" if now.name != old.name else f"Give {old.name} another {'key' if key is not None else 'colour'}"
    )
    return without_groups(curated, sentence, put_classes(now, *robbed))


def drop_class(curated: Curated, uid: int) -> Edit:
    """Take a class away, with its labels and what was mapped to it by hand."""
    known = curated.curation.known
    images = known.labels.images[known.labels.classes == uid]
    pixels = [tuple(place) for place in known.pixels.of_class(uid).tolist()]
    count = len(images) + len(pixels)
    mapped = [key for key, value in known.by_hand.items() if value == uid]
    return without_groups(
        curated,
        f"Drop {known.classes[uid].name} and {count:,} {'label' if count == 1 else 'labels'}",
        Puts("classes", [(uid,)], [None]),
        Puts("labels", [(one,) for one in images.tolist()], [None] * len(images)),
        Puts("pixel_labels", pixels, [None] * len(pixels)),
        Puts("class_map", mapped, [None] * len(mapped)),
    )


def put_classes(*classes: ImageClass) -> Puts:
    """Classes as they shall be."""
    return Puts("classes", [(one.uid,) for one in classes], [(one.name, one.key, one.colour) for one in classes])


# Labels --------------------------------------------------------------------------------------------------------------------------------


def label(curated: Curated, images: IntArray, uid: int, *, from_queue: bool = False, weight: float = 0.0) -> Edit:
    """Say what images show; a whole cluster is `curated.images_in(group)`.

    Args:
        images: (M,) ids.
        uid: of a class, or `NOT_SURE` or `SKIPPED`.
        from_queue: the queue suggested them, with the weight given there. Images that a person picked say nothing of the others.
    """
    what = {NOT_SURE: "not sure", SKIPPED: "skipped"}.get(uid) or curated.curation.known.classes[uid].name
    row = (uid, FROM_QUEUE if from_queue else BY_HAND, float(weight) if from_queue else 0.0)
    images = np.unique(images)
    return without_groups(
        curated, f"Label {count_images(len(images))} as {what}", Puts("labels", [(one,) for one in images.tolist()], [row] * len(images))
    )


def unlabel(curated: Curated, images: IntArray) -> Edit:
    """Take back what was said of images."""
    images = np.unique(images)
    return without_groups(
        curated, f"Unlabel {count_images(len(images))}", Puts("labels", [(one,) for one in images.tolist()], [None] * len(images))
    )


def read_labels(curated: Curated, images: IntArray, names: Sequence[str], weights: Sequence[float | None] = ()) -> Edit:
    """Take over labels from a file, with the classes it names.

    Args:
        images: (M,) ids, each once.
        names: of their classes.
        weights: (M,) as the queue gave them. None, or none at all: the image counts as drawn at random, as whoever made the file says.
    """
    new = new_classes(curated.curation.known, sorted(set(names)))
    uids = {one.name: one.uid for one in (*curated.curation.known.classes.values(), *new)}
    uid_of = {name: uids[typed_name(name)] for name in set(names)}
    rows = [
        (uid_of[name], FROM_FILE, 1.0) if weight is None else (uid_of[name], FROM_QUEUE, float(weight))
        for name, weight in zip(names, weights or [None] * len(names), strict=True)
    ]
    puts = Puts("labels", [(one,) for one in images.tolist()], rows)
    return without_groups(curated, f"Read labels of {count_images(len(images))}", put_classes(*new), puts)


def read_truth(curated: Curated, images: IntArray, names: Sequence[str]) -> Edit:
    """Take over what images are known to show, for judging alone.

    Args:
        images: (M,) ids, each once.
        names: of what they show.
    """
    single = {name: (typed_name(name),) for name in set(names)}
    puts = Puts("truth", [(one,) for one in images.tolist()], [single[name] for name in names])
    return without_groups(curated, f"Read the truth of {count_images(len(images))}", puts)


def drop_truth(curated: Curated) -> Edit:
    """Forget all truth."""
    images = curated.curation.known.truth.images
    puts = Puts("truth", [(one,) for one in images.tolist()], [None] * len(images))
    return without_groups(curated, f"Drop the truth of {count_images(len(images))}", puts)


# The map -------------------------------------------------------------------------------------------------------------------------------


def correct_map(curated: Curated, group: int, uid: int | None) -> Edit:
    """Map a group to a class by hand, whatever its labels say; None lets the labels decide again.

    Args:
        group: its place in `curated.groups`.
    """
    one, known = curated.groups[group], curated.curation.known
    sentence = f"Map {one.label} to {known.classes[uid].name}" if uid is not None else f"Let the labels map {one.label}"
    return edit(curated, sentence, Puts("class_map", [(GROUPS, one.uid)], [None if uid is None else (uid,)]))


def correct_overcluster(curated: Curated, overcluster: int, uid: int | None) -> Edit:
    """As `correct_map`, for an overcluster of the run that the groups stand on."""
    known = curated.curation.known
    sentence = (
        f"Map fine cluster {overcluster} to {known.classes[uid].name}"
        if uid is not None
        else f"Let the labels map fine cluster {overcluster}"
    )
    return edit(curated, sentence, Puts("class_map", [(curated.run, overcluster)], [None if uid is None else (uid,)]))


def choose_map(curated: Curated, method: str, prior: str = "") -> Edit:
    """Say how clusters become classes, see `classes.METHODS`; "auto" lets cross-validation choose."""
    return without_groups(curated, f"Choose the map {method}", _setting(METHOD, "" if method == "auto" else method), _setting(PRIOR, prior))


def _setting(key: str, value: str) -> Puts:
    return Puts("label_settings", [(key,)], [(value,) if value else None])
