"""What people can do to groups and images, each as an `Edit`: a sentence and the rows that change.

Pure functions from the state a person looks at.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from iic_studio.curation.curated import Curated
from iic_studio.curation.rows import Puts, drop_groups, edit, next_uid, put_groups, put_pins
from iic_studio.curation.splitting import PixelSplit
from iic_studio.curation.state import NOWHERE, USER, Group, part_row
from iic_studio.errors import UsageError
from iic_studio.project.command_log import Edit, RowChanges
from iic_studio.project.records import RunRow
from iic_studio.records import IntArray, Part

MOST_NAME, MOST_NOTE = 80, 4000
MOST_PARTS = 256

# The first word of each sentence, as it is told afterwards.
_PAST = {
    "Accept": "Accepted",
    "Choose": "Chose",
    "Colour": "Coloured",
    "Define": "Defined",
    "Drop": "Dropped",
    "Exclude": "Excluded",
    "Give": "Gave",
    "Label": "Labelled",
    "Let": "Let",
    "Map": "Mapped",
    "Mark": "Marked",
    "Merge": "Merged",
    "Move": "Moved",
    "Name": "Named",
    "Read": "Read",
    "Refuse": "Refused",
    "Restore": "Restored",
    "Split": "Split",
    "Take": "Took",
    "Unlabel": "Unlabelled",
    "Unmark": "Unmarked",
    "Write": "Wrote",
}


def told(sentence: str) -> str:
    """A sentence once it is done: "Moved 12 images to tulips"."""
    verb, _, rest = sentence.partition(" ")
    return f"{_PAST.get(verb, verb)} {rest}"


def count_images(number: int) -> str:
    """ "1 image", "12 images"."""
    return f"{number:,} {'picture' if number == 1 else 'pictures'}"


# Groups --------------------------------------------------------------------------------------------------------------------------------


def rename(curated: Curated, group: int, name: str) -> Edit:
    """Give a group a name; an empty one takes it away.

    Raises:
        UsageError: it is too long.
    """
    old, name = curated.groups[group], typed_name(name)
    sentence = f"Name {old.label} “{name}”" if name else f"Take the name from {old.label}"
    return edit(curated, sentence, put_groups(replace(old, name=name)))


def recolour(curated: Curated, group: int, colour: str) -> Edit:
    """Give a group a colour as `#rrggbb`; an empty one stands for the automatic one."""
    old = curated.groups[group]
    return edit(curated, f"Colour {old.label}", put_groups(replace(old, colour=colour)))


def annotate(curated: Curated, group: int, note: str) -> Edit:
    """Keep a note about a group."""
    old = curated.groups[group]
    return edit(curated, f"Write a note about {old.label}", put_groups(replace(old, note=plain_text(note, MOST_NOTE, lines=True))))


def merge(curated: Curated, groups: Sequence[int]) -> Edit:
    """Make one group of several: the largest of those with a name, or the largest of all, takes in the others and their notes.

    Raises:
        UsageError: fewer than two groups.
    """
    chosen = sorted(set(groups), key=lambda place: (not curated.groups[place].name, -int(curated.sizes[place]), place))
    if len(chosen) < 2:
        raise UsageError("One cluster cannot be merged.", "Select two or more.")
    target, others = curated.groups[chosen[0]], [curated.groups[place] for place in chosen[1:]]
    gone = [group.uid for group in others]
    note = "\n".join(dict.fromkeys(one.note for one in (target, *others) if one.note))
    maps = [(run, label, uid) for run, one in curated.curation.maps.items() for label, uid in one.items()]
    maps += [(curated.run, label, group.uid) for label, group in curated.grouping.unstored.items()]
    moved = [(run, label, uid) for run, label, uid in maps if uid in gone]
    pins = curated.curation.pins
    at = np.isin(pins.group, gone)
    facts = pins.facts[at].copy()
    facts[:, 0] = target.uid
    sentence = f"Merge {' and '.join(one.label for one in others) if len(others) < 3 else f'{len(others)} clusters'} into {target.label}"
    return edit(
        curated,
        sentence,
        put_groups(replace(target, note=note)),
        drop_groups(*others),
        Puts("cluster_map", [(run, label) for run, label, _ in moved], [(target.uid,)] * len(moved)),
        put_pins(pins.images[at], facts),
    )


def split(curated: Curated, group: int, images: IntArray, parts: IntArray, names: Sequence[str] = ()) -> Edit:
    """Make several groups of one.

    Args:
        images: (M,) ids; others stay in the group.
        parts: (M,) 0 stays in the group, each other number becomes a new group.
        names: of the parts from 1; "tulips 2" and so on if not given.
    """
    old, uid = curated.groups[group], next_uid(curated)
    used = [part for part in np.unique(parts).tolist() if part]
    base = f"{old.name} " if old.name else ""
    given = dict(enumerate(names, start=1))
    new = [
        Group(uid + place, plain_text(given.get(part, f"{base}{place + 2}" if base else ""), MOST_NAME)) for place, part in enumerate(used)
    ]
    of_part = np.full(1 + max([0, *used]), NOWHERE, np.int64)
    of_part[used] = [one.uid for one in new]
    goes = parts > 0
    facts = curated.curation.pins.of(images[goes])
    facts[:, 0], facts[:, 3] = of_part[parts[goes]], USER
    return edit(curated, f"Split {old.label} into {len(used) + 1}", put_groups(*new), put_pins(images[goes], facts))


def name_run(curated: Curated, run: RunRow, name: str) -> Edit:
    """Call a run something; an empty name takes the name away. The groups stay as they are."""
    name = typed_name(name)
    change = RowChanges("runs", [(run.id,)], [(run.name,)], [(name,)])
    sentence = f"Name the run {run.title} “{name}”" if name else f"Take the name from the run {run.title}"
    return Edit(sentence, (change,) if name != run.name else (), curated.curation.version)


def split_pixels(curated: Curated, group: int, found: PixelSplit) -> Edit:
    """Make several groups of a group of pixels; the first part stays.

    Args:
        found: see `splitting.split_pixels`.

    Raises:
        UsageError: a mask has no room for so many parts.
    """
    old, uid, run, model = curated.groups[group], next_uid(curated), curated.run, curated.model
    labels, base = model.cluster_labels.tolist(), f"{old.name} " if old.name else ""
    new = [Group(uid + place, f"{base}{place + 2}" if base else "") for place in range(len(found.overclusters) - 1)]
    parts, homes, next_label = [], [], 1 + max([*labels, *curated.curation.maps.get(run, {})])
    for label in (labels[place] for place in np.flatnonzero(curated.grouping.of_cluster == group).tolist()):
        whole = curated.curation.parts.get(run, {}).get(label)  # what is split may be a part already
        taken = {one for some in found.overclusters[1:] for one in some} & set(
            whole.overclusters if whole else _free(curated, label, found)
        )
        for home, some in zip(new, found.overclusters[1:], strict=True):
            if inside := tuple(one for one in some if one in taken):
                parts.append(Part(next_label, whole.cluster if whole else label, found.sub_head, inside))
                homes.append((home.uid,))
                next_label += 1
        if whole is not None:
            parts.append(replace(whole, overclusters=tuple(one for one in whole.overclusters if one not in taken)))
            homes.append((old.uid,))
    if len(model.cluster_labels) + len(parts) > MOST_PARTS:
        raise UsageError(f"A mask holds at most {MOST_PARTS} parts of clusters.", "Merge some classes first, or ask for fewer parts.")
    keys = [(run, one.label) for one in parts]
    return edit(
        curated,
        f"Split {old.label} into {len(new) + 1}",
        put_groups(*new),
        Puts("cluster_parts", keys, [part_row(one) for one in parts]),
        Puts("cluster_map", keys, homes),
    )


def _free(curated: Curated, cluster: int, found: PixelSplit) -> set[int]:
    """Overclusters of those to be parted that are in no other part of a cluster."""
    others = (one for one in curated.model.parts if one.cluster == cluster)
    return {one for some in found.overclusters for one in some} - {one for part in others for one in part.overclusters}


# Images --------------------------------------------------------------------------------------------------------------------------------


def move(curated: Curated, images: IntArray, group: int) -> Edit:
    """Put images into a group: a fact that no run changes. Excluded ones are restored by it, doubtful ones decided."""
    return _move(curated, images, curated.groups[group])


def move_to_known(curated: Curated, images: IntArray, uid: int) -> Edit:
    """As `move`, to a group that is known but not shown, because it holds nothing at the moment."""
    return _move(curated, images, curated.curation.groups[uid])


def move_to_new(curated: Curated, images: IntArray, name: str = "") -> Edit:
    """Put images into a group of their own."""
    group = Group(next_uid(curated), typed_name(name))
    return _move(curated, images, group, put_groups(group))


def accept(curated: Curated, images: IntArray, group: int, doubtful: IntArray | None = None) -> Edit:
    """Confirm that images belong to a group, and mark others as not sure, after a person has looked at all of them."""
    into = curated.groups[group]
    unsure = np.zeros(0, np.int64) if doubtful is None else np.setdiff1d(doubtful, images)
    changed = np.concatenate([images, unsure])
    facts = curated.curation.pins.of(changed)
    facts[: len(images)] = (into.uid, 0, 0, USER)
    facts[len(images) :, 2] = 1
    return edit(curated, f"Accept {count_images(len(images))} as {into.label}", put_pins(changed, facts))


def release(curated: Curated, images: IntArray) -> Edit:
    """Let the model decide again where images belong."""
    facts = curated.curation.pins.of(images)
    facts[:, 0], facts[:, 3] = NOWHERE, USER
    return edit(curated, f"Give {count_images(len(images))} back to the model", put_pins(images, facts))


def exclude(curated: Curated, images: IntArray) -> Edit:
    """Leave images out of every group and every result."""
    return _flag(curated, images, f"Exclude {count_images(len(images))}", 1, True)


def restore(curated: Curated, images: IntArray) -> Edit:
    """Take excluded images back in."""
    return _flag(curated, images, f"Restore {count_images(len(images))}", 1, False)


def mark_unsure(curated: Curated, images: IntArray, *, unsure: bool = True) -> Edit:
    """Say that one is not sure about images, or is again."""
    words = f"Mark {count_images(len(images))} as not sure" if unsure else f"Unmark {count_images(len(images))}"
    return _flag(curated, images, words, 2, unsure)


def _move(curated: Curated, images: IntArray, group: Group, *before: Puts) -> Edit:
    facts = np.tile(np.array((group.uid, 0, 0, USER), np.int64), (len(images), 1))
    return edit(curated, f"Move {count_images(len(images))} to {group.label}", *before, put_pins(images, facts))


def _flag(curated: Curated, images: IntArray, sentence: str, column: int, value: bool) -> Edit:
    facts = curated.curation.pins.of(images)
    facts[:, column] = value
    return edit(curated, sentence, put_pins(images, facts))


def plain_text(text: str, most: int, *, lines: bool = False) -> str:
    """A typed text as it is kept: no control characters, valid Unicode, not too long. Without `lines`, line breaks become spaces."""
    valid = text.encode("utf-8", "replace").decode()
    if not lines:
        valid = " ".join(valid.splitlines())
    kept = "".join(sign for sign in valid if unicodedata.category(sign) != "Cc" or (lines and sign == "\n"))
    return kept.strip()[:most].strip()


def typed_name(text: str) -> str:
    """A typed name as it is kept.

    Raises:
        UsageError: it is too long; cut, it could become that of another.
    """
    name = plain_text(text, len(text))
    if len(name) > MOST_NAME:
        raise UsageError(f"The name {name[:20]}… has {len(name):,} characters, and at most {MOST_NAME} are kept.", "Choose a shorter name.")
    return name
