"""Masks by class: whose clusters speak, and which class each of them stands for, as labelled pixels say."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np

from iic_studio.curation import Curated
from iic_studio.curation.colours import palette_colour, rgb
from iic_studio.errors import UsageError
from iic_studio.evaluation.class_maps import NO_CLASS
from iic_studio.events import Event
from iic_studio.jobs.mask_writer import Classes
from iic_studio.jobs.mask_writing import load_segmenter
from iic_studio.jobs.pixel_classes import classes_of_pixels, pixel_record
from iic_studio.jobs.pixel_parts import over_sub_head
from iic_studio.project.records import RunRow
from iic_studio.project.store import Project
from iic_studio.training.segment import Segmenter

_NO_CLASS_NAME, _NO_CLASS_COLOUR = "no class", (128, 128, 128)


@dataclass(frozen=True, eq=False)
class ClassSpeaker:
    """Who gives pixels their class.

    Attributes:
        segmenter: gives clusters, or finer ones where these are mapped.
        classes: of these clusters; where some have none, one class more for their pixels.
        record: the map and how right it is, as plain values.
    """

    segmenter: Segmenter
    classes: Classes
    record: dict[str, Any]

    @property
    def by(self) -> tuple[Segmenter, Classes]:
        """For `write_masks`."""
        return self.segmenter, self.classes

    @property
    def meta(self) -> dict[str, Any]:
        """For what stands beside masks and in a report."""
        return {"class_map": self.record}


def check_by_class(curated: Curated) -> None:
    """Find out before the work whether there can be classes.

    Raises:
        UsageError: nobody labelled a pixel or mapped a cluster.
    """
    if not curated.curation.known.names_pixels:
        raise UsageError(
            "This project has no classes of pixels yet.", "Label some pixels first: `iic-studio label PROJECT --labels PIXELS.csv`."
        )


def class_speaker(project: Project, run: RunRow, curated: Curated) -> Generator[Event, None, ClassSpeaker]:
    """Who gives the pixels of a project their class.

    Raises:
        UsageError: there are no classes.
        StudioError: the model is not of these clusters.
    """
    check_by_class(curated)
    segmenter = load_segmenter(project, run, curated)
    classified = yield from classes_of_pixels(project, curated)
    if classified is None:
        raise UsageError("None of the labelled pixels could be used.", "Their pictures are gone, or cannot be read any more.")
    hard = classified.made.hard
    of_cluster = hard if classified.of_overclusters else hard[curated.grouping.of_cluster]
    if classified.of_overclusters:
        sub_head = over_sub_head(project.run_dir(run.id), curated.model.parts)
        assert sub_head is not None, "finer clusters were mapped"
        segmenter = segmenter.finer(sub_head)
    count = len(classified.classes)
    names = {place: one.name for place, one in enumerate(classified.classes)}
    colours = [rgb(one.colour or palette_colour(one.uid)) for one in classified.classes]
    if (of_cluster == NO_CLASS).any():
        names[count] = _NO_CLASS_NAME
        colours.append(_NO_CLASS_COLOUR)
    classes = Classes(np.where(of_cluster == NO_CLASS, count, of_cluster), names, colours, "class")
    return ClassSpeaker(segmenter, classes, pixel_record(curated, classified))
