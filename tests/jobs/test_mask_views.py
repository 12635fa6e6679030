"""Masks of single pictures for looking at, also by a network under way; joints of single displacements; areas that count every pixel."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from iic_studio import jobs
from iic_studio.config import TrainSettings
from iic_studio.errors import StudioError
from iic_studio.events import RunFailed, RunFinished, StepsFinished
from iic_studio.images import worker
from iic_studio.jobs.mask_views import MOST_SIDE, MOST_VALUES, view_size
from iic_studio.jobs.pixel_parts import AREAS_EXACT
from iic_studio.project.records import OK
from iic_studio.project.store import Project
from iic_studio.project.task import IMAGES, PIXELS, choose_task, has_task, task_of
from iic_studio.training.live import Control
from tests.gui import grounds


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Trained on pixels, then on whole pictures."""
    home = grounds.make_project(tmp_path_factory.mktemp("views"))
    with Project.open(home) as opened:
        yield opened


def test_a_mask_lies_upon_its_picture(project: Project) -> None:
    run, views = project.runs()[0], jobs.mask_views(project)
    assert views.has_model(run)
    for row in project.images(OK):
        view = views.mask(run.id, row.id)
        true = grounds.truth(int(row.path[1]))
        same = float((view.ids == true).mean())
        assert max(same, 1 - same) > 0.9
        assert (view.image_id, view.width, view.height, view.step) == (row.id, grounds.WIDTH, grounds.HEIGHT, 0)
        assert view.areas.sum() == pytest.approx(1.0)
        assert view.areas[1] == pytest.approx((view.ids == 1).mean())
        assert view.at(0, 0) == (0, 0)
        assert view.at(grounds.WIDTH - 1, grounds.HEIGHT - 1) == (grounds.HEIGHT - 1, grounds.WIDTH - 1)
    views.close()


def test_the_network_under_way_can_be_looked_at_between_two_steps(project: Project) -> None:
    control, views = Control(), jobs.mask_views(project)
    image = project.images(OK)[0].id
    seen = []
    assert control.take_weights() is None
    job = jobs.train(project, grounds.settings(steps=6, seed=1), control=control)
    control.ask_for_weights()
    for event in job:
        weights = control.take_weights()
        if weights is not None:
            seen.append((weights.step, views.mask(project.runs()[-1].id, image, weights)))
            control.ask_for_weights()
        assert not isinstance(event, RunFailed), event
    steps = [step for step, _ in seen]
    assert steps == sorted(set(steps)) and steps[0] > 0 and steps[-1] <= 6
    assert len(steps) > 1
    assert [view.step for _, view in seen] == steps
    first, last = seen[0][1], seen[-1][1]
    assert not np.array_equal(first.probabilities, last.probabilities), "it learned in between"
    views.close()
    project.delete_run(project.runs()[-1].id)


def test_nobody_asked_nobody_is_given_anything(project: Project) -> None:
    control = Control()
    told = list(jobs.train(project, grounds.settings(steps=3, seed=2), control=control))
    assert any(isinstance(event, StepsFinished) for event in told) or isinstance(told[-1], RunFinished)
    assert control.take_weights() is None
    project.delete_run(project.runs()[-1].id)


def test_joints_of_single_displacements(project: Project) -> None:
    run, views = project.runs()[0].id, jobs.mask_views(project)
    here, far, back = (views.joints(run, offset) for offset in ((0, 0), (0, 6), (0, -6)))
    assert set(here) == {"main", "overclustering"}
    for found in (here, far):
        assert found["main"].shape == (1, 2, 2)
        assert found["overclustering"].shape == (1, 10, 10)
        for joint in found.values():
            assert joint.sum() == pytest.approx(1.0, abs=1e-4)
            assert np.allclose(joint, joint.transpose(0, 2, 1), atol=1e-6)
    assert np.trace(far["main"][0]) < np.trace(here["main"][0]), "farther down lies the other ground more often"
    assert np.abs(far["main"] - back["main"]).max() < 0.1, "a joint is symmetric, and so is its displacement, but for the views' borders"
    beyond = views.joints(run, (64, 64))
    assert np.isfinite(beyond["main"]).all()
    views.close()


