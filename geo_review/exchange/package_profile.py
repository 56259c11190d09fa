"""What a 规划控制线 package is made of, as a TOML profile. A profile with a mistake is refused; it builds nothing."""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from geo_review.errors import InvalidOption
from geo_review.geometry.crs import gauss_kruger
from geo_review.wording import say

DEFAULT_PROFILE = "puyang-default"

Fact = Literal["code", "title", "version", "valid_from", "valid_to", "sha256", "source"]
Measure = Literal["number", "area_m2"]

_SUFFIX = ".toml"
_PACKAGED = resources.files(__package__).joinpath("profiles")
_NAME_WORDS = {"code", "version", "as_of"}
_MOST_DIGITS = 18
_WIDTH_OF_A_DATE = 8


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PackageField(_Table):
    """One field of the DBF: what the province calls it, and the one place its value comes from."""

    name: Annotated[str, Field(pattern=r"^[A-Z_][A-Z0-9_]{0,9}$")]
    type: Literal["text", "integer", "decimal", "date"]
    length: Annotated[int, Field(ge=1, le=254)] = _WIDTH_OF_A_DATE
    decimals: Annotated[int, Field(ge=0, le=15)] = 0
    required: bool = False
    attribute: str | None = None
    fact: Fact | None = None
    measure: Measure | None = None
    constant: str | int | float | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if sum(value is not None for value in (self.attribute, self.fact, self.measure, self.constant)) != 1:
            raise ValueError(say("package.profile_one_origin"))
        if self.type in ("integer", "decimal") and self.length > _MOST_DIGITS:
            raise ValueError(say("package.profile_digits", most=_MOST_DIGITS))
        if self.type == "date" and self.length != _WIDTH_OF_A_DATE:
            raise ValueError(say("package.profile_date"))
        if self.decimals and (self.type != "decimal" or self.decimals > self.length - 2):
            raise ValueError(say("package.profile_decimals"))
        return self


class PackageText(_Table):
    """The survey TXT: who made it, and which attributes name a parcel of it."""

    producer: str
    encoding: Literal["gb18030", "utf-8"] = "gb18030"
    code_attribute: str | None = None
    name_attribute: str | None = None
    use_attribute: str | None = None


class PackageProfile(_Table):
    """A profile. ``shp`` is the shapefile set; without ``text`` there is no TXT."""

    id: Annotated[str, Field(min_length=1)]
    edition: Annotated[str, Field(min_length=1)]
    confirmed: bool
    name: str
    epsg: int
    encoding: Literal["GBK", "UTF-8"]
    shp: bool = True
    max_part_mb: Annotated[int, Field(ge=1, le=2000)] = 1000
    text: PackageText | None = None
    field: tuple[PackageField, ...] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if gauss_kruger(self.epsg) is None and (self.text or self.epsg != 4490):
            raise ValueError(say("package.profile_epsg", epsg=self.epsg))
        names = [each.name for each in self.field]
        if len(set(names)) != len(names):
            raise ValueError(say("package.profile_field_twice"))
        if not set(re.findall(r"\{(.*?)\}", self.name)) <= _NAME_WORDS or not re.fullmatch(r"[\w.{}-]+", self.name):
            raise ValueError(say("package.profile_name"))
        if self.shp and not self.field:
            raise ValueError(say("package.profile_no_field"))
        if not self.shp and self.text is None:
            raise ValueError(say("package.profile_empty"))
        return self


def load_profile(name_or_path: str) -> PackageProfile:
    """Return a profile: a path when it ends in ``.toml``, else the name of a packaged one. Not for names off a net."""
    if name_or_path.endswith(_SUFFIX):
        try:
            return parse_profile(Path(name_or_path).read_bytes(), name=name_or_path)
        except OSError as error:
            raise _unknown(name_or_path) from error
    if name_or_path not in packaged_profiles():
        raise _unknown(name_or_path)
    return parse_profile(_PACKAGED.joinpath(name_or_path + _SUFFIX).read_bytes(), name=name_or_path)


def packaged_profiles() -> tuple[str, ...]:
    """Return the names of the profiles that come with the package."""
    return tuple(sorted(each.name.removesuffix(_SUFFIX) for each in _PACKAGED.iterdir() if each.name.endswith(_SUFFIX)))


def parse_profile(content: bytes, *, name: str) -> PackageProfile:
    """Return the profile written in a TOML file; ``name`` is how errors call it. Raises InvalidOption, all told."""
    try:
        return PackageProfile.model_validate(tomllib.loads(content.decode("utf-8-sig").replace("\r\n", "\n")))
    except UnicodeDecodeError as error:
        raise _invalid(name, say("package.profile_not_utf8")) from error
    except ValidationError as error:
        raise _invalid(name, *(_sentence(each["loc"], each["type"], each["msg"]) for each in error.errors())) from error
    except (ValueError, RecursionError) as error:
        raise _invalid(name, say("package.profile_not_toml", reason=str(error))) from error


def _sentence(place: tuple[int | str, ...], kind: str, message: str) -> str:
    where = ".".join(str(part + 1 if isinstance(part, int) else part) for part in place) or say("package.profile_whole")
    if kind in ("extra_forbidden", "missing"):
        return say(f"package.profile_{kind}", where=where)
    if kind == "value_error":
        return say("package.profile_mistake", where=where, what=message.removeprefix("Value error, "))
    return say("package.profile_wrong_value", where=where)


def _invalid(name: str, *lines: str) -> InvalidOption:
    return InvalidOption(
        code="invalid_package_profile",
        message=say("package.profile_invalid", name=name, count=len(lines)),
        lines=lines,
        remedy=say("package.profile_invalid_remedy"),
    )


def _unknown(name: str) -> InvalidOption:
    return InvalidOption(
        code="unknown_package_profile",
        message=say("package.profile_unknown", name=name),
        remedy=say("package.profile_unknown_remedy", names="、".join(packaged_profiles())),
    )
