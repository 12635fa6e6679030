"""Clusters in groups: the joint of the groups, what it tells, and better groups by moving single clusters.

Works on a joint alone: putting clusters together adds their rows and columns.
"""

import numpy as np
import numpy.typing as npt

from iic_studio.records import IntArray

_MOST_ROUNDS = 20
_GAIN_NATS = 1e-7


def merged_joint(joint: npt.NDArray[np.floating], groups: IntArray) -> npt.NDArray[np.float64]:
    """The joint after renaming cluster k to `groups[k]`."""
    member = np.eye(groups.max() + 1)[groups]
    return np.asarray(member.T @ joint @ member, dtype=np.float64)


def information_nats(joint: npt.NDArray[np.floating]) -> float:
    """Mutual information of a symmetric joint, in nats."""
    return float(_terms(joint).sum() - 2 * _terms(joint.sum(axis=1)).sum())


def regroup(joint: npt.NDArray[np.floating], groups: IntArray) -> IntArray:
    """Move single clusters to other groups as long as the groups then tell more; no group is emptied.

    Groups that were merged two by two are seldom the best: an early merge is never undone. Source of the idea: the sequential
    information bottleneck, Slonim, Friedman and Tishby, SIGIR 2002.

    Args:
        joint: (K, K) symmetric joint, sums to 1.
        groups: (K,) group of each cluster, 0…G-1.

    Returns:
        (K,) groups whose joint has at least as much information.
    """
    now = np.array(groups)
    for _ in range(_MOST_ROUNDS):
        moved = False
        for cluster in range(len(now)):
            if (now == now[cluster]).sum() == 1:
                continue
            gains = _gains(joint, now, cluster)
            best = int(np.argmax(gains))
            if gains[best] > gains[now[cluster]] + _GAIN_NATS:
                now[cluster], moved = best, True
        if not moved:
            break
    return now


def _gains(joint: npt.NDArray[np.floating], groups: IntArray, cluster: int) -> npt.NDArray[np.float64]:
    """(G,) information of the groups with `cluster` in each of them, up to what is the same for all."""
    member = np.eye(groups.max() + 1)[groups]
    member[cluster] = 0
    rest, links, own = member.T @ joint @ member, joint[cluster] @ member, joint[cluster, cluster]
    masses, mass = rest.sum(axis=1) + links, joint[cluster].sum()
    # With the cluster in group h, row and column h grow by its links to the other groups, the cell (h, h) by twice its link and itself.
    grown = _terms(rest + links[None, :]) - _terms(rest)
    between = 2 * (grown.sum(axis=1) - np.diag(grown))
    # The links of the cluster itself no longer stand alone.
    inside = _terms(np.diag(rest) + 2 * links + own) - _terms(np.diag(rest))
    marginal = _terms(masses + mass) - _terms(masses)
    return np.asarray(between + inside - 2 * marginal, dtype=np.float64)


def _terms(values: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """x ln x, 0 at 0."""
    from scipy.special import xlogy  # here, because it loads for a tenth of a second

    return np.asarray(xlogy(values, values), dtype=np.float64)
