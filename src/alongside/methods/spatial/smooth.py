"""A field that changes smoothly from an area to those beside it (ICAR), and quick exact algebra on it.

A priori p(u) ∝ exp(−½ Σ (u_i − u_j)²·c) over the pairs of areas that lie beside one another, the sum of u within each
connected part being 0. The scale c of each connected part is chosen so that the geometric mean of its areas' variances
is 1: then one spread means the same on any map.

Areas are ordered by their steps from the rim of their part. Whoever lies beside an area is at most one step nearer or
farther, so that every matrix here is block tridiagonal: with blocks of b areas out of n, solving, determinant and all
variances cost n·b² (about n² on a map, and n³ where everything touches everything).

Sources: Besag, York & Mollié 1991, Annals of the Institute of Statistical Mathematics 43(1) (ICAR); Sørbye & Rue 2014,
Spatial Statistics 8, and Freni-Sterrantino, Ventrucci & Rue 2018, Spatial and Spatio-temporal Epidemiology 26 (scale,
by connected part); Rue & Held 2005, Gaussian Markov Random Fields, 2.3 (under constraints), 2.4 (blocks).
Page: docs/methods/relative-risk.md
"""

from dataclasses import dataclass

import numpy as np
import scipy  # loads each part when it is first used: most processes never compute

from .arrays import Floats, Ints

_SMALLEST_BLOCK = 24  # areas; smaller blocks cost more in calls than they save in arithmetic
_FIRM = (
    1e-7  # added to the diagonal, so that a part where nothing is known can be factored; the sum is held to 0
)


@dataclass(frozen=True)
class Smooth:
    """The field over the m areas that have others beside them, in an order of its own.

    areas      (m,) which areas, by position; all others are islands
    part       (m,) the connected part each lies in, 0, 1, …
    log_det    of the field's own precision, sums held to 0
    """

    areas: Ints
    part: Ints
    log_det: float
    _diagonal: list[Floats]  # blocks (b, b)
    _below: list[Floats]  # blocks (b, b before), one for each but the first

    def with_data(self, precision: Floats) -> "Posterior":
        """The field once each of its areas was observed with this precision, (m,), none below 0."""
        return _factored(self._diagonal, self._below, self.part, precision)


@dataclass(frozen=True)
class Posterior:
    """The field after data: a Gaussian whose sum within each part is held to 0."""

    log_det: float
    _part: Ints
    _held: Floats  # K⁻¹1, what holding the sums takes away
    _held_by_part: Floats
    _upper: list[Floats]  # Cholesky factors, block by block
    _across: list[Floats]

    def solve(self, x: Floats) -> Floats:
        """The covariance times x, (m,) or (m, k)."""
        free = _solve(self._upper, self._across, x)
        taken = _sums(self._part, free, len(self._held_by_part)) / _column(self._held_by_part, x)
        return free - _column(self._held, x) * taken[self._part]

    def variances(self) -> Floats:
        """(m,) of each area."""
        found: list[Floats] = []
        inverse: Floats = np.zeros((0, 0))
        for k in range(len(self._upper) - 1, -1, -1):
            block = _divide(self._upper[k], np.eye(len(self._upper[k])))
            if k + 1 < len(self._upper):
                block = block + self._across[k] @ inverse @ self._across[k].T
            inverse = block
            found.append(np.diag(inverse).copy())
        free = np.concatenate(found[::-1]) if found else np.zeros(0)
        return np.asarray(free - self._held**2 / self._held_by_part[self._part])


def smooth_over(areas: int, beside: Ints) -> Smooth:
    """The scaled field over so many areas.

    beside  (k, 2) pairs of positions that lie beside one another, each in any order, once or twice;
            an area beside itself is no pair

    Raises ValueError where a position is not one of the areas.
    """
    pairs = np.asarray(beside, dtype=np.int64).reshape(-1, 2)
    if pairs.size and (pairs.min() < 0 or pairs.max() >= areas):
        raise ValueError("A pair names an area that is not there.")
    pairs = np.unique(np.sort(pairs[pairs[:, 0] != pairs[:, 1]], axis=1), axis=0)
    touching = np.unique(pairs)
    order, part, level = _by_steps(np.searchsorted(touching, pairs), len(touching))
    diagonal, below = _blocks(np.argsort(order)[np.searchsorted(touching, pairs)], level)
    plain = _factored(diagonal, below, part, np.full(len(order), _FIRM))
    log_variance = np.log(plain.variances())
    scale = np.exp(np.bincount(part, log_variance) / np.bincount(part))[part] if len(part) else np.zeros(0)
    edges = np.cumsum([0, *map(len, diagonal)])
    within = [scale[edges[k] : edges[k + 1]] for k in range(len(diagonal))]
    scaled = [block * s[:, None] for block, s in zip(diagonal, within, strict=True)]
    scaled_below = [block * s[:, None] for block, s in zip(below, within[1:], strict=True)]
    own = _factored(scaled, scaled_below, part, np.full(len(order), _FIRM))
    return Smooth(touching[order], part, own.log_det, scaled, scaled_below)


