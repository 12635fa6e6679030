"""What became of the rows of a label file, of images and of pixels alike: as a record, and as warnings."""

from collections.abc import Iterator
from typing import Any

from iic_studio.evaluation.label_files import LabelReport
from iic_studio.events import Event, WarningRaised
from iic_studio.words import numbered

MOST_TOLD = 50


def import_record(report: LabelReport, before: list[str], names: list[str], *, read_as: str) -> dict[str, Any]:
    """Counts and examples of what was read and what was left out.

    Args:
        before: what each labelled place was labelled before; empty for nothing.
        names: what it is labelled now, in the same order.
        read_as: labels or truth.
    """
    pairs = list(zip(before, names, strict=True))
    return {
        "as": read_as,
        "rows": report.rows,
        "matched": len(names),
        "new": sum(not old for old, _ in pairs),
        "changed": sum(bool(old) and old != new for old, new in pairs),
        "unchanged": sum(old == new for old, new in pairs),
        "without_label": report.without_label,
        "num_unknown_paths": len(report.unknown_paths),
        "unknown_paths": report.unknown_paths[:MOST_TOLD],
        "unknown_classes": report.unknown_classes,
        "num_doubles": len(report.doubles),
        "doubles": report.doubles[:MOST_TOLD],
        "num_conflicts": len(report.conflicts),
        "conflicts": dict(list(report.conflicts.items())[:MOST_TOLD]),
    }


def warnings_of(report: LabelReport, one: str, many: str) -> Iterator[Event]:
    """Warnings of rows that could not be used.

    Args:
        one, many: what a row names, as path and paths.
    """
    if report.unknown_classes:
        rows, names = sum(report.unknown_classes.values()), ", ".join(list(report.unknown_classes)[:5])
        yield WarningRaised(
            message=numbered(rows, f"1 row names another class: {names}.", f"{rows:,} rows name other classes: {names}."),
            hint="The list of classes is fixed; name them all with --classes to add some.",
        )
    if report.conflicts:
        place, labels = next(iter(report.conflicts.items()))
        count, told = len(report.conflicts), " and ".join(labels)
        yield WarningRaised(
            message=numbered(
                count,
                f"1 {one} has more than one label and got none, {place}: {told}.",
                f"{count:,} {many} have more than one label and got none, e.g. {place}: {told}.",
            ),
            hint=f"Give each {one} one label.",
        )
    if report.doubles:
        count = len(report.doubles)
        yield WarningRaised(
            message=numbered(count, "1 row says again what another row says.", f"{count:,} rows say again what another row says."),
            hint="",
        )
