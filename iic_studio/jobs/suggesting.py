"""What to begin with in a folder, before anything is indexed or trained."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from iic_studio.errors import StudioError
from iic_studio.events import Event, ProgressMade
from iic_studio.images.probe import FolderProbe, probe
from iic_studio.images.scan import FoundFile, scan
from iic_studio.jobs.running import JobBody, Outcome, run_job
from iic_studio.project.store import Project
from iic_studio.training.advice import Advice, advise, encoders_at_hand
from iic_studio.training.plan import DataFacts, choose_device
from iic_studio.words import counted

_GREY_SHARE = 0.95
_MOST_HEADERS = _MOST_DECODED = 1_000  # of files; a slow disk takes seconds for so many
_OTHER_FOLDER = "Choose a folder that holds JPEG, PNG, WebP, TIFF or similar files."


def suggest(folder: Path, device: str = "auto") -> Iterator[Event]:
    """Look at some files of a folder and say what to begin with; the summary holds the sentence, its reason and the options."""

    def body() -> JobBody:
        files = [item for item in scan(folder) if isinstance(item, FoundFile)]
        yield ProgressMade(stage="scan", done=len(files), total=len(files), unit="files")
        if not files:
            raise StudioError(f"There is no image in {folder}.", _OTHER_FOLDER)
        seen = probe([str(folder / file.path) for file in files], _MOST_HEADERS, _MOST_DECODED)
        num_images = len(files) - seen.num_unreadable
        if not num_images:
            raise StudioError(f"There is no readable image in {folder}.", _OTHER_FOLDER)
        facts = DataFacts(num_images, seen.median_short_side, seen.grey_share >= _GREY_SHARE)
        advice = advise(facts, choose_device(device), encoders_at_hand())
        summary = {
            "sentence": advice.sentence,
            "reason": advice.reason,
            "options": advice.options,
            "num_images": num_images,
            "num_unreadable": seen.num_unreadable,
            "unreadable": _unreadable_words(seen),
            "settings": advice.planned.as_dict(),
        }
        return Outcome(num_images, summary=summary)

    return run_job("suggest", body())


def _unreadable_words(seen: FolderProbe) -> str:
    """Empty when all that was looked at can be read."""
    if not seen.num_unreadable:
        return ""
    at_least = "" if seen.is_complete else "At least "
    return (
        f"{at_least}{counted(seen.num_unreadable, 'files')} cannot be read and {'is' if seen.num_unreadable == 1 else 'are'} not counted."
    )


def suggest_for(project: Project, device: str = "auto") -> Advice:
    """What to begin with in a project whose images were read, by what is known of them.

    Raises:
        StudioError: too few images.
    """
    width, height = project.image_columns("width", "height")
    side = int(median(map(min, width, height))) if width else 0
    facts = DataFacts(len(width), side, project.all_grey())
    return advise(facts, choose_device(device), encoders_at_hand())
