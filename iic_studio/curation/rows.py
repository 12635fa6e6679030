"""From rows as they shall be to an edit that knows what they were.

The first edit of a project also writes down the groups it stands on: from then on they are facts, and a new run is a proposal.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from iic_studio.curation.curated import Curated
from iic_studio.curation.state import ACCEPTED_RUN, Group, pin_rows
from iic_studio.project.command_log import Edit, Row, RowChanges
from iic_studio.records import IntArray


@dataclass(frozen=True)
class Puts:
    """Rows of one table as they shall be; None where there shall be none."""

    table: str
    keys: Sequence[Row]
    rows: Sequence[Row | None]


def edit(curated: Curated, sentence: str, *puts: Puts) -> Edit:
    """An edit of the state a person looks at, with the rows it finds there. Rows that stay as they are are left out; an edit without any
    changes nothing at all."""
    return _edit(curated, sentence, written_down(curated), puts)


def without_groups(curated: Curated, sentence: str, *puts: Puts) -> Edit:
    """As `edit`, for facts that do not depend on groups: an untouched project stays untouched."""
    return _edit(curated, sentence, (), puts)


def _edit(curated: Curated, sentence: str, basis: tuple[Puts, ...], puts: tuple[Puts, ...]) -> Edit:
    state, changes, wanted = curated.curation, [], False
    for place, put in enumerate((*basis, *puts)):
        change = _change(state.rows(put.table, put.keys), put)
        if change.keys:
            changes.append(change)
            wanted |= place >= len(basis)
            if place < len(basis) + len(puts) - 1:
                state = state.changed([change])
    return Edit(sentence, tuple(changes) if wanted else (), curated.curation.version)


def _change(old: Sequence[Row | None], put: Puts) -> RowChanges:
    real = [place for place, (before, row) in enumerate(zip(old, put.rows, strict=True)) if before != row]
    if len(real) == len(put.keys):
        return RowChanges(put.table, put.keys, old, put.rows)
    return RowChanges(put.table, [put.keys[one] for one in real], [old[one] for one in real], [put.rows[one] for one in real])


def written_down(curated: Curated) -> tuple[Puts, ...]:
    """Rows for what an untouched project takes for granted: its groups, what belongs to them, and the run they stand on."""
    run, unstored = curated.run, curated.grouping.unstored
    if not run:
        return ()
    return (
        Puts("meta", [(ACCEPTED_RUN,)], [(run,)]),
        put_groups(*unstored.values()),
        Puts("cluster_map", [(run, label) for label in unstored], [(group.uid,) for group in unstored.values()]),
    )


def next_uid(curated: Curated) -> int:
    """A number that no group has in this state."""
    return 1 + max([-1, *curated.curation.groups, *(group.uid for group in curated.groups)])


def put_groups(*groups: Group) -> Puts:
    """Groups as they shall be."""
    return Puts("groups", [(one.uid,) for one in groups], [(one.name, one.colour, one.note) for one in groups])


def drop_groups(*groups: Group) -> Puts:
    """Groups that shall be no more."""
    return Puts("groups", [(one.uid,) for one in groups], [None] * len(groups))


def put_pins(images: IntArray, facts: IntArray) -> Puts:
    """What shall be known of some images; the first counts where one is named twice."""
    images, first = np.unique(images, return_index=True)
    return Puts("pins", [(one,) for one in images.tolist()], pin_rows(facts[first]))
