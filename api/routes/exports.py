"""Stored red lines as files of other formats. The original bytes are given back by `boundaries`."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from api.deployment import deployment
from api.downloads import download
from api.routes.boundaries import Version
from geo_review.boundary.written_formats import WRITTEN_FORMATS, FormatName, TextEncoding, Wish
from geo_review.identifiers import checked_code
from geo_review.usecases.export_red_line import export_red_line

router = APIRouter(tags=["red lines"])

_OWN = "own"


@router.get(
    "/projects/{code}/boundaries/{version}/export",
    operation_id="export_boundary",
    summary="A red line in another format",
    response_class=Response,
    responses={
        200: {
            "description": "The file; the same version and options always give the same bytes.",
            "content": {written.media_type: {} for written in WRITTEN_FORMATS.values()},
        }
    },
)
def export(
    request: Request,
    code: str,
    version: Version,
    format: Annotated[FormatName, Query(description="`shp` is a zip.")],
    zone: Annotated[
        Literal["own", "38", "39"], Query(description="3-degree zone; not for `geojson` and `kml`, which are degrees.")
    ] = "own",
    prefix: Annotated[bool | None, Query(description="Eastings bear the zone number, unless said otherwise.")] = None,
    encoding: Annotated[TextEncoding | None, Query(description="Of a `txt`; `gb18030` unless said.")] = None,
) -> Response:
    """Write one version of a red line as TXT, SHP, GeoJSON, DXF, GeoPackage or KML; parcels keep their facts."""
    checked_code("code", code)
    wish = Wish(zone=None if zone == _OWN else int(zone), prefixed=prefix, encoding=encoding)
    with deployment(request).sessions.begin() as session:
        exported = export_red_line(session, code=code, version=version, format_name=format, wish=wish)
    charset = f"; charset={encoding or 'gb18030'}" if format == "txt" else ""
    return download(exported.content, name=exported.name, media_type=exported.media_type + charset)
