"""The map of a run: made once, kept, grown by new images, cancelled without a trace."""

import csv
import multiprocessing
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil
import pytest
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA as ScikitPca
from sklearn.neighbors import NearestNeighbors

from iic_studio import jobs
from iic_studio.errors import StudioError
from iic_studio.evaluation import umap_worker
from iic_studio.evaluation.projection import fit_pca, has_umap
from iic_studio.events import Event, MapSaved, ProgressMade, RunFailed, RunFinished, WarningRaised
from iic_studio.jobs import features as features_job
from iic_studio.jobs import mapping, running
from iic_studio.jobs.features import collect_features
from iic_studio.jobs.umap_process import arrange
from iic_studio.project.maps import FEATURES, PCA, PROBABILITIES, UMAP, Layout, load_layouts
from iic_studio.project.store import Project
from iic_studio.training import features as training_features
from tests import fake_umap
from tests.jobs.conftest import QUICK

Run = Callable[[Iterator[Event]], list[Event]]


@pytest.fixture
def trained(project: Project, run: Run) -> Project:
    assert isinstance(run(jobs.train(project, QUICK))[-1], RunFinished)
    return project


@pytest.fixture
def no_umap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapping, "has_umap", lambda: False)


@pytest.fixture
def some_umap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_umap.install(tmp_path / "fake", monkeypatch)


def layouts(project: Project) -> dict[tuple[str, str], Layout]:
    return load_layouts(project.run_dir(project.runs()[-1].id))


def summary_of(seen: list[Event]) -> dict[str, object]:
    assert isinstance(seen[-1], RunFinished), seen[-1]
    return seen[-1].summary


def looked_at(seen: list[Event]) -> float:
    """Images that the network looked at."""
    return max((event.done for event in seen if isinstance(event, ProgressMade) and event.stage == "features"), default=0)


def result(generator: Iterator[Event]) -> object:
    """What a generator of events returns."""
    while True:
        try:
            next(generator)
        except StopIteration as stop:
            return stop.value


def test_components_of_the_features_are_kept_with_the_run(trained: Project, run: Run) -> None:
    seen = run(jobs.make_map(trained, method=PCA))
    (row,) = trained.runs()
    assert summary_of(seen) == {"run": row.id, "method": PCA, "of": FEATURES, "num_placed": 40}
    assert [(event.method, event.num_images) for event in seen if isinstance(event, MapSaved)] == [(PCA, 40)]
    (layout,) = layouts(trained).values()
    assert layout.image_ids.tolist() == [image.id for image in trained.images("ok")]
    assert layout.fitted.all()
    features = result(collect_features(trained, row))
    assert isinstance(features, features_job.Features)
    expected = ScikitPca(2, svd_solver="full").fit_transform(features.features.astype(np.float64))
    signs = np.sign((layout.positions * expected).sum(axis=0))
    assert np.allclose(layout.positions, signs * expected, atol=1e-3 * float(np.abs(expected).max()))


def test_umap_begins_at_the_components_and_replaces_nothing(trained: Project, run: Run, some_umap: None) -> None:
    seen = run(jobs.make_map(trained))
    assert [event.method for event in seen if isinstance(event, MapSaved)] == [PCA, UMAP]
    stages = [event.stage for event in seen if isinstance(event, ProgressMade)]
    assert list(dict.fromkeys(stages)) == ["features", umap_worker.LOADING, umap_worker.COMPARING, umap_worker.ARRANGING]
    components, umap = layouts(trained)[PCA, FEATURES], layouts(trained)[UMAP, FEATURES]
    turned = components.positions[:, ::-1] * np.array([1, -1])
    assert np.allclose(umap.positions, turned, atol=1e-2 * float(np.ptp(components.positions)))
    assert umap.components.shape[0] <= mapping.COMPARED
    assert not multiprocessing.active_children()


def test_probabilities_of_all_sub_heads_make_a_map_of_their_own(trained: Project, run: Run) -> None:
    assert summary_of(run(jobs.make_map(trained, of=PROBABILITIES, method=PCA)))["of"] == PROBABILITIES
    assert layouts(trained)[PCA, PROBABILITIES].components.shape == (2, QUICK.clusters * QUICK.sub_heads)