def test_areas_are_counted_when_asked_for(project: Project) -> None:
    run = project.runs()[0]
    assert run.summary[AREAS_EXACT] is False
    *_, last = jobs.measure_areas(project)
    assert isinstance(last, RunFinished)
    assert project.runs()[0].summary[AREAS_EXACT] is True
    views, said = jobs.mask_views(project), project.load_assignments(run.id)
    assert said is not None
    for row in project.images(OK):
        shares = said.probabilities[said.image_ids.tolist().index(row.id)]
        assert shares == pytest.approx(views.mask(run.id, row.id).areas, abs=1e-6)
    views.close()


def test_a_run_on_pictures_has_no_masks(project: Project) -> None:
    for _ in jobs.train(project, TrainSettings(clusters=2, sub_heads=1, steps=2, batch_size=4, image_size=16, device="cpu")):
        pass
    views, run = jobs.mask_views(project), project.runs()[-1]
    assert not views.has_model(run)
    with pytest.raises(StudioError, match="whole images"):
        views.mask(run.id, project.images(OK)[0].id)
    views.close()
    project.delete_run(run.id)


def test_a_file_that_is_gone_is_told(project: Project, tmp_path: Path) -> None:
    views, row = jobs.mask_views(project), project.images(OK)[0]
    path = project.folder / row.path
    path.rename(tmp_path / "away.png")
    with pytest.raises(StudioError, match="file"):
        views.mask(project.runs()[0].id, row.id)
    (tmp_path / "away.png").rename(path)
    assert views.mask(project.runs()[0].id, row.id).image_id == row.id
    views.close()


def test_two_can_look_at_one_large_picture(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """What memory does not hold lies in a file: each has its own, and takes it away when it is done."""
    monkeypatch.setattr(worker, "_LARGE_BYTES", 100)
    run, image = project.runs()[0].id, project.images(OK)[0].id
    one, other = jobs.mask_views(project), jobs.mask_views(project, "other")
    _, facts, picture = one.opened(run, image)
    _, of_other, _ = other.opened(run, image)
    assert isinstance(facts.picture, Path)
    assert isinstance(of_other.picture, Path)
    assert facts.picture != of_other.picture
    before = np.array(picture)
    of_other.picture.write_bytes(b"")
    other.close()
    assert not of_other.picture.exists()
    assert np.array_equal(picture, before)
    assert np.array_equal(np.load(facts.picture, allow_pickle=False), before)
    one.close()
    assert not facts.picture.exists()


@pytest.mark.parametrize(
    ("width", "height", "clusters"), [(80, 64, 2), (6000, 4000, 5), (20_000, 20_000, 3), (1200, 900, 200), (9000, 2, 3)]
)
def test_views_fit_memory_and_screen(width: int, height: int, clusters: int) -> None:
    across, down = view_size(width, height, clusters)
    assert 1 <= across <= min(width, MOST_SIDE)
    assert 1 <= down <= min(height, MOST_SIDE)
    assert across * down * clusters <= 1.01 * MOST_VALUES
    assert abs(across / down - width / height) <= 0.02 * width / height or down == 1
    assert (across, down) == (width, height) or max(width, height) > MOST_SIDE or width * height * clusters > MOST_VALUES


def test_a_project_remembers_what_it_groups(tmp_path: Path) -> None:
    grounds.make_pictures(tmp_path / "pictures")
    with Project.create(tmp_path / "p.iicproj", tmp_path / "pictures") as made:
        assert (task_of(made), has_task(made)) == (IMAGES, False)
        choose_task(made, PIXELS)
        assert (task_of(made), has_task(made)) == (PIXELS, True)
    with Project.open(tmp_path / "p.iicproj") as made:
        assert task_of(made) == PIXELS


def test_untold_it_is_what_the_newest_run_did(project: Project) -> None:
    project.set_meta("task", "")
    assert (task_of(project), has_task(project)) == (PIXELS, True)
    choose_task(project, IMAGES)
    assert task_of(project) == IMAGES
