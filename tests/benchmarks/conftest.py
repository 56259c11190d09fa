"""The layer that the benchmarks share: 2,000 polygons of 1,000 to 30,000 vertices, about 17 million in all."""

from __future__ import annotations

import numpy as np
import pytest

import shapely

from geo_review.control.model import Geometries

POLYGONS = 2_000
WEST, SOUTH, EAST, NORTH = 560_000.0, 3_912_000.0, 690_000.0, 4_008_000.0  # the city, EPSG:4547


@pytest.fixture(scope="session")
def large_layer() -> Geometries:
    """Valid lake-like polygons, seeded; neighbours overlap here and there, as real layers do."""
    rng = np.random.default_rng(20190826)
    counts = np.exp(rng.uniform(np.log(1_000), np.log(30_000), POLYGONS)).astype(int)
    counts = np.maximum(1_000, (counts * 17_000_000 / counts.sum()).astype(int).clip(1_000, 30_000))
    polygons = np.array([_lake(rng, int(count)) for count in counts], dtype=object)
    assert shapely.is_valid(polygons).all()
    return polygons


def report(title: str, *lines: str) -> None:
    """Print the figures of a benchmark."""
    print(f"\n== {title}", *(f"   {line}" for line in lines), sep="\n")  # noqa: T201


def _lake(rng: np.random.Generator, vertices: int) -> shapely.Polygon:
    """A star-shaped outline with waves of many lengths, a vertex every few metres as digitised from imagery, and a
    jitter too small to cross itself."""
    angle = np.linspace(0.0, 2.0 * np.pi, vertices, endpoint=False)
    size_m = vertices * rng.uniform(3.0, 5.0) / (2.0 * np.pi) / 1.5  # the waves lengthen the shore by about half
    waves = sum(0.3 / k * np.sin(k * angle + rng.uniform(0.0, 2.0 * np.pi)) for k in (2, 3, 5, 8, 13, 34, 89))
    radius_m = size_m * (1.0 + 0.5 * waves) + rng.normal(0.0, size_m * 1e-4, vertices)
    centre = rng.uniform(WEST, EAST), rng.uniform(SOUTH, NORTH)
    return shapely.Polygon(
        np.column_stack([centre[0] + radius_m * np.cos(angle), centre[1] + radius_m * np.sin(angle)])
    )
