"""DeepCluster in both forms: it finds made kinds, goes on bit for bit, draws groups evenly, and keeps their numbers."""

import dataclasses
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional

from iic_studio.config import TrainSettings
from iic_studio.errors import UsageError
from iic_studio.evaluation.scores import score_clustering
from iic_studio.events import EpochFinished, HealthMeasured, PseudoLabelsMade, StepsFinished, from_json, to_json
from iic_studio.iic.networks import LOGITS, MAIN, OVERCLUSTERING, PROJECTED, PROJECTION, TEMPERATURE, Head, NetworkShape, build_network
from iic_studio.training import checkpoint as ckpt
from iic_studio.training import narrator, trainer
from iic_studio.training.objective import PairBatch
from iic_studio.training.plan import DataFacts, plan
from iic_studio.training.processes import Processes
from iic_studio.training.pseudo_labels import PseudoLabelObjective, PseudoLabels, draw_evenly, steps_per_round
from iic_studio.training.run_state import RunState, load_model
from iic_studio.training.trainer import TrainingData, TrainingResult, train

Planned = Callable[..., TrainSettings]
FORMS = ("deepcluster", "deepcluster-classic")


def result_of(run: object) -> TrainingResult:
    *_, last = run
    assert isinstance(last, TrainingResult)
    return last


def weights(folder: Path) -> dict[str, torch.Tensor]:
    kept = ("network/", "optimiser/", "pseudo/")
    return {key: value for key, value in ckpt.load(folder / ckpt.LAST).tensors.items() if key.startswith(kept)}


@pytest.mark.parametrize("method", FORMS)
def test_it_finds_the_kinds_and_tells_of_its_rounds(
    data: TrainingData, kinds: np.ndarray, planned: Planned, folder: Path, method: str
) -> None:
    items = list(train(data, planned(method=method, steps=120, batch_size=32, learning_rate=1e-3, overclusters=8), folder))
    result = items[-1]
    assert isinstance(result, TrainingResult)
    scores = score_clustering(result.assignments.assignment.tolist(), [str(kind) for kind in kinds])
    assert scores.accuracy_many_to_one > 0.9
    rounds = [item for item in items if isinstance(item, PseudoLabelsMade)]
    assert [item.round for item in rounds] == list(range(6))
    assert [item.step for item in rounds] == list(range(0, 120, 20))
    assert math.isnan(rounds[0].nmi_previous)
    assert all(0 < item.nmi_previous <= 1 and item.cross_entropy > 0 for item in rounds[1:])
    assert rounds[0].num_clusters == 8
    assert any(isinstance(item, EpochFinished) for item in items)
    assert any(isinstance(item, HealthMeasured) for item in items)
    assert from_json(to_json(rounds[-1])) == rounds[-1]


@pytest.mark.parametrize("method", FORMS)
@pytest.mark.parametrize("cut_after", [1, 21])
def test_resumed_equals_uninterrupted(
    data: TrainingData, planned: Planned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str, cut_after: int
) -> None:
    monkeypatch.setattr(narrator, "REPORT_INTERVAL_S", 0.0)
    settings = planned(method=method, steps=24)
    whole = result_of(train(data, settings, tmp_path / "whole"))
    run = train(data, settings, tmp_path / "cut")
    for event in run:
        if isinstance(event, StepsFinished) and event.step == cut_after:
            break
    run.close()
    assert ckpt.load_last(tmp_path / "cut").facts["step"] == cut_after
    resumed = result_of(train(data, settings, tmp_path / "cut", resume=True))
    first, second = weights(tmp_path / "whole"), weights(tmp_path / "cut")
    assert first.keys() == second.keys()
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert np.array_equal(whole.assignments.probabilities, resumed.assignments.probabilities)


@pytest.mark.parametrize("method", FORMS)
def test_the_model_assigns_as_the_run_did(data: TrainingData, planned: Planned, folder: Path, method: str) -> None:
    settings = planned(method=method, steps=3)
    result = result_of(train(data, settings, folder))
    network, loaded, saved = load_model(folder, torch.device("cpu"))
    batches = trainer.make_batches(data, loaded, torch.device("cpu"))
    with torch.no_grad():
        alone = network(batches.centre(np.array([5])), (MAIN,))[MAIN][saved.facts["sub_head"], 0]
    assert np.allclose(alone.numpy(), result.assignments.probabilities[5], atol=2e-3)


def test_images_are_drawn_by_the_label_they_carry() -> None:
    rng = np.random.default_rng(0)
    labels = rng.choice(6, 500, p=[0.7, 0.2, 0.05, 0.03, 0.02, 0.0])
    labels[:7] = 4
    drawn = draw_evenly(labels, 203, torch.Generator().manual_seed(0))
    counts = np.bincount(labels[drawn], minlength=6)
    assert counts[5] == 0
    assert counts[:5].min() >= 40
    assert counts[:5].max() <= 41
    for label in range(5):  # nobody comes twice before everybody came once
        times = np.bincount(drawn, minlength=500)[labels == label]
        assert times.max() - times.min() <= 1
    assert len(set(labels[drawn[:40]])) > 2


