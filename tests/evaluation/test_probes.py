"""Classes straight from features: separable ones are found, whatever their length, also from one label a class."""

import numpy as np
import pytest

from iic_studio.evaluation.probes import PROBES, probe, stratified_parts


@pytest.mark.parametrize("name", PROBES)
def test_directions_that_differ_are_told_apart(name: str) -> None:
    rng = np.random.default_rng(0)
    classes = np.arange(90) % 3
    features = (np.eye(3)[classes] * rng.uniform(1, 50, (90, 1)) + rng.normal(0, 0.1, (90, 3))).astype(np.float32)
    found = probe(name, features[:15], classes[:15], 3, features)
    assert found.shape == (90, 3) and np.allclose(found.sum(axis=1), 1, atol=1e-5)
    assert (found.argmax(axis=1) == classes).mean() > 0.95


@pytest.mark.parametrize("name", PROBES)
def test_a_class_without_a_label_gets_no_chance(name: str) -> None:
    features = np.eye(4, dtype=np.float32)
    found = probe(name, features[:2], np.array([0, 2]), 3, features)
    assert (found[:, 1] == 0).all() and found[1].argmax() == 2
    assert probe(name, features[:1], np.array([1]), 3, features).argmax(axis=1).tolist() == [1] * 4


def test_each_class_is_in_every_part() -> None:
    classes = np.array([0] * 10 + [1] * 5 + [2] * 7)
    parts = stratified_parts(classes, 5, seed=3)
    assert all(set(parts[classes == one]) == set(range(5)) for one in range(3))
    assert np.array_equal(parts, stratified_parts(classes, 5, seed=3))
