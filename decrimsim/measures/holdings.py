"""What the drugs found in a case were for, and why so much was held: purposes and reasons by case and law.

Level 5. A case may have several findings, and under laws that people adapt to, other findings under other laws.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from decrimsim.measures.people import person_day
from decrimsim.schema import PURPOSES, REASONS, SERIOUSNESS
from decrimsim.tables import Table

Int = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]


def _united(values: npt.NDArray[np.generic], findings: Table, wanted: Int, how: np.ufunc) -> npt.NDArray[np.generic]:
    """Return values (wanted rows, laws): the values (findings, laws) of the same person and day put together by how."""
    out = np.zeros((len(wanted), findings.n_laws), values.dtype)
    if not len(findings) or not len(wanted):
        return out
    key = person_day(findings)
    order = np.argsort(key, kind="stable")
    unique, starts = np.unique(key[order], return_index=True)
    united = how.reduceat(values[order], starts, axis=0)
    at = np.minimum(np.searchsorted(unique, wanted), len(unique) - 1)
    is_there = unique[at] == wanted
    out[is_there] = united[at[is_there]]
    return out


def united(values: npt.NDArray[np.generic], of: Table, rows: Table, how: np.ufunc) -> npt.NDArray[np.generic]:
    """Return values (rows, laws): the values (rows of the table of, laws) of the same person and day put together by how; zeros where there are none."""
    return _united(values, of, person_day(rows), how)


def main_purpose(findings: Table, rows: Table) -> Int:
    """Return the main purpose (rows, laws), an index into PURPOSES: the one with most grams; of equals, the least serious."""
    flags = findings.flags()
    key = person_day(rows)
    best = np.zeros((len(rows), findings.n_laws), np.int64)
    most = np.full((len(rows), findings.n_laws), -1, np.int64)
    for purpose in SERIOUSNESS:
        grams = _united(np.where(flags, findings[f"{purpose}_ug"].astype(np.int64)[:, None], 0), findings, key, np.add).astype(np.int64)
        best[grams > most] = PURPOSES.index(purpose)
        most = np.maximum(most, grams)
    return best


def reasons(findings: Table, rows: Table) -> Bool:
    """Return flags (reasons, rows, laws): some drugs found were held for the reason. Reasons overlap."""
    flags = findings.flags()
    bits = np.where(flags, findings["reasons"].astype(np.int64)[:, None], 0)
    united = _united(bits, findings, person_day(rows), np.bitwise_or).astype(np.int64)
    return np.stack([(united >> bit) & 1 for bit in range(len(REASONS))]).astype(bool)
