"""Answers that are files: their bytes, their type, and a name that every browser reads the same way."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import Response


def download(
    content: bytes, *, name: str, media_type: str, inline: bool = False, headers: dict[str, str] | None = None
) -> Response:
    """Return bytes to be saved under ``name``, or with ``inline`` to be shown."""
    how = "inline" if inline else "attachment"
    disposition = f"{how}; filename=\"{_ascii(name)}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, media_type=media_type, headers={"Content-Disposition": disposition, **(headers or {})})


def _ascii(name: str) -> str:
    """Return a name for old clients; a quote, a backslash or a line feed would end the header's value."""
    return "".join(character if character.isalnum() or character in "-._" else "_" for character in _plain(name))


def _plain(name: str) -> str:
    return "".join(character if character.isascii() else "_" for character in name)
