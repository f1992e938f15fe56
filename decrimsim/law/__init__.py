"""Laws: read from files, asked about one case, compiled for many."""

from decrimsim.law.compile import CompiledLaws, compile_laws
from decrimsim.law.evaluate import Classification
from decrimsim.law.load import describe_shipped_laws, load_law, shipped_laws
from decrimsim.law.model import Law
from decrimsim.law.words import EFFECT, FORMS, OWN_USE, STANDARD, SUBSTANCES, SUPPLY, canonical

__all__ = [
    "EFFECT",
    "FORMS",
    "OWN_USE",
    "STANDARD",
    "SUBSTANCES",
    "SUPPLY",
    "Classification",
    "CompiledLaws",
    "Law",
    "canonical",
    "compile_laws",
    "describe_shipped_laws",
    "load_law",
    "shipped_laws",
]