def _by_steps(pairs: Ints, n: int) -> tuple[Ints, Ints, Ints]:
    """Order (n,) by part and steps from the part's rim; in that order, the part and the block of each."""
    if not n:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64)
    graph = scipy.sparse.coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(n, n)).tocsr()
    parts, part = scipy.sparse.csgraph.connected_components(graph, directed=False)
    steps: Floats = np.zeros(n)
    for _ in range(3):  # from anywhere to the farthest, and from there again: a rim
        by_steps = np.lexsort((steps, part))
        farthest = by_steps[np.searchsorted(part[by_steps], np.arange(parts), side="right") - 1]
        steps = scipy.sparse.csgraph.dijkstra(
            graph, directed=False, indices=farthest, unweighted=True, min_only=True
        )
    order = np.lexsort((steps, part))
    _, sizes = np.unique(np.stack([part[order], steps[order].astype(np.int64)]), axis=1, return_counts=True)
    return order.astype(np.int64), part[order].astype(np.int64), np.repeat(_joined(sizes), sizes)


def _joined(sizes: Ints) -> Ints:
    """Which block each level goes to: small ones that follow each other are joined."""
    block, held, blocks = 0, 0, []
    for size in sizes:
        if held and held + size > _SMALLEST_BLOCK:
            block, held = block + 1, 0
        blocks.append(block)
        held += size
    return np.array(blocks, dtype=np.int64)


def _blocks(pairs: Ints, level: Ints) -> tuple[list[Floats], list[Floats]]:
    """Number of neighbors on the diagonal, −1 for each pair: as dense blocks, and those below them."""
    sizes = np.bincount(level) if len(level) else np.zeros(0, np.int64)
    first = np.cumsum(sizes) - sizes
    diagonal = [np.zeros((size, size)) for size in sizes]
    below = [np.zeros((sizes[k + 1], sizes[k])) for k in range(len(sizes) - 1)]
    for one, other in np.sort(pairs, axis=1):
        near, far = level[one], level[other]
        i, j = one - first[near], other - first[far]
        diagonal[near][i, i] += 1
        diagonal[far][j, j] += 1
        if near == far:
            diagonal[near][i, j] -= 1
            diagonal[near][j, i] -= 1
        else:
            below[near][j, i] -= 1
    return diagonal, below


def _factored(diagonal: list[Floats], below: list[Floats], part: Ints, precision: Floats) -> Posterior:
    upper: list[Floats] = []
    across: list[Floats] = []
    log_det, first = 0.0, 0
    for k, block in enumerate(diagonal):
        here = block.copy()
        np.fill_diagonal(here, np.diag(block) + np.maximum(precision[first : first + len(block)], _FIRM))
        if k:
            across.append(_divide(upper[-1], below[k - 1].T))
            here -= below[k - 1] @ across[-1]
        upper.append(_factor(here))
        log_det += 2 * float(np.log(np.diag(upper[-1])).sum())
        first += len(block)
    held = _solve(upper, across, np.ones(len(part)))
    by_part = np.bincount(part, held).astype(np.float64)
    log_det += float(np.log(by_part / np.bincount(part)).sum()) if len(part) else 0.0
    return Posterior(log_det, part, held, by_part, upper, across)


def _solve(upper: list[Floats], across: list[Floats], x: Floats) -> Floats:
    if not upper:
        return np.zeros_like(x)
    sizes = [len(factor) for factor in upper]
    rows = np.split(x, np.cumsum(sizes)[:-1])
    for k in range(1, len(rows)):
        rows[k] = rows[k] - across[k - 1].T @ rows[k - 1]
    solved = [_divide(upper[-1], rows[-1])]
    for k in range(len(rows) - 2, -1, -1):
        here = _divide(upper[k], rows[k])
        solved.append(here - across[k] @ solved[-1])
    return np.concatenate(solved[::-1])


# LAPACK by its own names: blocks are small and many, and the friendlier names cost more than the arithmetic.


def _factor(block: Floats) -> Floats:
    """Its upper Cholesky factor."""
    upper, trouble = scipy.linalg.lapack.dpotrf(block)
    if trouble:
        raise ArithmeticError("A field's precision lost its footing.")
    return np.asarray(upper)


def _divide(upper: Floats, x: Floats) -> Floats:
    """The block behind this factor, inverted, times x."""
    return np.asarray(scipy.linalg.lapack.dpotrs(upper, x)[0])


def _sums(part: Ints, x: Floats, parts: int) -> Floats:
    """Sums of (m,) or (m, k) within each part."""
    total = np.zeros((parts, *x.shape[1:]))
    np.add.at(total, part, x)
    return total


def _column(values: Floats, like: Floats) -> Floats:
    return values.reshape(len(values), *[1] * (like.ndim - 1))
