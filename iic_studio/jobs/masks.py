"""Masks: judging them against masks that training never saw."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

from iic_studio.errors import StudioError
from iic_studio.evaluation.mask_scores import MaskCounts
from iic_studio.events import Event, WarningRaised
from iic_studio.images.masks import find_masks, read_mask
from iic_studio.jobs.running import JobBody, Outcome, Pace, run_job
from iic_studio.words import counted


def evaluate_masks(masks: Path, labels: Path, ignored: tuple[int, ...] = ()) -> Iterator[Event]:
    """Score a folder of masks against a folder of true ones, matched by path without the suffix; scores are the job's summary.

    Args:
        ignored: ids of the true masks that do not count.
    """

    def body() -> JobBody:
        found, true = find_masks(masks), find_masks(labels)
        both = [name for name in true if name in found]
        if not both:
            raise StudioError(f"No mask in {masks} has the name of one in {labels}.", "Paths within both folders must be the same.")
        if missing := len(true) - len(both):
            name = next(name for name in true if name not in found)
            yield WarningRaised(message=f"{counted(missing, 'true masks')} without a counterpart, e.g. {name}.", hint="They are left out.")
        counts, problems, pace = MaskCounts(ignored), 0, Pace("evaluate", len(both))
        for number, name in enumerate(both, start=1):
            try:
                counts.add(read_mask(found[name]), read_mask(true[name]))
            except (StudioError, ValueError) as error:
                problems += 1
                yield WarningRaised(message=f"{name}: {error}", hint="It is left out.")
            yield from pace.at(number)
        try:
            scores = counts.scores()
        except ValueError as error:
            raise StudioError(f"There is nothing to score: {error}.", "See --ignore, and the warnings above.") from error
        return Outcome(scores.num_images, problems, summary=dataclasses.asdict(scores))

    return run_job("evaluate", body())
