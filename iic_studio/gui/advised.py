"""What a diagnosis advises, as settings to train with."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from iic_studio.config import TrainSettings
from iic_studio.training.diagnosis import Advice, Remedy


def advised(asked: TrainSettings, advice: Advice | None, trained: Mapping[str, Any]) -> TrainSettings:
    """Settings changed as advised.

    Args:
        asked: those of the window.
        trained: those of the run that the advice is about.
    """
    if advice is None:
        return asked
    if advice.remedy is Remedy.OTHER_CLUSTERS:
        return replace(asked, clusters=advice.value, overclusters=None)
    if advice.remedy is Remedy.LONGER:
        times = max(advice.value, 2)
        if trained.get("steps"):
            return replace(asked, minutes=None, steps=times * int(trained["steps"]))
        if trained.get("minutes"):
            return replace(asked, minutes=times * float(trained["minutes"]), steps=None)
    return asked
