"""Which content a page of ours may load, and from where: from us, and nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable

from starlette.datastructures import MutableHeaders

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_NOWHERE = "default-src 'none'; base-uri 'none'; frame-ancestors 'self'"
_SITE = f"{_NOWHERE}; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'"

SITE_POLICY = f"{_SITE}; script-src 'self'; style-src 'self'"
DATA_POLICY = _NOWHERE


def map_policy(fragment: str) -> str:
    """Return the policy of a page of ours with a map in it: its inline scripts by their hashes, and no others.

    The map's legend and Leaflet's own elements carry style attributes, which no hash can name.
    """
    return f"{_SITE}; script-src 'self' {' '.join(_hashes(fragment))}; style-src 'self' 'unsafe-inline'"


def alone_policy(page: str) -> str:
    """Return the policy of a page that has everything inside itself."""
    return f"{_NOWHERE}; script-src {' '.join(_hashes(page))}; style-src 'unsafe-inline'; img-src data:"


def add_security_headers(headers: MutableHeaders) -> None:
    """Add what every answer carries; a policy that a route has set is kept."""
    headers.setdefault("Content-Security-Policy", DATA_POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cache-Control", "no-cache")


def _hashes(page: str) -> Iterable[str]:
    for script in _INLINE_SCRIPT.findall(page):
        digest = hashlib.sha256(script.encode()).digest()
        yield f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
