"""What to begin with in a folder, before anything is indexed or trained."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from iic_studio.errors import StudioError
from iic_studio.events import Event, ProgressMade
from iic_studio.images.probe import probe
from iic_studio.images.scan import FoundFile, scan
from iic_studio.jobs.running import JobBody, Outcome, run_job
from iic_studio.project.store import Project
from iic_studio.training.advice import Advice, advise, encoders_at_hand
from iic_studio.training.plan import DataFacts, choose_device

_GREY_SHARE = 0.95


def suggest(folder: Path, device: str = "auto") -> Iterator[Event]:
    """Look at some files of a folder and say what to begin with; the summary holds the sentence, its reason and the options."""

    def body() -> JobBody:
        files = [item for item in scan(folder) if isinstance(item, FoundFile)]
        yield ProgressMade(stage="scan", done=len(files), total=len(files), unit="files")
        if not files:
            raise StudioError(f"There is no image in {folder}.", "Choose a folder that holds JPEG, PNG, WebP, TIFF or similar files.")
        seen = probe([str(folder / file.path) for file in files])
        facts = DataFacts(len(files), seen.median_short_side, seen.grey_share >= _GREY_SHARE)
        advice = advise(facts, choose_device(device), encoders_at_hand())
        summary = {
            "sentence": advice.sentence,
            "reason": advice.reason,
            "options": advice.options,
            "num_images": len(files),
            "settings": advice.planned.as_dict(),
        }
        return Outcome(len(files), summary=summary)

    return run_job("suggest", body())


def suggest_for(project: Project, device: str = "auto") -> Advice:
    """What to begin with in a project whose images were read, by what is known of them.

    Raises:
        StudioError: too few images.
    """
    width, height = project.image_columns("width", "height")
    side = int(median(map(min, width, height))) if width else 0
    facts = DataFacts(len(width), side, project.all_grey())
    return advise(facts, choose_device(device), encoders_at_hand())
