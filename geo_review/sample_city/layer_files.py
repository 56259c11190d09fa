"""Writes the layers of the sample city into a folder that `--layers` reads. The same layers give the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np

import geopandas
import shapely
from shapely.geometry.base import BaseGeometry

from geo_review.gdal_drivers import pyogrio
from geo_review.geometry.crs import LONLAT, is_geographic, reproject, reproject_points
from geo_review.sample_city.deliveries import Delivery, read_deliveries
from geo_review.sample_city.facts import PLANE
from geo_review.sample_city.plan import Plan, SampleLayer
from geo_review.wording import say

VERSION = "sample-2026"
VALID_FROM = "2026-01-01"

_DECIMALS_DEG = 10  # a hundredth of a millimetre
_DECIMALS_M = 4
_WRITTEN_ON = "2026-01-01T00:00:00Z"


def write_layers(
    folder: Path, plan: Plan, layers: Mapping[str, SampleLayer], on_layer: Callable[[str], None] = lambda code: None
) -> None:
    """Write every layer, its coverage, and `layers.toml` with title, version, validity, accuracy and source."""
    for code, layer in layers.items():
        delivery = read_deliveries()[code]
        write_features(
            folder / f"{code}{delivery.suffix}",
            reproject(layer.geometries, PLANE, delivery.epsg),
            {name: list(column) for name, column in layer.attributes.items()},
            delivery.epsg,
        )
        _write_coverage(folder / f"{code}.coverage.geojson", plan, layer)
        on_layer(code)
    entries = [_facts_of(code, read_deliveries()[code]) for code in layers]
    (folder / "layers.toml").write_text("\n".join(entries), encoding="utf-8")


def write_features(path: Path, geometries: object, columns: Mapping[str, list[object]], epsg: int) -> None:
    """Write features in the format that the suffix names."""
    path.unlink(missing_ok=True)
    frame = geopandas.GeoDataFrame(dict(columns), geometry=np.asarray(geometries, dtype=object), crs=f"EPSG:{epsg}")
    match path.suffix:
        case ".parquet":
            frame.to_parquet(path, index=False)
        case ".gpkg":
            with _same_moment():
                pyogrio.write_dataframe(frame, path, driver="GPKG", layer=path.stem)
        case ".shp":
            pyogrio.write_dataframe(
                frame, path, driver="ESRI Shapefile", encoding="GBK", DBF_DATE_LAST_UPDATE=VALID_FROM
            )
        case ".geojson":
            decimals = _DECIMALS_DEG if is_geographic(epsg) else _DECIMALS_M
            pyogrio.write_dataframe(frame, path, driver="GeoJSON", COORDINATE_PRECISION=decimals)
        case suffix:
            raise ValueError(f"no writer for {suffix}")


@contextmanager
def _same_moment() -> Iterator[None]:
    """GDAL writes the moment of writing into a GeoPackage, and no two runs would be alike."""
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _WRITTEN_ON})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _write_coverage(path: Path, plan: Plan, layer: SampleLayer) -> None:
    covered: BaseGeometry = plan.surveyed
    if layer.unsurveyed is not None:
        covered = covered.difference(layer.unsurveyed)
    # Its corners are moved and no more: it is a generalised outline, straight between them in lon/lat.
    lonlat = shapely.transform(covered, lambda corners: reproject_points(corners, PLANE, LONLAT))
    write_features(path, [shapely.normalize(lonlat)], {}, LONLAT)


def _facts_of(code: str, delivery: Delivery) -> str:
    return "\n".join(
        [
            f"[{code}]",
            f'title = "{say("sample.title", title=delivery.title)}"',
            f'version = "{VERSION}"',
            f"valid_from = {VALID_FROM}",
            f"accuracy_m = {delivery.accuracy_m}",
            f'source = "{say("sample.source")}"',
            "",
        ]
    )
