"""The shape of a scenario file: which keys it knows where, and which sections it can do without.

Level 3.
"""

from __future__ import annotations

import types
import typing
from typing import Any

from decrimsim.files import Path_
from decrimsim.parameters import Model
from decrimsim.scenario.model import Scenario


def field_names(path: Path_) -> list[str]:
    """Return the keys that a scenario knows at a path; none where keys are free or there are no keys.

    >>> field_names(("people", "roles"))
    ['social_supplier', 'user_dealer', 'commercial']
    """
    kind = type_at(Scenario, path)
    if isinstance(kind, type) and issubclass(kind, Model):
        return [field.alias or name for name, field in kind.model_fields.items()]
    return []


def type_at(kind: Any, path: Path_) -> Any:
    """Return the type that a path of keys and positions leads to inside a type; None where it leads nowhere."""
    origin, inside = typing.get_origin(kind), [part for part in typing.get_args(kind) if part not in (type(None), Ellipsis)]
    if origin is typing.Annotated or (origin in (typing.Union, types.UnionType) and len(inside) == 1):
        return type_at(inside[0], path)
    if not path:
        return kind
    if isinstance(kind, type) and issubclass(kind, Model):
        fields = {field.alias or name: field.annotation for name, field in kind.model_fields.items()}
        return type_at(fields.get(str(path[0])), path[1:])
    return type_at(inside[-1], path[1:]) if origin in (dict, tuple) else None


def is_optional_section(path: Path_) -> bool:
    """Tell whether a path is that of a section, or of a list of sections, that a scenario can do without.

    >>> is_optional_section(("market", "lockdown")), is_optional_section(("people", "roles"))
    (True, False)
    """
    kind = type_at(Scenario, path[:-1])
    if not path or not isinstance(kind, type) or not issubclass(kind, Model):
        return False
    field = {field.alias or name: field for name, field in kind.model_fields.items()}.get(str(path[-1]))
    if field is None or field.is_required():
        return False
    parts = typing.get_args(field.annotation)
    sections = [part for part in parts if typing.get_origin(part) is dict or (isinstance(part, type) and issubclass(part, Model))]
    return bool(sections) and (types.NoneType in parts or typing.get_origin(field.annotation) is tuple)
