"""Maps between two namings of the same groups: clusters to classes, or the clusters of one sub-head to those of another.

Counts in, maps out. Source: IIC paper, section 4.2 (one-to-one for the main head, many-to-one for overclustering).
"""

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from iic_studio.records import IntArray


def contingency(rows: npt.ArrayLike, columns: npt.ArrayLike, num_rows: int, num_columns: int) -> IntArray:
    """(num_rows, num_columns) counts of how often each pair of ids occurs together."""
    flat = np.asarray(rows, dtype=np.int64) * num_columns + np.asarray(columns, dtype=np.int64)
    return np.bincount(flat, minlength=num_rows * num_columns).reshape(num_rows, num_columns)


def hungarian_match(counts: npt.NDArray[np.int64] | npt.NDArray[np.float64]) -> IntArray:
    """The one-to-one map of rows to columns with the most agreement.

    Args:
        counts: (K, C) as from `contingency`.

    Returns:
        (K,) column of each row; -1 for rows left over when K is above C.
    """
    match = np.full(counts.shape[0], -1, dtype=np.int64)
    rows, columns = linear_sum_assignment(counts, maximize=True)
    match[rows] = columns
    return match


def many_to_one_match(counts: npt.NDArray[np.int64]) -> IntArray:
    """(K,) most frequent column of each row; the lowest on a tie, -1 for an empty row."""
    match = np.asarray(counts.argmax(axis=1), dtype=np.int64)
    match[counts.sum(axis=1) == 0] = -1
    return match


def align_votes(votes: npt.NDArray[np.int64], reference: int, num_clusters: int) -> IntArray:
    """Rename the clusters of every sub-head to those of one of them.

    Args:
        votes: (N, H) assignment by each sub-head in its own naming.
        reference: the sub-head whose naming is kept.

    Returns:
        (N, H) in the naming of the reference.
    """
    aligned = np.empty_like(votes)
    for sub_head in range(votes.shape[1]):
        counts = contingency(votes[:, sub_head], votes[:, reference], num_clusters, num_clusters)
        aligned[:, sub_head] = hungarian_match(counts)[votes[:, sub_head]]
    aligned[:, reference] = votes[:, reference]
    return aligned