def test_a_map_that_is_there_is_not_made_again(trained: Project, run: Run, some_umap: None) -> None:
    run(jobs.make_map(trained))
    before = (trained.run_dir(trained.runs()[0].id) / "map.npz").stat().st_mtime_ns
    seen = run(jobs.make_map(trained))
    assert summary_of(seen)["num_placed"] == 0
    assert not [event for event in seen if isinstance(event, MapSaved | ProgressMade)]
    assert (trained.run_dir(trained.runs()[0].id) / "map.npz").stat().st_mtime_ns == before
    seen = run(jobs.make_map(trained, afresh=True))
    assert [event.method for event in seen if isinstance(event, MapSaved)] == [PCA, UMAP]
    assert looked_at(seen) == 0, "features come from the cache"


def test_new_images_are_placed_and_the_old_do_not_move(
    trained: Project, run: Run, some_umap: None, make_pictures: Callable[..., dict[str, str]]
) -> None:
    run(jobs.make_map(trained))
    old = layouts(trained)
    make_pictures(trained.folder / "more", 2, seed=9)
    copied, gone = sorted(trained.folder.glob("day 1/*.png"))[:2]
    shutil.copy(copied, trained.folder / "copy.png")
    gone.unlink()
    run(jobs.index(trained))
    seen = run(jobs.make_map(trained))
    assert looked_at(seen) == 9
    assert summary_of(seen)["num_placed"] == 9
    ids = {image.path: image.id for image in trained.images("ok")}
    for key, before in old.items():
        now = layouts(trained)[key]
        assert sorted(now.image_ids.tolist()) == sorted(ids.values())
        stays = np.isin(now.image_ids, before.image_ids)
        assert stays.sum() == 39
        was = {int(image): place for image, place in zip(before.image_ids, before.positions.tolist(), strict=True)}
        assert now.positions[stays].tolist() == [was[int(image)] for image in now.image_ids[stays]]
        place = dict(zip(now.image_ids.tolist(), now.positions.tolist(), strict=True))
        assert np.allclose(place[ids["copy.png"]], place[ids[f"day 1/{copied.name}"]], atol=2e-2 * float(np.ptp(now.positions)))
    umap = layouts(trained)[UMAP, FEATURES]
    assert umap.fitted.sum() == 39


def test_a_changed_image_gets_a_new_place(trained: Project, run: Run) -> None:
    run(jobs.make_map(trained, method=PCA))
    first, second = sorted(trained.folder.glob("day 1/*.jpg"))[:2]
    shutil.copy(first, second)
    run(jobs.index(trained))
    assert summary_of(run(jobs.make_map(trained, method=PCA)))["num_placed"] == 1
    ids = {image.path: image.id for image in trained.images("ok")}
    (layout,) = layouts(trained).values()
    place = dict(zip(layout.image_ids.tolist(), layout.positions.tolist(), strict=True))
    one, other = (np.array(place[ids[f"day 1/{path.name}"]]) for path in (first, second))
    assert np.allclose(one, other, atol=1e-3)


def test_the_table_has_a_row_for_each_image(trained: Project, run: Run, tmp_path: Path) -> None:
    target = tmp_path / "map.csv"
    assert summary_of(run(jobs.make_map(trained, method=PCA, target=target)))["rows"] == 40
    with target.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["path"] for row in rows] == sorted(image.path for image in trained.images("ok"))
    (layout,) = layouts(trained).values()
    place = dict(zip(layout.image_ids.tolist(), layout.positions.tolist(), strict=True))
    ids = {image.path: image.id for image in trained.images("ok")}
    for row in rows:
        assert np.allclose([float(row["x"]), float(row["y"])], place[ids[row["path"]]], rtol=1e-4, atol=1e-6)


def test_without_umap_a_sentence_says_so_and_the_components_stay(trained: Project, run: Run, no_umap: None) -> None:
    seen = run(jobs.make_map(trained))
    (warning,) = [event for event in seen if isinstance(event, WarningRaised)]
    assert "UMAP is not installed" in warning.message
    assert "pip install umap-learn" in warning.hint
    assert summary_of(seen)["method"] == PCA


