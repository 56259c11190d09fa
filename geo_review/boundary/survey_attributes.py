"""What ``[属性描述]`` says of the reference system, read leniently and kept as written. Decides no CRS.

Seen in real files: ``几度分带=3``, ``分带=3度带``, ``带号=38带``, ``带号=`` (left empty), ``坐标系=80国家大地坐标系``,
``精度=3`` (decimals). Unknown keys are extras and never a fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from geo_review.boundary.model import BoundaryIssue, DeclaredCrs, Place, Severity
from geo_review.boundary.survey_lines import Attribute

_KEYS = {
    **dict.fromkeys(("坐标系", "坐标系统", "坐标系名称", "大地坐标系"), "坐标系"),
    **dict.fromkeys(("几度分带", "分带", "分度带", "投影分带"), "几度分带"),
    **dict.fromkeys(("带号", "投影带号", "分带号", "投影带"), "带号"),
    **dict.fromkeys(("中央子午线", "中央经线", "中央子午线经度"), "中央子午线"),
    **dict.fromkeys(("计量单位", "坐标单位", "单位"), "计量单位"),
    **dict.fromkeys(("投影类型", "投影", "投影方式"), "投影类型"),
    "转换参数": "转换参数",
}
_METRES = re.compile(r"米|公尺|m|met(er|re)s?", re.IGNORECASE)
_DEGREES = re.compile(r".*(度|°|degree).*", re.IGNORECASE)
# ESRI calls Gauss-Kruger "Transverse_Mercator", so only what is surely another projection is refused.
_OTHER_PROJECTION = re.compile(r"UTM|通用横轴|兰伯特|Lambert|Web|球面墨卡托|伪墨卡托|Albers|阿尔伯斯", re.IGNORECASE)


def attributes_of(entries: Sequence[Attribute]) -> dict[str, str]:
    """Return every key with its value as written; values of a repeated key are joined."""
    kept: dict[str, list[str]] = {}
    for entry in entries:
        if entry.value not in kept.setdefault(entry.key, []):
            kept[entry.key].append(entry.value)
    return {key: "；".join(value for value in values if value) for key, values in kept.items()}


def declared_crs(entries: Sequence[Attribute]) -> tuple[DeclaredCrs, list[BoundaryIssue]]:
    """Return what the file declares, and what in it cannot be read, contradicts itself, or is not Gauss-Kruger."""
    issues: list[BoundaryIssue] = []
    written: dict[str, Attribute] = {}
    for entry in entries:
        key = _KEYS.get(entry.key)
        if not key or not entry.value:
            continue
        first = written.setdefault(key, entry)
        meaning = _MEANING.get(key, str)
        if meaning(entry.value) != meaning(first.value):
            values = {"key": key, "first": first.value, "first_line": first.line, "second": entry.value}
            issues.append(_issue("declarations_differ", Severity.ERROR, entry, values))
    width = _read(written, "几度分带", _width, "declared_zone_width_unreadable", issues)
    zone = _read(written, "带号", _zone, "declared_zone_unreadable", issues)
    meridian = _read(written, "中央子午线", _meridian, "declared_meridian_unreadable", issues)
    if meridian is not None:
        zone, width = _with_meridian(written["中央子午线"], meridian, zone, width, issues)
    issues += _not_understood(written)
    datum = written["坐标系"].value if "坐标系" in written else None
    return DeclaredCrs(datum=datum, zone=zone, zone_width_deg=width), issues


def _read(
    written: Mapping[str, Attribute],
    key: str,
    meaning: Callable[[str], int | None],
    code: str,
    issues: list[BoundaryIssue],
) -> int | None:
    if key not in written:
        return None
    value = meaning(written[key].value)
    if value is None:
        issues.append(_issue(code, Severity.WARNING, written[key], {"text": written[key].value}))
    return value


def _width(text: str) -> int | None:
    widths = {int(digits) for digits in re.findall(r"[36](?![0-9.])(?<![0-9.]\d)", text)}
    widths |= {{"三": 3, "六": 6}[word] for word in re.findall("[三六]", text)}
    return widths.pop() if len(widths) == 1 else None


def _zone(text: str) -> int | None:
    numbers = {int(digits) for digits in re.findall(r"(?<![0-9.])[0-9]{2}(?![0-9.])", text)}
    zones = {number for number in numbers if 13 <= number <= 23 or 25 <= number <= 45}
    return zones.pop() if len(zones) == 1 else None


def _meridian(text: str) -> int | None:
    found = re.search(r"(?<![0-9.])([0-9]{2,3})(?:\.0*)?(?![0-9.])", text)
    return int(found[1]) if found and 72 <= int(found[1]) <= 138 and int(found[1]) % 3 == 0 else None


def _with_meridian(
    entry: Attribute, meridian: int, zone: int | None, width: int | None, issues: list[BoundaryIssue]
) -> tuple[int | None, int | None]:
    """A meridian names the zone when no number does; with a number, they have to agree."""
    if zone is None:
        if width == 6 and (meridian + 3) % 6 == 0:
            return (meridian + 3) // 6, 6
        return meridian // 3, width or 3
    if meridian != (3 * zone if zone >= 25 else 6 * zone - 3):
        values = {"meridian": meridian, "zone": zone}
        issues.append(_issue("declared_meridian_differs", Severity.WARNING, entry, values))
    return zone, width


def _not_understood(written: Mapping[str, Attribute]) -> list[BoundaryIssue]:
    found = []
    unit, projection, parameters = (written.get(key) for key in ("计量单位", "投影类型", "转换参数"))
    if unit and not _METRES.fullmatch(unit.value):
        degrees = bool(_DEGREES.fullmatch(unit.value))
        code, severity = ("unit_is_degrees", Severity.INFO) if degrees else ("unit_is_not_metres", Severity.WARNING)
        found.append(_issue(code, severity, unit, {"text": unit.value}))
    if projection and _OTHER_PROJECTION.search(projection.value):
        found.append(_issue("projection_not_supported", Severity.ERROR, projection, {"text": projection.value}))
    if parameters and re.search("[1-9]", parameters.value):
        found.append(_issue("conversion_unused", Severity.WARNING, parameters, {"text": parameters.value}))
    return found


def _issue(code: str, severity: Severity, entry: Attribute, values: Mapping[str, object]) -> BoundaryIssue:
    return BoundaryIssue(code=code, severity=severity, where=Place(line=entry.line), values=values)


_MEANING: Mapping[str, Callable[[str], object]] = {"几度分带": _width, "带号": _zone, "中央子午线": _meridian}
