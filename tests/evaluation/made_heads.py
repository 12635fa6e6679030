"""Clusters made up for tests of classes: overclusters that mostly hold one class, main clusters made of them."""

import numpy as np

from iic_studio.evaluation.class_maps import Heads


def made_heads(seed: int, images: int = 3000, classes: int = 6, finer: int = 5, purity: float = 0.92) -> tuple[Heads, np.ndarray]:
    """Heads and the true class of each image.

    Args:
        seed: of everything random.
        images: N.
        classes: C; there are as many main clusters.
        finer: overclusters for each class.
        purity: share of the overclusters that lie in the main cluster of their class, and about the purity of each.
    """
    rng = np.random.default_rng(seed)
    num_over = classes * finer
    over = rng.choice(num_over, images, p=rng.dirichlet(np.full(num_over, 2.0)))
    main_of = np.arange(num_over) % classes
    class_of = np.where(rng.random(num_over) > purity, rng.integers(classes, size=num_over), main_of)
    pure = rng.beta(8 * purity, 8 * (1 - purity) + 0.3, num_over)
    truth = np.where(rng.random(images) < pure[over], class_of[over], rng.integers(classes, size=images))
    logits = rng.normal(size=(images, classes))
    logits[np.arange(images), main_of[over]] += 6
    probabilities = np.exp(logits)
    probabilities = (probabilities / probabilities.sum(axis=1, keepdims=True)).astype(np.float32)
    return Heads.of(probabilities, probabilities.argmax(axis=1), over, num_over), truth
