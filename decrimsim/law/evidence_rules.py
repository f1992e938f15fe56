"""The rules of the lint from evidence: what each looks for, how bad it is, who says so and who says otherwise.

Level 2. Only sources that were read, or that a page that was read quotes; no counter-view is made up.
"""

from __future__ import annotations

from dataclasses import dataclass

SEVERITIES = ("high", "medium", "low")
GUIDE = "IDPC, Decriminalisation of People Who Use Drugs: A Guide for Advocacy (2022)"
HARRIS = "Harris 2011"
HUGHES = "Hughes, Ritter, Cowdery and Phillips 2014"
MANDERSON = "Manderson 2022: some numbers restrain discretion"
SOUTH_AUSTRALIA = "Christie and Ali 2000, South Australia 1987 onward (ojp.gov NCJ 185718)"


@dataclass(frozen=True)
class LintRule:
    """One thing to look for: how bad it is, who says so and who says otherwise ("" where nobody was found)."""

    name: str
    severity: str
    source: str
    counter: str = ""
    needs_world: bool = False


RULES: dict[str, LintRule] = {
    rule.name: rule
    for rule in (
        LintRule(
            "line_under_purchase",
            "high",
            f"{GUIDE}: thresholds need to be based on patterns of purchasing; set too low, they widen the net. {HUGHES} held Australian lines against purchases",
            "a line can also be judged too high: the ACT's heroin line was, in 2014 (hansard.act.gov.au, 10 April 2014)",
            needs_world=True,
        ),
        LintRule(
            "line_under_heavy_use",
            "medium",
            f"{GUIDE}: thresholds need to be based on the quantity that a person will likely use per day; some people keep a stock for good reasons. {HUGHES}",
            "a line can also be judged too high: the ACT's heroin line was, in 2014 (hansard.act.gov.au, 10 April 2014)",
            needs_world=True,
        ),
        LintRule(
            "reversed_burden",
            "high",
            f"{GUIDE}: the burden should be on the State to prove intent to supply. {HARRIS}: 'never reverse the burden of proof'",
        ),
        LintRule(
            "conclusive_effect",
            "high",
            f"{GUIDE}: thresholds are best used as one indicator among others, not as a conclusive factor. {HARRIS}: 'indicative and not decisive'",
            MANDERSON,
        ),
        LintRule(
            "gross_weight_low_purity",
            "medium",
            f"{GUIDE}: thresholds need to be based on evidence of drug market realities; the purity and its source are the world's",
            needs_world=True,
        ),
        LintRule("tier_gap", "medium", f"{GUIDE}: thresholds need to be transparent and easily understood"),
        LintRule("tier_overlap", "medium", f"{GUIDE}: thresholds need to be transparent and easily understood"),
        LintRule("tier_unreachable", "medium", f"{GUIDE}: thresholds need to be transparent and easily understood"),
        LintRule("substance_missing_in_tier", "medium", f"{GUIDE}: thresholds need to be transparent and easily understood"),
        LintRule(
            "mandatory_treatment",
            "high",
            f"{GUIDE}: access to treatment is voluntary, on the basis of each person's needs; its example of a third time is Mexico",
        ),
        LintRule(
            "sanction_for_drop_out",
            "high",
            f"{GUIDE}: the inability to complete a treatment programme, or relapse, must not lead to sanctions; access must not depend on a plea or abstinence",
        ),
        LintRule("sanction_for_absence", "medium", f"{GUIDE}: all sanctions, criminal, civil or administrative, are removed; services are voluntary"),
        LintRule(
            "unpaid_notice_to_court",
            "medium",
            f"{SOUTH_AUSTRALIA}: fewer than half of the notices were paid and about 46 per cent ended in a conviction",
        ),
        LintRule("wording_missing", "low", f"{GUIDE}: thresholds need to be transparent and easily understood"),
        LintRule("no_review_clause", "low", f"{GUIDE}: review the effectiveness of thresholds on a regular basis, and revise them"),
    )
}


@dataclass(frozen=True)
class Finding:
    """One thing that evidence or the guide says about a draft.

    rule      name; ``off=(name,)`` or ``--off name`` switches it off
    severity  high, medium or low
    path      where in the law
    message   what was found, with the numbers
    source    who says that it matters
    counter   who says otherwise, or ""
    """

    rule: str
    severity: str
    path: str
    message: str
    source: str
    counter: str = ""

    def __str__(self) -> str:
        lines = [f"{self.severity}: {self.rule} at {self.path}: {self.message}", f"    source: {self.source}"]
        return "\n".join([*lines, *([f"    counter-view: {self.counter}"] if self.counter else []), f"    to leave it out: --off {self.rule}"])


def finding(rule: str, path: str, message: str, severity: str = "") -> Finding:
    """Return a finding with the sources of its rule; severity is the rule's unless given."""
    told = RULES[rule]
    return Finding(rule, severity or told.severity, path, message, told.source, told.counter)
