"""Leaflet from the xstatic-leaflet wheel: its folder for a site to serve, or its text for a page that stands alone.

No address of another host is ever written: a government network has no internet, and a page must not ask for it.
"""

from __future__ import annotations

import base64
import re
from functools import cache
from html import escape
from importlib import resources
from pathlib import Path

INLINE = "inline"

_SITE_OF_LEAFLET = "https://leafletjs.com"


def leaflet_folder() -> Path:
    """Return the folder to serve at the base address that `leaflet_tags` is given: leaflet.js, leaflet.css, images/."""
    return Path(str(resources.files("xstatic.pkg.leaflet") / "data"))


def leaflet_tags(leaflet: str) -> str:
    """Return the tags that load Leaflet: its own text for ``"inline"``, else from a base address of our own."""
    if leaflet == INLINE:
        return f"<style>{_css()}</style>\n<script>{_javascript()}</script>"
    base = escape(leaflet.rstrip("/"), quote=True)
    return f'<link rel="stylesheet" href="{base}/leaflet.css">\n<script src="{base}/leaflet.js"></script>'


@cache
def _javascript() -> str:
    """Return leaflet.js with its copyright notice, without the pointer to a map file and the address of its site."""
    text = (leaflet_folder() / "leaflet.js").read_text(encoding="utf-8")
    text = re.sub(r"^//# sourceMappingURL=.*$", "", text, flags=re.MULTILINE)
    return text.replace(_SITE_OF_LEAFLET, _SITE_OF_LEAFLET.removeprefix("https://"))


@cache
def _css() -> str:
    """Return leaflet.css with its images inside and its comments left out."""
    text = (leaflet_folder() / "leaflet.css").read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"url\((images/[\w.-]+)\)", lambda found: f"url({_image(found[1])})", text)


def _image(name: str) -> str:
    picture = base64.b64encode((leaflet_folder() / name).read_bytes()).decode("ascii")
    return f"data:image/png;base64,{picture}"
