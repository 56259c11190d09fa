"""The map of a page: folium over our own Leaflet, no tiles, no other host; same input, same text.

Names from files reach the page as JSON inside the script, are put in as text by the tooltips, and are escaped in the
control of layers, which takes HTML. folium compiles the script it has made once more, as a Jinja template of its own: a
name with an expression in braces would be computed here, so no brace of a name may be there before that is over.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from html import escape
from itertools import count
from typing import Any

from branca.element import Element, MacroElement

import folium
from folium.map import CustomPane
from folium.template import Template

from geo_review.report.leaflet import INLINE, leaflet_tags
from geo_review.report.map_context import MapContext
from geo_review.report.map_features import Bounds, MapLayer, map_bounds, map_layers
from geo_review.report.palette import BY_OUTCOME, LINE, MUTED, PAPER
from geo_review.wording import say

_CONTEXT_PANE = "review-context"
_BRACE = "\ufdd0"  # stands for an opening brace; Unicode keeps it free for such a use, and `legible` shows none

_TOOLTIP = folium.JsCode("""
    function (feature, layer) {
        var tip = document.createElement("div");
        feature.properties.tip.forEach(function (line) {
            tip.appendChild(document.createElement("div")).textContent = line;
        });
        layer.bindTooltip(tip, {sticky: true});
    }
""")

# A point is a numbered sign; its class gives the colour, in the style sheet of the page.
_MARKER = folium.JsCode("""
    function (feature, place) {
        var sign = document.createElement("span");
        sign.textContent = feature.properties.sign;
        var icon = L.divIcon({html: sign, className: "place-sign is-" + feature.properties.severity, iconSize: null});
        return L.marker(place, {icon: icon, keyboard: false});
    }
