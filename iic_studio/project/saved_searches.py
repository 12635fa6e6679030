"""Searches that a person gave a name, kept in the project."""

import json
from dataclasses import asdict, dataclass

from iic_studio.project.store import Project

_KEY = "saved_searches"


@dataclass(frozen=True)
class SavedSearch:
    """What it is called, and the search as typed."""

    name: str
    text: str


def saved_searches(project: Project) -> list[SavedSearch]:
    """The saved searches, in the order of their names; what is damaged is left out."""
    try:
        records = json.loads(project.meta(_KEY, "[]"))
    except ValueError:
        return []
    found = [SavedSearch(one["name"], one["text"]) for one in records if isinstance(one, dict) and {"name", "text"} <= set(one)]
    return sorted(found, key=lambda one: one.name.casefold())


def save_search(project: Project, name: str, text: str) -> None:
    """Keep a search under a name; one of that name is replaced."""
    others = [one for one in saved_searches(project) if one.name != name]
    _write(project, [*others, SavedSearch(name, text)])


def forget_search(project: Project, name: str) -> None:
    """Drop a saved search."""
    _write(project, [one for one in saved_searches(project) if one.name != name])


def _write(project: Project, searches: list[SavedSearch]) -> None:
    project.set_meta(_KEY, json.dumps([asdict(one) for one in searches], ensure_ascii=False))
