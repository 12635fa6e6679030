"""One training run on arrays with any settings, and what became of each class; by hand, to compare settings before they become defaults.

    python tests/benchmarks/try_settings.py DATA.npz --steps 1200 [--seed 0] [--threads 1] \
        [--settings '{"method": "iic"}'] [--transforms '{"cutout_probability": 0.5}']

DATA.npz holds `x_train, y_train, x_test, y_test`. No files, no store: the trainer alone. Labels are read after training only.
"""

import argparse
import dataclasses
import json
import tempfile
from pathlib import Path

import numpy as np
import torch

from iic_studio.config import TrainSettings
from iic_studio.evaluation.matching import contingency, hungarian_match
from iic_studio.events import HealthMeasured
from iic_studio.images.datasets import read_dataset
from iic_studio.training.plan import DataFacts, choose_device, plan
from iic_studio.training.trainer import TrainingData, TrainingResult, train


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--name", default="mnist", help="as for `iic-studio reproduce`")
    parser.add_argument("--steps", type=int, default=1200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--settings", type=json.loads, default={}, help="fields of TrainSettings, as JSON")
    parser.add_argument("--transforms", type=json.loads, default={}, help="changes to the transforms of the preset, as JSON")
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    dataset = read_dataset(asked.data, asked.name)
    images = np.concatenate([dataset.train_images, dataset.test_images])
    labels = np.concatenate([dataset.train_labels, dataset.test_labels])
    is_grey = images.shape[1] == 1
    facts = DataFacts(len(images), images.shape[-1], is_grey, images.shape[1])
    device = choose_device(asked.device)
    wanted = TrainSettings(steps=asked.steps, seed=asked.seed, clusters=int(labels.max()) + 1, device=asked.device, **asked.settings)
    settings = plan(wanted, facts, device)
    assert settings.transforms is not None
    settings = dataclasses.replace(settings, transforms=dataclasses.replace(settings.transforms, **asked.transforms))
    data = TrainingData(images, np.arange(len(images)), np.arange(len(images)), is_grey)
    with tempfile.TemporaryDirectory() as place:
        for item in train(data, settings, Path(place)):
            if isinstance(item, HealthMeasured):
                print(f"step {item.step}: excess {item.mutual_information_excess:.3f} bits, churn {item.churn:.3f}, {item.agreement:.3f}")
            elif isinstance(item, TrainingResult):
                tell(item, labels)


def tell(result: TrainingResult, labels: np.ndarray) -> None:
    """Accuracy of every sub-head, and the ten most frequent mistakes of the chosen one."""
    classes = int(labels.max()) + 1
    accuracies = []
    for votes in result.assignments.votes.T:
        counts = contingency(votes, labels, classes, classes)
        accuracies.append(counts[np.arange(classes), hungarian_match(counts)].sum() / len(labels))
    counts = contingency(result.assignments.assignment, labels, classes, classes)
    match = hungarian_match(counts)
    mistakes = [(int(counts[cluster, kind]), int(match[cluster]), kind) for cluster in range(classes) for kind in range(classes)]
    mistakes = sorted((one for one in mistakes if one[1] != one[2]), reverse=True)[:10]
    print(f"chosen {accuracies[result.assignments.sub_head]:.4f}, sub-heads {[round(float(one), 4) for one in accuracies]}")
    print(f"losses {[round(loss, 3) for loss in result.losses['main']]}, {result.joints.step} steps in {result.elapsed_s:.0f} s")
    print("most frequent mistakes (images, taken for, class):", mistakes)


if __name__ == "__main__":
    main()