def test_without_umap_a_umap_that_is_there_still_takes_new_images(
    trained: Project, run: Run, some_umap: None, monkeypatch: pytest.MonkeyPatch, make_pictures: Callable[..., dict[str, str]]
) -> None:
    run(jobs.make_map(trained))
    monkeypatch.setattr(mapping, "has_umap", lambda: False)
    make_pictures(trained.folder / "more", 1, seed=9)
    run(jobs.index(trained))
    seen = run(jobs.make_map(trained))
    assert not [event for event in seen if isinstance(event, WarningRaised)]
    assert summary_of(seen) == summary_of(seen) | {"method": UMAP, "num_placed": 4}


def test_features_go_on_where_they_were_stopped(trained: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_features, "CHUNK", 5)
    monkeypatch.setattr(features_job, "_SAMPLE", 10)
    monkeypatch.setattr(running, "TELL_INTERVAL_S", 0.0)
    job = jobs.make_map(trained, method=PCA)
    for event in job:
        if isinstance(event, ProgressMade) and event.done >= 20:
            break
    job.close()  # type: ignore[attr-defined]
    assert layouts(trained) == {}
    seen = run(jobs.make_map(trained, method=PCA))
    assert 20 <= looked_at(seen) <= 30
    monkeypatch.undo()
    stopped = layouts(trained)[PCA, FEATURES]
    shutil.rmtree(trained.cache / "features")
    monkeypatch.setattr(features_job, "_SAMPLE", 10)
    assert looked_at(run(jobs.make_map(trained, method=PCA, afresh=True))) == 40
    assert np.allclose(layouts(trained)[PCA, FEATURES].positions, stopped.positions, atol=1e-2 * float(np.ptp(stopped.positions)))


def test_the_cache_may_be_deleted(trained: Project, run: Run) -> None:
    run(jobs.make_map(trained, method=PCA))
    (before,) = layouts(trained).values()
    shutil.rmtree(trained.cache)
    trained.cache.mkdir()
    assert looked_at(run(jobs.make_map(trained, method=PCA, afresh=True))) == 40
    (after,) = layouts(trained).values()
    assert np.allclose(before.positions, after.positions, atol=1e-2 * float(np.ptp(before.positions)))


def test_what_is_missing_is_said_in_a_sentence(project: Project, run: Run) -> None:
    def message(job: Iterator[Event]) -> str:
        last = run(job)[-1]
        assert isinstance(last, RunFailed)
        return f"{last.message} {last.hint}"

    assert "no clusters yet" in message(jobs.make_map(project))
    run(jobs.train(project, QUICK))
    (row,) = project.runs()
    assert "There is no map by tsne" in message(jobs.make_map(project, method="tsne"))
    assert "no run nonsense" in message(jobs.make_map(project, run="nonsense"))
    assert "inside the folder of images" in message(jobs.make_map(project, target=project.folder / "map.csv"))
    (project.run_dir(row.id) / "model.safetensors").unlink()
    assert "has not finished" in message(jobs.make_map(project, run=row.id))


def test_maps_of_an_earlier_state_of_the_network_do_not_count(trained: Project, run: Run) -> None:
    run(jobs.make_map(trained, method=PCA))
    (row,) = trained.runs()
    saved = jobs.saved_maps(trained, row.id)
    assert saved.can_make
    assert set(saved.layouts) == {(PCA, FEATURES)}
    model = trained.run_dir(row.id) / "model.safetensors"
    other = trained.run_dir(row.id) / "last.safetensors"
    shutil.copy(other, model)
    assert jobs.saved_maps(trained, row.id).layouts == {}
    model.unlink()
    assert not jobs.saved_maps(trained, row.id).can_make


# The child process ------------------------------------------------------------------------------------------------------------------------


def vectors(count: int = 60) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(count, 5)).astype(np.float32)


def begin(scratch: Path) -> tuple[Iterator[Event], psutil.Process]:
    """A running arrangement that has come as far as UMAP itself, and its child."""
    points = vectors()
    job = arrange(points, fit_pca(points, 2).project(points), scratch)
    for event in job:
        if isinstance(event, ProgressMade) and event.stage == umap_worker.ARRANGING and event.done == 5:
            break
    (child,) = [one for one in multiprocessing.active_children() if one.name == "iic-umap"]
    assert child.pid is not None
    return job, psutil.Process(child.pid)