""")


def render_map(
    document: Mapping[str, Any],
    *,
    context: MapContext | None = None,
    leaflet: str | None = INLINE,
    height: str = "520px",
) -> str:
    """Return the map as a fragment of HTML with its legend.

    ``leaflet`` is ``"inline"`` for a page that stands alone, the base address that we serve Leaflet at, or None when
    the page has loaded it already (a second map).
    """
    layers = map_layers(document, context)
    return draw_map(
        layers, map_bounds(document), _identity(document, layers), _legend(layers), leaflet=leaflet, height=height
    )


def draw_map(
    layers: Sequence[MapLayer], bounds: Bounds, identity: str, legend: str, *, leaflet: str | None, height: str
) -> str:
    """Return a map of any layers as a fragment of HTML. ``identity`` is a short name of its own, ``legend`` is HTML."""
    area, script = _folium(layers, bounds, identity)
    pieces = [
        leaflet_tags(leaflet) if leaflet else "",
        f"<style>#map_{identity}{{height:{escape(height)};background:{PAPER};border:1px solid {LINE};z-index:0}}"
        f"#map_{identity} .leaflet-control-layers label{{max-width:280px;overflow:hidden;text-overflow:ellipsis;"
        "white-space:nowrap}</style>",
        area,
        legend,
        f"<script>(function () {{\n{script}\n}})();</script>",
    ]
    return "\n".join(piece for piece in pieces if piece)


class _OwnControls(MacroElement):
    """Zoom buttons and the layers button with Chinese titles, and a scale without miles."""

    _template = Template("""
        {% macro script(this, kwargs) %}
            L.control.zoom({{ this.titles|tojson }}).addTo({{ this._parent.get_name() }});
            L.control.scale({imperial: false}).addTo({{ this._parent.get_name() }});
            {{ this._parent.get_name() }}.getContainer().querySelectorAll(".leaflet-control-layers-toggle").forEach(
                function (button) { button.title = {{ this.layers_title|tojson }}; }
            );
        {% endmacro %}
    """)

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "OwnControls"
        self.titles = {"zoomInTitle": say("report.map_zoom_in"), "zoomOutTitle": say("report.map_zoom_out")}
        self.layers_title = say("report.map_layers")


def _folium(layers: Sequence[MapLayer], bounds: Bounds, identity: str) -> tuple[str, str]:
    """Return the element and the script of the map; the header that folium writes is for whole pages, and left out."""
    numbers = count(1)

    def named(element: Any) -> Any:
        # folium names everything by random numbers; these names are a function of the content.
        element._id = f"{identity}_{next(numbers)}"
        return element

    west, south, east, north = bounds
    chart = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=None,
        zoom_control=False,
        attribution_control=False,
        zoom_snap=0.25,
        prefer_canvas=False,
    )
    chart._id = identity
    chart.default_js, chart.default_css = [], []
    named(CustomPane(_CONTEXT_PANE, z_index=390, pointer_events=True)).add_to(chart)
    for layer in layers:
        options: dict[str, Any] = {"pane": _CONTEXT_PANE} if layer.is_context else {}
        if any(feature["geometry"]["type"] == "Point" for feature in layer.features):
            options = {"point_to_layer": _MARKER}
        features = {"type": "FeatureCollection", "features": _without_braces(list(layer.features))}
        name = _without_braces(escape(layer.name))
        named(folium.GeoJson(features, name=name, show=layer.shown, on_each_feature=_TOOLTIP, **options)).add_to(chart)
    named(folium.FitBounds([[south, west], [north, east]], padding=(24, 24))).add_to(chart)
    named(folium.LayerControl(collapsed=True)).add_to(chart)
    named(_OwnControls()).add_to(chart)
    figure: Any = chart.get_root()
    figure.render()
    script = _dedented(figure.script)
    for brace in (json.dumps(_BRACE)[1:-1], _BRACE):
        script = script.replace(brace, "\\u007b")  # within a string of the script: a brace to the browser
    return str(figure.html.render()).strip(), script


def _without_braces(value: Any) -> Any:
    """Return a JSON value with every opening brace in its strings, keys too, put by; geometry has only numbers."""
    if isinstance(value, str):
        return value.replace("{", _BRACE)
    if isinstance(value, Mapping):
        return {
            _without_braces(key): item if key == "geometry" else _without_braces(item) for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [_without_braces(item) for item in value]
    return value


def _dedented(script: Element) -> str:
    return "\n".join(line.strip() for line in str(script.render()).splitlines() if line.strip())


def _legend(layers: Sequence[MapLayer]) -> str:
    """Return the legend: every outcome and every context layer that is on the map."""
    entries: dict[str, str] = {}
    for layer in reversed(layers):
        colour = layer.colour
        if layer.swatch == "red_line":
            entries[layer.name] = f"border-top:3px solid {colour};height:0"
        elif layer.is_context:
            entries[layer.name] = f"border:1.5px dashed {colour};background:{colour}1f"
        else:
            word = say("report.map_part_of_outcome", word=say(f"report.outcome_{layer.swatch}"))
            sign = say(f"report.sign_{layer.swatch}")
            entries[f"{sign} {word}"] = f"border:2px solid {colour};background:{BY_OUTCOME[layer.swatch].tint}"
    items = "".join(
        f'<span style="display:inline-flex;align-items:center;gap:6px">'
        f'<i style="display:inline-block;box-sizing:border-box;width:22px;height:12px;{style}"></i>'
        f"{escape(name)}</span>"
        for name, style in entries.items()
    )
    note = escape(say("report.map_no_background"))
    return (
        f'<div style="display:flex;flex-wrap:wrap;gap:4px 18px;margin:8px 0;font-size:13px">{items}</div>'
        f'<p style="margin:0;font-size:12px;color:{MUTED}">{note}</p>'
    )


def _identity(document: Mapping[str, Any], layers: Sequence[MapLayer]) -> str:
    """Return a short name that two different maps of one page do not share."""
    shown = [document["boundary"]["geometry"], *(layer.features for layer in layers)]
    return hashlib.sha256(json.dumps(shown, ensure_ascii=False).encode()).hexdigest()[:12]
