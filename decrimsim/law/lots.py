"""What was found: lots of one substance in one form, read from plain data.

Level 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from decrimsim.errors import InputError
from decrimsim.law.shape import Complaints
from decrimsim.law.tables import GROSS, UNITS
from decrimsim.law.words import canonical
from decrimsim.units import Quantity, format_ug, parse_quantity, parse_ug


@dataclass(frozen=True)
class Lot:
    """All of one substance in one form: what was measured.

    pure_ug  the whole weight if purity_known is False
    dry_ug   what is left after drying, or None if nobody has dried it
    """

    substance: str
    form: str
    gross_ug: int
    pure_ug: int
    units: int
    purity_known: bool = True
    units_known: bool = True
    dry_ug: int | None = None

    def amount(self, measure: str) -> int:
        return self.gross_ug if measure == GROSS else self.units if measure == UNITS else self.pure_ug

    def __str__(self) -> str:
        parts = [format_ug(self.gross_ug)] if self.gross_ug else []
        parts += [f"{self.units} units"] if self.units else []
        return f"{' in '.join(parts)} of {self.substance}" + (f" ({self.form})" if self.form != "unspecified" else "")


def read_holdings(holdings: Mapping[str, Any], declared: tuple[str, ...] = ()) -> tuple[Lot, ...]:
    """Return what was found, lots of one substance and form added up.

    declared  names of substances that the law knows beside those of the common list
    Raises InputError for an unknown substance or a mapping that does not fit, QuantityError for an amount that cannot be read.
    """
    from decrimsim.law.schema import holdings_shape

    if not isinstance(holdings, Mapping):
        raise InputError("this is not a holding.", where="holdings", got=holdings, wanted='a mapping such as {"heroin": "3 g"}')
    plain: dict[str, list[Any]] = {}
    for name, value in holdings.items():  # two names of one substance are one find
        items = value if isinstance(value, list) else [value]
        plain.setdefault(canonical(name, declared), []).extend(str(v) if isinstance(v, Quantity) else v for v in items)
    out: Complaints = []
    holdings_shape(declared).check(plain, ("holdings",), out)
    if out:
        one = out[0]
        raise InputError(one.message, where=".".join(map(str, one.path)), got=one.got, wanted=one.wanted, hint=one.hint)
    lots: dict[tuple[str, str], Lot] = {}
    for substance, items in plain.items():
        for item in items:
            lot = _read_lot(substance, item)
            lots[substance, lot.form] = _add(lots[substance, lot.form], lot) if (substance, lot.form) in lots else lot
    return tuple(lot for lot in lots.values() if lot.gross_ug or lot.units or lot.pure_ug)


def _read_lot(substance: str, item: Any) -> Lot:
    raw = dict(item) if isinstance(item, Mapping) else {}
    if not raw:
        quantity = parse_quantity(item, f"holdings.{substance}")
        if quantity.is_unlimited:
            raise InputError("an amount that was found has an end.", where=f"holdings.{substance}", got=item, wanted="for example '3 g'")
        raw = {"units": quantity.units} if quantity.units is not None else {"g": item}
    gross = parse_ug(raw["g"], f"holdings.{substance}.g") if "g" in raw else 0
    purity = raw.get("purity")
    pure = gross if purity is None else int(Fraction(str(purity)) * gross)
    dry = parse_ug(raw["dry"], f"holdings.{substance}.dry") if "dry" in raw else None
    return Lot(substance, raw.get("form", "unspecified"), gross, pure, raw.get("units", 0), purity is not None, "units" in raw, dry)


def _add(a: Lot, b: Lot) -> Lot:
    return Lot(
        a.substance,
        a.form,
        a.gross_ug + b.gross_ug,
        a.pure_ug + b.pure_ug,
        a.units + b.units,
        a.purity_known and b.purity_known,
        a.units_known and b.units_known,
        None if a.dry_ug is None and b.dry_ug is None else sum(x.gross_ug if x.dry_ug is None else x.dry_ug for x in (a, b)),
    )
