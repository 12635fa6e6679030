"""Fewer clusters out of many, by merging those whose union loses the least information.

Works on a joint alone: merging two clusters adds their rows and columns, and what that costs in mutual information is known exactly.
Greedy, as in the agglomerative information bottleneck (Slonim and Tishby, NIPS 1999), so not always the best partition.
"""

import numpy as np
import numpy.typing as npt

from iic_studio.records import IntArray


def merge_clusters(joint: npt.NDArray[np.floating], num_clusters: int) -> IntArray:
    """Merge clusters two by two until `num_clusters` are left.

    Args:
        joint: (K, K) symmetric joint, sums to 1.
        num_clusters: at most K.

    Returns:
        (K,) new cluster of each old one, 0…num_clusters-1 in the order of their lowest member.
    """
    rest: npt.NDArray[np.float64] = np.array(joint, dtype=np.float64)
    groups = [[cluster] for cluster in range(len(rest))]
    while len(groups) > num_clusters:
        first, second = sorted(divmod(int(np.argmin(merge_costs(rest))), len(rest)))
        groups[first] += groups.pop(second)
        rest[first] += rest[second]
        rest[:, first] += rest[:, second]
        rest = np.delete(np.delete(rest, second, axis=0), second, axis=1)
    merged = np.empty(sum(map(len, groups)), dtype=np.int64)
    for new, members in enumerate(sorted(groups, key=min)):
        merged[members] = new
    return merged


def merged_joint(joint: npt.NDArray[np.floating], merged: IntArray) -> npt.NDArray[np.float64]:
    """The joint after renaming cluster k to `merged[k]`."""
    member = np.eye(merged.max() + 1)[merged]
    return np.asarray(member.T @ joint @ member, dtype=np.float64)


def information_nats(joint: npt.NDArray[np.floating]) -> float:
    """Mutual information of a symmetric joint, in nats."""
    return float(_entropy_terms(joint).sum() - 2 * _entropy_terms(joint.sum(axis=1)).sum())


def merge_costs(joint: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(K, K) mutual information in nats lost by merging two clusters of a symmetric joint; infinite on the diagonal."""
    term = _entropy_terms(joint)
    rows, own = term.sum(axis=1), np.diag(joint)
    num = len(joint)
    # Rows of the union, over all third clusters; the four cells that meet in the new diagonal are counted apart.
    union = np.empty((num, num))
    for cluster in range(num):
        union[cluster] = _entropy_terms(joint + joint[cluster]).sum(axis=1)
    union -= _entropy_terms(joint + own[:, None]) + _entropy_terms(joint + own[None, :])
    before = rows[:, None] + rows[None, :] - np.diag(term)[:, None] - np.diag(term)[None, :] - 2 * term
    corner = _entropy_terms(own[:, None] + own[None, :] + 2 * joint)
    corner_before = np.diag(term)[:, None] + np.diag(term)[None, :] + 2 * term
    marginal = joint.sum(axis=1)
    marginal_term = _entropy_terms(marginal)
    marginal_gain = _entropy_terms(marginal[:, None] + marginal[None, :]) - marginal_term[:, None] - marginal_term[None, :]
    cost = -(2 * (union - before) + corner - corner_before) + 2 * marginal_gain
    np.fill_diagonal(cost, np.inf)
    return np.asarray(cost)


def _entropy_terms(values: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """x ln x, 0 at 0."""
    return np.asarray(np.where(values > 0, values * np.log(np.maximum(values, 1e-300)), 0.0))
