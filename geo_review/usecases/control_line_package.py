"""The 规划控制线 package of a stored layer version. Sends nothing, and writes into the file it is given alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO

from sqlalchemy.orm import Session

from geo_review.exchange.control_line_package import PackageFeature, package_stem, write_package
from geo_review.exchange.package_profile import PackageProfile
from geo_review.settings import CIVIL_TIME
from geo_review.store.control_layers import get_version
from geo_review.store.whole_layer import coverage_of, features_of
from geo_review.store.working_crs import WORKING_EPSG


@dataclass(frozen=True, kw_only=True, slots=True)
class PackageOfVersion:
    """``name`` is the zip's, without a folder; ``manifest`` is what stands in it."""

    name: str
    manifest: Mapping[str, Any]


def package_of_version(
    session: Session,
    code: str,
    version: str,
    profile: PackageProfile,
    *,
    into: BinaryIO,
    as_of: date | None = None,
) -> PackageOfVersion:
    """Write the package of a version into a file, published or not.

    ``as_of`` is the day the files bear; without it the day the version was loaded on, so that the same version gives
    the same bytes. Raises UnknownLayer, and InvalidLayer for what does not fit; then nothing was written.
    """
    stored = get_version(session, code, version)
    day = as_of or stored.loaded_at.astimezone(CIVIL_TIME).date()
    features = (
        PackageFeature(number=number, geometry=geometry, attributes=attributes)
        for number, geometry, attributes in features_of(session, stored.id)
    )
    manifest = write_package(
        stored.facts, features, coverage_of(session, stored.id), profile, epsg=WORKING_EPSG, as_of=day, into=into
    )
    return PackageOfVersion(name=f"{package_stem(stored.facts, profile, day)}.zip", manifest=manifest)
