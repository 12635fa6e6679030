"""What a project groups, whole pictures or pixels, kept in it for the next training."""

from iic_studio.project.store import Project

IMAGES, PIXELS = "images", "pixels"
_KEY = "task"


def task_of(project: Project) -> str:
    """What the next training groups: what was chosen, else what the newest run did."""
    chosen = project.meta(_KEY)
    if chosen in (IMAGES, PIXELS):
        return chosen
    run = project.last_run()
    return PIXELS if run is not None and run.settings.get("task") == PIXELS else IMAGES


def has_task(project: Project) -> bool:
    """Whether somebody chose, or something was trained already."""
    return bool(project.meta(_KEY)) or project.last_run() is not None


def choose_task(project: Project, task: str) -> None:
    """Keep what the next training shall group.

    Raises:
        ProjectError: the project is open for reading only.
    """
    project.set_meta(_KEY, task)
