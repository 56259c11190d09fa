"""Writes a `Boundary` as a DXF drawing (R2010, UTF-8, metres) that CAD opens in place. Moves and rounds nothing.

Layers: 用地红线 the outlines (closed, red), 界址点 the corners with their numbers, 注记 names, areas and the reference
system. X is the easting and Y the northing, as in every drawing. The same red line gives the same bytes.
"""

from __future__ import annotations

from io import StringIO

import ezdxf
import numpy as np
from ezdxf import colors, units
from ezdxf.document import Drawing
from ezdxf.enums import TextEntityAlignment
from ezdxf.layouts import Modelspace

from geo_review.boundary.corner_order import rings_from_north_west
from geo_review.boundary.model import Boundary, Parcel
from geo_review.geometry.crs import GaussKruger, gauss_kruger
from geo_review.wording import say

# Texts are read at the scale at which the whole red line fills a sheet.
_TEXTS_ACROSS = 150.0
_LOWEST_TEXT_M, _HIGHEST_TEXT_M = 0.5, 20.0
_FONT = "simsun.ttc"  # the one with Chinese that every CAD computer has
# Outlines bear the number of their parcel, so that a parcel of several parts stays one when the drawing is read again.
PARCEL_MARK = "GEOREVIEW_PARCEL"
_INTEGER = 1071


def write_dxf(boundary: Boundary, *, prefixed: bool = True) -> bytes:
    """Return the drawing's bytes, coordinates as exact as the red line's own.

    ``prefixed`` puts the zone number in front of eastings, so that the drawing itself says its zone. Raises ValueError
    when the boundary is not in a CGCS2000 Gauss-Kruger zone.
    """
    zone = gauss_kruger(boundary.measuring_epsg)
    if zone is None:
        raise ValueError(f"EPSG:{boundary.measuring_epsg} is no CGCS2000 Gauss-Kruger zone")
    written = GaussKruger(width_deg=zone.width_deg, zone=zone.zone, prefixed=prefixed)
    shift_m = written.easting_prefix_m - zone.easting_prefix_m
    system = say(
        "dxf.system",
        width=zone.width_deg,
        zone=zone.zone,
        meridian=zone.central_meridian_deg,
        epsg=written.epsg,
        prefix=say("dxf.prefixed" if prefixed else "dxf.bare", zone=zone.zone),
    )
    drawing = _empty_drawing(system)
    space = drawing.modelspace()
    west, south, east, north = boundary.geometry.bounds
    text_m = min(max(max(east - west, north - south) / _TEXTS_ACROSS, _LOWEST_TEXT_M), _HIGHEST_TEXT_M)
    for parcel in boundary.parcels:
        _draw(space, parcel, shift_m, text_m)
    _write_text(space, system, (west + shift_m, south - 3.0 * text_m), text_m)
    space.reset_extents((west + shift_m, south, 0.0), (east + shift_m, north, 0.0))
    drawing.set_modelspace_vport(
        max(north - south, east - west), ((west + east) / 2.0 + shift_m, (south + north) / 2.0)
    )
    stream = StringIO()
    drawing.write(stream)
    return stream.getvalue().encode("utf-8")


def _empty_drawing(system: str) -> Drawing:
    # The library's own clock and random marks would make every drawing another file; this is its switch for that.
    ezdxf.options.write_fixed_meta_data_for_testing = True
    drawing = ezdxf.new("R2010", units=units.M)
    drawing.header.custom_vars.append(say("dxf.system_title"), system)
    drawing.appids.add(PARCEL_MARK)
    drawing.styles.add(say("dxf.style"), font=_FONT)
    drawing.layers.add(say("dxf.layer_outlines"), color=colors.RED)
    drawing.layers.add(say("dxf.layer_corners"), color=colors.GREEN)
    drawing.layers.add(say("dxf.layer_notes"), color=colors.WHITE)
    return drawing


def _draw(space: Modelspace, parcel: Parcel, shift_m: float, text_m: float) -> None:
    number = 1
    for polygon in parcel.geometry.geoms:
        for ring in rings_from_north_west(polygon):
            corners = (ring[:-1] + np.array([shift_m, 0.0])).tolist()
            layer = {"layer": say("dxf.layer_outlines")}
            outline = space.add_lwpolyline(corners, format="xy", close=True, dxfattribs=layer)
            outline.set_xdata(PARCEL_MARK, [(_INTEGER, parcel.number)])
            for corner in corners:
                space.add_point(corner, dxfattribs={"layer": say("dxf.layer_corners")})
                _write_text(space, f"J{number}", corner, text_m / 2.0, layer="layer_corners")
                number += 1
    inside = parcel.geometry.representative_point()
    area = say("dxf.area", area=f"{parcel.planar_area_m2:.2f}")
    for line, text in enumerate(filter(None, (_one_line(parcel.name), _one_line(parcel.code), area))):
        _write_text(space, text, (inside.x + shift_m, inside.y - 1.6 * text_m * line), text_m)


def _write_text(
    space: Modelspace, text: str, at: tuple[float, float] | list[float], height_m: float, layer: str = "layer_notes"
) -> None:
    attributes = {"layer": say(f"dxf.{layer}"), "style": say("dxf.style"), "height": height_m}
    space.add_text(text, dxfattribs=attributes).set_placement((at[0], at[1]), align=TextEntityAlignment.LEFT)


def _one_line(text: str | None) -> str:
    """The text without what a drawing reads as a command: line breaks, and `%%` of special characters."""
    return " ".join((text or "").split()).replace("%%", "％％").replace("^", "＾")
