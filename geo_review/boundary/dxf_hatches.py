"""The boundary paths of a hatch as the lines and curves they are made of. Draws none, joins none."""

from __future__ import annotations

from collections.abc import Iterator

from ezdxf.entities import Arc, DXFGraphic, Ellipse, Hatch, Line, LWPolyline, MPolygon, Spline
from ezdxf.entities.boundary_paths import ArcEdge, EdgePath, EllipseEdge, LineEdge, PolylinePath, SplineEdge
from ezdxf.math import OCS, UVec, Vec3

HATCHES = ("HATCH", "MPOLYGON")
_TEXT_BOX = 8  # flag of a path that only leaves room for a text


def hatch_paths(hatch: Hatch | MPolygon) -> Iterator[list[DXFGraphic]]:
    """Yield each boundary path as entities of its own, in the plane of the drawing."""
    ocs, elevation = hatch.ocs(), float(hatch.dxf.elevation.z)
    for path in hatch.paths:
        if int(path.path_type_flags) & _TEXT_BOX:
            continue
        if isinstance(path, PolylinePath):
            outline = LWPolyline.new(dxfattribs={"extrusion": ocs.uz, "elevation": elevation})
            outline.append_points(path.vertices, format="xyb")
            outline.closed = True  # a hatch has no open boundary
            yield [outline]
        elif isinstance(path, EdgePath):
            yield [_edge(edge, ocs, elevation) for edge in path.edges]


def _edge(edge: object, ocs: OCS, elevation: float) -> DXFGraphic:
    """Arcs and ellipses of a hatch are counter-clockwise about its normal, as the library loads them."""

    def point(at: UVec) -> Vec3:
        return ocs.to_wcs(Vec3(at).replace(z=elevation))

    match edge:
        case LineEdge():
            return Line.new(dxfattribs={"start": point(edge.start), "end": point(edge.end)})
        case ArcEdge():
            centre = Vec3(edge.center).replace(z=elevation)
            angles = {"start_angle": edge.start_angle, "end_angle": edge.end_angle}
            return Arc.new(dxfattribs={"center": centre, "radius": edge.radius, "extrusion": ocs.uz, **angles})
        case EllipseEdge():
            major = ocs.to_wcs(Vec3(edge.major_axis))
            shape = {"major_axis": major, "ratio": edge.ratio, "extrusion": ocs.uz}
            span = {"start_param": edge.start_param, "end_param": edge.end_param}
            return Ellipse.new(dxfattribs={"center": point(edge.center), **shape, **span})
        case SplineEdge():
            curve = Spline.new(dxfattribs={"degree": edge.degree})
            curve.knots = edge.knot_values
            curve.control_points = [point(at) for at in edge.control_points]
            curve.fit_points = [point(at) for at in edge.fit_points]
            curve.weights = edge.weights
            return curve
    raise TypeError(type(edge))