def test_closing_kills_the_child_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_umap.install(tmp_path / "fake", monkeypatch, "hang")
    (tmp_path / "scratch").mkdir()
    job, child = begin(tmp_path / "scratch")
    assert child.is_running()
    job.close()  # type: ignore[attr-defined]
    assert not child.is_running()  # reaped: not even a zombie
    assert not multiprocessing.active_children()
    assert list((tmp_path / "scratch").iterdir()) == []


def test_while_the_child_is_silent_the_job_can_still_be_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_umap.install(tmp_path / "fake", monkeypatch, "hang")
    job, _ = begin(tmp_path)
    assert [next(job) for _ in range(3)][-1] == next(job)
    job.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("end", ["by itself", "from outside"])
def test_a_child_that_ends_early_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    fake_umap.install(tmp_path / "fake", monkeypatch, "die" if end == "by itself" else "hang")
    with pytest.raises(StudioError, match="ended early") as caught:
        job, child = begin(tmp_path)
        if end == "from outside":
            child.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        list(job)
    assert "the PCA map stays" in caught.value.hint
    assert not multiprocessing.active_children()


def test_a_umap_that_cannot_be_imported_is_a_sentence(trained: Project, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_umap.install(tmp_path / "fake", monkeypatch, "broken")
    last = run(jobs.make_map(trained))[-1]
    assert isinstance(last, RunFailed)
    assert "a_package_that_is_not_there" in last.message
    assert "umap-learn" in last.hint
    assert set(layouts(trained)) == {(PCA, FEATURES)}


def test_the_child_ends_with_its_parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_umap.install(tmp_path / "fake", monkeypatch, "hang")
    script = tmp_path / "parent.py"
    script.write_text(
        "import os, sys\n"
        "from pathlib import Path\n"
        "if __name__ == '__main__':\n"
        "    sys.path[:0] = sys.argv[2:]\n"
        "    from tests.jobs.test_mapping import begin\n"
        "    job, child = begin(Path(sys.argv[1]))\n"
        "    print(child.pid, flush=True)\n"
        "    os._exit(0)\n",
        encoding="utf-8",
    )
    root = Path(__file__).parent.parent.parent
    done = subprocess.run(
        [sys.executable, script, tmp_path, tmp_path / "fake", root], capture_output=True, text=True, timeout=60, check=True
    )
    _, alive = psutil.wait_procs([psutil.Process(pid) for pid in map(int, done.stdout.split()) if psutil.pid_exists(pid)], timeout=20)
    assert done.stdout.strip().isdigit()
    assert alive == []


def test_beyond_the_limit_images_are_placed_beside_those_that_were_arranged(tmp_path: Path, some_umap: None) -> None:
    points = vectors(80)
    start = fit_pca(points, 2).project(points)
    job, stages = arrange(points, start, tmp_path, most=60), []
    while True:
        try:
            stages.append(next(job))
        except StopIteration as stop:
            positions, fitted = stop.value
            break
    assert len(fitted) == 60
    assert umap_worker.PLACING in {event.stage for event in stages if isinstance(event, ProgressMade)}
    turned = start[:, ::-1] * np.array([1, -1])
    others = np.setdiff1d(np.arange(80), fitted)
    assert np.allclose(positions[fitted], turned[fitted], atol=1e-2)
    away = np.linalg.norm(positions[others] - turned[others], axis=1)
    assert np.median(away) < 0.6 * float(turned.std())


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(not has_umap(), reason="umap-learn is not installed")
def test_umap_keeps_digits_together_and_is_the_same_each_time(tmp_path: Path) -> None:
    digits, classes = load_digits(return_X_y=True)
    digits, classes = digits[:700].astype(np.float32), classes[:700]
    start = fit_pca(digits, 2).project(digits)
    with ThreadPoolExecutor(2) as both:  # each waits for a process of its own
        first, second = both.map(lambda _: result(arrange(digits, start, tmp_path))[0], range(2))  # type: ignore[index]
    assert np.array_equal(first, second)

    def share_of_own_class(positions: np.ndarray) -> float:
        rows = NearestNeighbors(n_neighbors=6).fit(positions).kneighbors(positions, return_distance=False)[:, 1:]
        return float((classes[rows] == classes[:, None]).mean())

    assert share_of_own_class(first) > 0.9
    assert share_of_own_class(first) > share_of_own_class(start) + 0.2