def test_the_batches_of_a_round_hold_each_group_equally_often(data: TrainingData, planned: Planned, folder: Path) -> None:
    settings = planned(method="deepcluster-classic", sub_heads=1)
    batches = trainer.make_batches(data, settings, torch.device("cpu"))
    run = RunState(settings, 1, torch.device("cpu"), folder)
    assert run.pseudo is not None
    told = list(run.pseudo.make(run.network, run.optimiser, batches, 0))[-1]
    assert isinstance(told, PseudoLabelsMade)
    seen = torch.cat([batches.at(step).positions for step in range(steps_per_round(batches.steps_per_epoch))])
    counts = torch.bincount(run.pseudo.labels[OVERCLUSTERING][0][seen].long())
    assert counts[counts > 0].max() - counts[counts > 0].min() <= 1


def test_groups_keep_their_numbers(data: TrainingData, planned: Planned, folder: Path) -> None:
    settings = planned(method="deepcluster")
    batches = trainer.make_batches(data, settings, torch.device("cpu"))
    run = RunState(settings, 1, torch.device("cpu"), folder)
    assert run.pseudo is not None
    list(run.pseudo.make(run.network, run.optimiser, batches, 0))
    before = run.pseudo.labels[MAIN].clone()
    list(run.pseudo.make(run.network, run.optimiser, batches, 20))
    after = run.pseudo.labels[MAIN]
    assert (before == after).float().mean() > 0.7
    seen = functional.normalize(run.pseudo.memory.float(), dim=1)
    with torch.no_grad():
        heads = run.network.head(MAIN).logits(seen)
    assert torch.equal(heads.argmax(dim=-1).int(), after)


def test_probabilities_fall_with_the_squared_distance() -> None:
    head = Head(3, 4, 1)
    centroids = torch.randn(4, 3, generator=torch.Generator().manual_seed(0))
    head.put_centroids(0, centroids)
    points = torch.randn(5, 3, generator=torch.Generator().manual_seed(1))
    expected = functional.softmax(-torch.cdist(points, centroids).square() / (2 * TEMPERATURE), dim=1)
    assert torch.allclose(head(points)[0], expected, atol=1e-5)


def test_the_centroids_do_not_learn_but_the_rest_does() -> None:
    shape = NetworkShape(channels=1, num_clusters=2, num_overclusters=3, num_sub_heads=2, inputs="grey", points=PROJECTED)
    network = build_network(shape, seed=0, device=torch.device("cpu"))
    x = torch.rand(4, 1, 24, 24)
    batch = PairBatch(torch.arange(4), x, x.flip(3))
    labels = torch.tensor([[0, 1, 2, 0], [1, 1, 0, 2]])
    outputs = network(torch.cat([batch.x, batch.x_transformed]), (MAIN, LOGITS, PROJECTION))
    total, result = PseudoLabelObjective(labels, None, True)(outputs, batch, Processes())
    total.backward()
    logits = outputs[LOGITS]
    by_hand = [functional.cross_entropy(logits[head, part], labels[head]) for head in range(2) for part in (slice(0, 4), slice(4, 8))]
    assert total.item() == pytest.approx(torch.stack(by_hand).mean().item(), rel=1e-5)
    assert network.head(OVERCLUSTERING).linear.weight.grad is None
    assert network.heads[PROJECTION].layers[0].weight.grad.abs().sum() > 0
    assert result.points is not None
    assert torch.allclose(result.points.norm(dim=1), torch.ones(4), atol=1e-5)


def test_weights_are_inverse_to_the_size_of_a_group(data: TrainingData, planned: Planned) -> None:
    pseudo = PseudoLabels(planned(method="deepcluster", balance="weights", overclusters=4), torch.device("cpu"))
    pseudo.labels = {OVERCLUSTERING: torch.tensor([[0, 0, 0, 1]], dtype=torch.int32)}
    objective = pseudo.objective()
    batch = PairBatch(torch.tensor([0, 1, 2, 3]), torch.zeros(4, 1, 1, 1), torch.zeros(4, 1, 1, 1))
    logits = torch.randn(1, 8, 2, generator=torch.Generator().manual_seed(0))
    outputs = {MAIN: functional.softmax(logits, -1), LOGITS: logits, PROJECTION: torch.zeros(8, 2)}
    total, _ = objective(outputs, batch, Processes())
    each = functional.cross_entropy(logits[0], torch.tensor([0, 0, 0, 1] * 2), reduction="none")
    assert float(total) == pytest.approx(float((each * torch.tensor([2 / 3, 2 / 3, 2 / 3, 2.0] * 2)).mean()), rel=1e-5)


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"starts": 2}, "--starts"), ({"extra": "/elsewhere"}, "--extra"), ({"head_schedule": "mo"}, "--heads"),
     ({"overclusters": 3}, "between --clusters"), ({"overclusters": 65}, "between --clusters")],
)  # fmt: skip
def test_what_does_not_fit_is_refused(planned: Planned, changes: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        planned(method="deepcluster", **changes)


def test_the_number_of_groups_learned_follows_the_number_of_images() -> None:
    asked = TrainSettings(method="deepcluster", clusters=10)
    counts = [plan(asked, DataFacts(count, 24, True), torch.device("cpu")).overclusters for count in (40, 400, 40_000)]
    assert counts == [10, 13, 100]
    several = dataclasses.replace(asked, overclusters=5_000)
    with pytest.raises(UsageError, match="too many"):
        plan(several, DataFacts(40_000, 24, True), torch.device("cpu"))


def test_several_processes_are_refused(data: TrainingData, planned: Planned, folder: Path) -> None:
    with pytest.raises(UsageError, match="one process"):
        next(iter(train(data, planned(method="deepcluster"), folder, processes=Processes(0, 2))))
