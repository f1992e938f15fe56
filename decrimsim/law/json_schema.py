"""The shape of law files as JSON Schema (draft 2020-12), for editors that complete and check while a law is written.

Level 2. Made from the shapes that the reader itself enforces, so the two cannot drift apart. A schema cannot say everything
the reader checks (that a bound names a table that exists): ``decrimsim check`` has the last word.
"""

from __future__ import annotations

from typing import Any

from decrimsim.law import shape as s
from decrimsim.law import words as w
from decrimsim.law.schema import LAW, PATCH, SCHEMA
from decrimsim.units import parse_date, parse_quantity, parse_ug

Node = dict[str, Any]

DAY = r"^\s*\d{4}-\d{2}-\d{2}\s*$"
SLUG = r"^[a-z0-9][a-z0-9_-]{0,62}$"
WEIGHT = r"[0-9]{1,15}(\.[0-9]{1,12})?\s*[A-Za-zµ]+"
PATTERNS: dict[Any, tuple[str, str]] = {
    parse_quantity: (rf"^\s*({WEIGHT}|[Uu][Nn][Ll][Ii][Mm][Ii][Tt][Ee][Dd])\s*$", "an amount with its unit: '2.5 g', '40 mg', '3 units' or 'unlimited'"),
    parse_ug: (rf"^\s*{WEIGHT}\s*$", "a weight with its unit: '2.5 g', '40 mg'"),
    parse_date: (DAY, "a day: '2023-10-01'"),
    s.parse_prison_days: (r"^(none|life|\d{1,3} (day|month|year)s?)$", "a term: '2 years', '10 months', '30 days', 'none' or 'life'"),
}


def law_schema() -> Node:
    """Return the JSON Schema of law files and patch files as plain data."""
    made, free = _Maker(), _Maker("declaring_")
    law, patch, declaring = made.reference(LAW), free.reference(PATCH), free.reference(LAW)  # which names a patch's base declares stands in another file
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A law of decrimsim ({SCHEMA})",
        "type": "object",
        "if": {"required": ["based_on"]},
        "then": patch,
        "else": {"if": {"required": ["substances"]}, "then": declaring, "else": law},
        "$defs": {**made.definitions, **free.definitions},
    }


class _Maker:
    """Gives every shape one definition; a shape that may be dated refers to itself inside its versions.

    prefix  of the names of the definitions; with one, names of substances that a law declares are taken as well as those of the list
    """

    def __init__(self, prefix: str = "") -> None:
        self.prefix = prefix
        self.definitions: dict[str, Node] = {}
        self._by_identity: dict[int, tuple[s.Shape, str]] = {}

    def reference(self, shape: s.Shape) -> Node:
        """Return a reference to the definition of a shape, plain or dated."""
        if id(shape) not in self._by_identity:
            name = f"{self.prefix}{type(shape).__name__.lower()}_{len(self._by_identity)}"
            self._by_identity[id(shape)] = (shape, name)
            self.definitions[name] = {}
            versions = {
                "type": "object",
                "minProperties": 1,
                "propertyNames": {"pattern": DAY},
                "additionalProperties": {"anyOf": [{"$ref": f"#/$defs/{name}"}, {"type": "null"}]},
            }
            dated = {"type": "object", "required": ["dated"], "properties": {"dated": versions}, "additionalProperties": False}
            self.definitions[name] = {"if": {"type": "object", "required": ["dated"], "maxProperties": 1}, "then": dated, "else": self.inner(shape)}
        return {"$ref": f"#/$defs/{self._by_identity[id(shape)][1]}"}

    def inner(self, shape: s.Shape) -> Node:
        """Return what an undated value looks like."""
        if isinstance(shape, s.Word):
            return {"enum": list(shape.words)}
        if isinstance(shape, s.Substance):
            known: Node = {"enum": [*w.SUBSTANCES, *w.ALIASES, *shape.also]}
            return {"anyOf": [known, {"type": "string", "pattern": SLUG}]} if self.prefix else known
        if isinstance(shape, s.OrUnknown):
            return {"anyOf": [{"const": w.UNKNOWN}, self.inner(shape.known)]}
        if isinstance(shape, s.Slug):
            return {"type": "string", "pattern": SLUG}
        if isinstance(shape, s.Text):
            return {"type": "string", "pattern": r"\S"}
        if isinstance(shape, s.Flag):
            return {"type": "boolean"}
        if isinstance(shape, s.Number):
            return {"type": "integer" if shape.whole else "number", "minimum": shape.least, "maximum": shape.most}
        if isinstance(shape, s.Parsed):
            pattern, meaning = PATTERNS.get(shape.parse, (r"\S", "a text"))
            return {"type": "string", "pattern": pattern, "description": meaning}
        if isinstance(shape, s.ListOf):
            return {"type": "array", "items": self.reference(shape.item), "minItems": shape.at_least, "maxItems": shape.at_most}
        if isinstance(shape, s.MapOf):
            names: Node = self.inner(s.Substance(shape.also)) if shape.substances else {"pattern": SLUG}
            return {"type": "object", "propertyNames": names, "additionalProperties": self.reference(shape.value), "minProperties": shape.at_least}
        if isinstance(shape, s.Keys):
            properties = {key: self.reference(value) for key, value in shape.keys.items()}
            return {"type": "object", "properties": properties, "required": list(shape.required), "additionalProperties": False}
        if isinstance(shape, s.Either):
            return {"anyOf": [self.inner(one) for one in (shape.plain, shape.listed, shape.mapping) if one is not None]}
        return {}
