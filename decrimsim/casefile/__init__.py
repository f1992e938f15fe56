"""Case files: one person's case from a saved run, explained, and decided again from the file alone."""

from decrimsim.casefile.file import CaseFile, Replay, case_file, list_cases, replay

__all__ = ["CaseFile", "Replay", "case_file", "list_cases", "replay"]
