"""Near-duplicates among small squares: the same picture saved again, scaled, or slightly brightened.

Each square becomes a difference hash of 128 bits (is a patch brighter than its neighbour, across and down) and a tiny colour version. Two
squares are near-duplicates when few bits differ and the colours are close. Candidates share a block of bits: with more blocks than bits
that may differ, two near hashes agree on one of them, so no matrix of all pairs is made. Source of the hash: Krawetz, "Kind of like
that", 2013.

Known weaknesses: pictures that were cropped or turned are not found; among thousands of pictures that agree on a whole block (empty
scans) only those next to each other in the order of their hashes are compared.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from iic_studio.records import IntArray

BITS = 128
MOST_BITS = 7
MOST_COLOUR = 10.0
_BLOCKS = MOST_BITS + 1
_SIDE = 8
_COLOUR_SIDE = 4
_LONGEST_WALK = 2_048

Squares = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Prints:
    """What is compared: `bits` (N, 128) of 0 and 1 as uint8, `colours` (N, 48) mean grey levels of 4 × 4 patches in three channels."""

    bits: npt.NDArray[np.uint8]
    colours: npt.NDArray[np.uint8]


def prints_of(squares: Squares) -> Prints:
    """Prints of (N, 3, S, S) squares."""
    colour = squares.astype(np.float32)
    grey = colour.mean(axis=1)
    across, down = _shrunk(grey, _SIDE, _SIDE + 1), _shrunk(grey, _SIDE + 1, _SIDE)
    steps = (np.diff(across, axis=2) > 0, np.diff(down, axis=1) > 0)
    bits = np.concatenate([one.reshape(-1, BITS // 2) for one in steps], axis=1).astype(np.uint8)
    small = _shrunk(colour.reshape(-1, *colour.shape[2:]), _COLOUR_SIDE, _COLOUR_SIDE)
    return Prints(bits, np.rint(small).clip(0, 255).astype(np.uint8).reshape(-1, 3 * _COLOUR_SIDE**2))


def _shrunk(images: npt.NDArray[np.float32], rows: int, columns: int) -> npt.NDArray[np.float32]:
    """(N, rows, columns) means over equal parts of (N, S, S)."""
    side = images.shape[-1]
    narrow = (images.reshape(-1, side) @ _box(side, columns).T).reshape(-1, side, columns)
    turned = np.ascontiguousarray(narrow.transpose(0, 2, 1)).reshape(-1, side)
    return (turned @ _box(side, rows).T).reshape(-1, columns, rows).transpose(0, 2, 1)


def _box(side: int, parts: int) -> npt.NDArray[np.float32]:
    """(parts, side) weights of the mean over equal parts of a side, edges shared by their area."""
    edges = np.linspace(0, side, parts + 1)
    pixels = np.arange(side)
    low, high = np.maximum(edges[:-1, None], pixels), np.minimum(edges[1:, None], pixels + 1)
    return ((high - low).clip(0) * parts / side).astype(np.float32)


def group_near(prints: Prints) -> Iterator[int | IntArray]:
    """Groups of near-duplicates.

    Yields:
        The number of blocks done so far; last (N,) the group of each, -1 for what is like no other. Groups are numbered by their first row.
    """
    packed = np.packbits(prints.bits, axis=1)
    kept, first, same = np.unique(np.concatenate([packed, prints.colours], axis=1), axis=0, return_index=True, return_inverse=True)
    same = same.reshape(-1)
    hashes = packed[first].view(np.uint64)
    colours = prints.colours[first].astype(np.int16)
    pairs = [np.zeros((0, 2), np.int64)]
    for done, block in enumerate(_blocks(prints.bits[first]), start=1):
        pairs.append(_near_in(block, hashes, colours))
        yield done
    yield _numbered(_led(np.concatenate(pairs), len(kept))[same])


def _led(pairs: IntArray, total: int) -> IntArray:
    """(N,) the leader of each row, near to it. Who has most near ones leads first; chains of pictures alike by pairs only fall apart."""
    from scipy.sparse import coo_matrix  # here, because it loads for a tenth of a second

    leader = np.arange(total)
    both = np.concatenate([pairs, pairs[:, ::-1]])
    links = coo_matrix((np.ones(len(both), np.bool_), (both[:, 0], both[:, 1])), shape=(total, total)).tocsr()
    degrees = np.diff(links.indptr)
    paired = np.flatnonzero(degrees)
    free = np.ones(total, np.bool_)
    for row in paired[np.argsort(-degrees[paired], kind="stable")].tolist():
        if free[row]:
            near = links.indices[links.indptr[row] : links.indptr[row + 1]]
            near = near[free[near]]
            leader[near] = row
            free[near] = free[row] = False
    return leader


def _numbered(component: IntArray) -> IntArray:
    """Groups of one row become -1; the others are numbered by their first row."""
    groups = np.full(len(component), -1, np.int64)
    found, first, where, counts = np.unique(component, return_index=True, return_inverse=True, return_counts=True)
    several = np.flatnonzero(counts > 1)
    order = several[np.argsort(first[several])]
    number = np.full(len(found), -1, np.int64)
    number[order] = np.arange(len(order))
    groups[:] = number[where.reshape(-1)]
    return groups


def _blocks(bits: npt.NDArray[np.uint8]) -> Iterator[IntArray]:
    """(N,) values of each block of bits. Bits that tell much are dealt out in turn, so that every block tells about the same."""
    share = bits.mean(axis=0) if len(bits) else np.zeros(BITS)
    order = np.argsort(np.abs(share - 0.5), kind="stable")
    for block in range(_BLOCKS):
        places = order[block::_BLOCKS]
        yield bits[:, places].astype(np.int64) @ (1 << np.arange(len(places), dtype=np.int64))


def _near_in(block: IntArray, hashes: npt.NDArray[np.uint64], colours: npt.NDArray[np.int16]) -> IntArray:
    """(M, 2) near pairs among rows that agree on a block: each row with the 1st, 2nd, … after it, as long as the block is the same."""
    order = np.lexsort((hashes[:, 1], hashes[:, 0], block))
    # In this order the rows that are compared lie beside each other in memory.
    agreed, first, second = block[order], hashes[order, 0], hashes[order, 1]
    found = [np.zeros((0, 2), np.int64)]
    here = np.arange(len(order), dtype=np.int32)
    for step in range(1, _LONGEST_WALK + 1):
        here = here[: np.searchsorted(here, len(order) - step)]
        here = here[agreed[here] == agreed[here + step]]
        if not len(here):
            break
        near, differing = _nearer(here, step, first, 0)
        near, _ = _nearer(near, step, second, differing)
        if len(near):
            one, other = order[near], order[near + step]
            alike = np.abs(colours[one] - colours[other]).mean(axis=1) <= MOST_COLOUR
            found.append(np.stack([one[alike], other[alike]], axis=1))
    return np.concatenate(found)


def _nearer(
    here: npt.NDArray[np.int32], step: int, words: npt.NDArray[np.uint64], before: int | npt.NDArray[np.uint8]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    """Those of the rows whose words differ in few enough bits from those a step later, and in how many, with the bits `before`."""
    differing = np.bitwise_count(words[here] ^ words[here + step]) + before
    near = differing <= MOST_BITS
    return here[near], np.asarray(differing[near])
