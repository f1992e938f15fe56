"""What a comparison prints, draws and reports."""

from __future__ import annotations

import getpass
import json
import math
import re
import socket
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from fake_comparison import LAWS, SENSITIVITY, fake_comparison, fake_curve
from fake_tables import FakeLaw

from decrimsim import schema
from decrimsim.comparison import Comparison, Curve
from decrimsim.errors import InputError
from decrimsim.measures.equity import STAGES, relative_rates
from decrimsim.measures.summary import Summary
from decrimsim.plots import bare_axes, plot_curve, svg_of
from decrimsim.report.answer import answer, change_words, key_figures
from decrimsim.report.background import grade_counts, source_line
from decrimsim.report.cells import Cell, way
from decrimsim.report.content import group_tables, indicator_blocks, outcome_tables, purpose_tables, reason_blocks, widening_tables
from decrimsim.report.curve import curve_table, indicator_table
from decrimsim.report.frames import FEWEST_EVENTS
from decrimsim.report.gaps import disparity_blocks, gaps, relative_gaps
from decrimsim.report.html import environment
from decrimsim.report.reproduce import reproduce
from decrimsim.report.text import aligned, indicator_texts
from decrimsim.report.words import COUNTED_IN_CASES, INDICATOR_WORDS, OUTCOME_WORDS, plain
from decrimsim.scenario import load_scenario, with_switches
from decrimsim.schema import CUTS, OUTCOMES, RUNGS
from decrimsim.statistics import MONTE_CARLO_ONLY, Estimate, rounded

EVIL = FakeLaw("evil", "evil", "<script>alert(1)</script>", notes=("<img src=x onerror=alert(2)>",))


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return fake_comparison(sensitivity=(SENSITIVITY,))


@pytest.fixture(scope="module")
def page(comparison: Comparison) -> str:
    return comparison.to_html()


class Page(HTMLParser):
    """Tags of a page with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_loads_nothing_and_runs_nothing(page):
    parsed = Page(page)
    names = {tag for tag, _ in parsed.tags}
    assert not names & {"script", "link", "iframe", "object", "embed", "form", "base"}
    policy = [attrs for tag, attrs in parsed.tags if tag == "meta" and attrs.get("http-equiv") == "Content-Security-Policy"]
    assert [meta["content"] for meta in policy] == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"]
    assert all((attrs["src"] or "").startswith("data:image/") for tag, attrs in parsed.tags if tag == "img")
    assert all((attrs["href"] or "").startswith(("#", "http://", "https://")) for tag, attrs in parsed.tags if tag == "a")
    assert not [attrs for _, attrs in parsed.tags if any(name.startswith("on") for name in attrs)]
    assert "url(" not in page
    assert "@import" not in page


def test_every_image_says_in_words_what_it_shows(page):
    assert all(len(attrs.get("alt") or "") > 20 for tag, attrs in Page(page).tags if tag == "img")


def test_intervals_are_named_monte_carlo_only_once_above_all_tables_of_results(comparison, page):
    alone = (comparison._repr_html_(), fake_curve()._repr_html_(), fake_curve().to_html())
    for text in (page, *alone):
        assert text.count(MONTE_CARLO_ONLY) == 1
        assert text.index(MONTE_CARLO_ONLY) < text.index("<table")
    for text in (repr(comparison), repr(fake_curve())):
        assert text.count(MONTE_CARLO_ONLY) == 1
        assert text.index(MONTE_CARLO_ONLY) < text.index("-----\n")


def test_the_page_tells_question_answer_laws_limits_and_grades(comparison, page):
    text = Page(page).text
    for part in (
        comparison.scenario.question,
        answer(comparison.summary),
        *(law.title for law in LAWS),
        *comparison.scenario.limits,
        "moved",
        "appeals",
        "decrimsim compare nsw --law new.yaml --law other.yaml",
    ):
        assert part in text, part
    for outcome in ("Penalty notices", "People who do not sell, charged with supply", "Public cost"):
        assert outcome in text
    assert all(law.hash in text for law in LAWS)


def test_the_disclaimer_counts_the_share_of_assumed_parameters(comparison, page):
    grades = [parameter.grade for _, parameter in comparison.scenario.parameters()]
    share = f"{100 * grades.count('D') / len(grades):.0f} % of the parameters rest on guesses"
    assert share in page
    assert "Simulated people under stated assumptions: not a forecast, legal advice, or a measure of any group" in page
    assert sum(row["n"] for row in grade_counts(comparison.summary)) == len(grades)


def test_every_parameter_stands_in_the_report_with_its_grade(comparison, page):
    rows = re.findall(r'<tr><th scope="row"><code>([^<]+)</code></th><td class="num">', page)
    assert len(rows) == len(comparison.scenario.parameters())


def test_sensitivity_shows_the_widest_inputs_first_and_a_change_of_sign(page):
    assert page.index("police.street</code> <strong>changes sign</strong>") < page.index("police.ignore</code>")


def test_a_report_without_sensitivity_or_curve_has_no_such_section():
    page = fake_comparison().to_html()
    assert 'id="sensitivity"' not in page
    assert 'id="curve"' not in page


def test_a_report_shows_a_curve_beside_the_comparison():
    page = fake_comparison(curve=fake_curve()).to_html()
    assert 'id="curve"' in page
    assert 'id="ledger"' in page


def test_hostile_names_are_printed_and_not_run():
    page = fake_comparison([LAWS[0], EVIL]).to_html()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<img src=x" not in page


@pytest.mark.parametrize("href", ["javascript:alert(1)", "JAVASCRIPT:alert(1)", " https://a.example", "data:text/html,x", "file:///etc/passwd", "none", ""])
def test_only_web_addresses_become_links(href):
    assert source_line("s", {"title": "A source", "href": href})["href"] == ""


def test_web_addresses_become_links():
    assert source_line("s", {"title": "A source", "href": "https://a.example/b"})["href"] == "https://a.example/b"


def test_the_template_engine_escapes_and_refuses_unknown_names():
    from jinja2 import UndefinedError

    assert environment().from_string("{{ a }}").render(a="<b>") == "&lt;b&gt;"
    with pytest.raises(UndefinedError):
        environment().from_string("{{ missing }}").render()


def test_the_command_makes_a_changed_law_again():
    from decrimsim.law import load_law

    base, proposal = load_law("nsw-deemed-supply"), load_law("gold-standard")
    softer = base.patch({"tables.traffickable.mdma": "1.5 g"})
    command = reproduce(fake_comparison([base, proposal, softer]).summary)
    assert "--law gold-standard --change 'tables.traffickable.mdma=1.5 g'" in command
    assert command.count("--change") == 1  # the pushed bound follows by itself
    two = reproduce(fake_comparison([base, softer, base.patch({"tables.traffickable.mdma": "1 g"})]).summary)
    assert two.count("--change") == 1
    assert "is a changed law: in Python, load_law(...).patch(...) with tables.traffickable.mdma = 1 g" in two


def test_the_page_names_no_computer_no_person_and_no_folder(page):
    for secret in (socket.gethostname(), str(Path.cwd()), str(Path.home()) + "/"):
        assert secret not in page
    assert f"/{getpass.getuser()}/" not in page


def test_the_same_results_give_the_same_bytes(page):
    assert fake_comparison(sensitivity=(SENSITIVITY,), elapsed=12.0).to_html() == page


def test_a_run_cut_short_is_watermarked():
    short = fake_comparison(replicates=5)
    assert "PARTIAL: 3 of 5 replicates" in short.to_html()
    assert "PARTIAL: 3 of 5 replicates" in repr(short)
    assert "PARTIAL" not in fake_comparison().to_html()


def test_the_answer_is_one_sentence_with_the_numbers_of_the_table(comparison):
    sentence = answer(comparison.summary)
    assert sentence.endswith(".")
    assert ". " not in sentence.replace("0. ", "")
    for cut, verb in (("criminal", "charged or convicted"), ("supply", "charged with supply")):
        base = comparison.summary.with_cut(0, cut).times(1000 / 300)
        assert f"{rounded(base.mean, base.mcse)} are {verb}" in sentence
        for law, name in ((1, "under new, "), (2, "under other, ")):
            words = change_words(comparison.summary.net_widening(law, cut).net.times(1000 / 300))
            clause = sentence[sentence.index(name) :].partition(";")[0]
            assert f"{words} are {verb}" in clause or words.replace("no clear difference", f"there is no clear difference in people {verb}") in clause


def test_cards_and_groups_tell_who_is_charged_or_convicted_beside_supply(comparison, page):
    words = [figure.words for figure in key_figures(comparison.summary, 1)]
    assert words == ["put on record", "charged or convicted", "charged with supply", "arrested, held or imprisoned"]
    kinds = (*comparison.scenario.people.axes, "region", "role", "main substance")
    assert page.count("Charged or convicted, per 1,000 of the group") == len(kinds)
    for table in group_tables(comparison.summary):
        assert [block["title"].partition(",")[0] for block in table["blocks"]] == ["On record (warning", "Charged or convicted", "Charged with supply"]
    assert [block["title"] for block in reason_blocks(comparison.summary)] == ["Finds", "People charged or convicted", "People charged with supply"]


def with_outcomes(new: list[int]) -> Summary:
    """Return a made-up comparison whose law has so many cautions and services more than the baseline in each replicate."""
    made = fake_comparison(LAWS[:2], n_replicates=len(new))
    measures = []
    for one, more in zip(made.measures, new, strict=True):
        outcomes = one.outcomes.copy()
        for name in ("cautions", "referrals_started"):
            outcomes[1, OUTCOMES.index(name)] = outcomes[0, OUTCOMES.index(name)] + more
        measures.append(replace(one, outcomes=outcomes))
    return replace(made, measures=tuple(measures)).summary


def cells_of(summary: Summary, name: str) -> Cell:
    """Return the cell of an outcome under the second law."""
    rows = {row["label"]: row["cells"] for table in outcome_tables(summary, 1.0) for row in table["rows"]}
    cell = rows[OUTCOME_WORDS[name]][1]
    assert isinstance(cell, Cell)
    return cell


def test_only_an_interval_on_one_side_of_zero_is_coloured_and_services_never_are():
    clear, wide, constant, alone = (with_outcomes(new) for new in ([9, 10, 11], [-9, 10, 2], [4, 4, 4], [4]))
    assert [cells_of(one, "cautions").way for one in (clear, wide, constant, alone)] == ["more", "", "", ""]
    assert cells_of(clear, "referrals_started").way == "clear"
    assert cells_of(constant, "cautions").below == "+4 (the same in all 3 replicates)"
    assert cells_of(alone, "cautions").below == "+4"
    for change in (Estimate(2.0, 0.0, (2.0, 2.0), 5), Estimate(2.0)):
        assert way(change) == ""
    assert way(Estimate(-2.0, 0.1, (-2.3, -1.7), 5)) == "fewer"


def test_cards_indicators_and_cuts_say_when_all_replicates_gave_the_same():
    made = fake_comparison(LAWS[:2])
    measures = []
    for one in made.measures:
        n_flag, arrests = one.widening.n_flag.copy(), np.array([3.0, 5.0])
        n_flag[1] = n_flag[0] + 2
        measures.append(replace(one, widening=replace(one.widening, n_flag=n_flag), indicators=one.indicators | {"arrests": arrests}))
    summary = replace(made, measures=tuple(measures)).summary
    assert {(figure.way, figure.interval) for figure in key_figures(summary, 1)} == {("", "the same in all 3 replicates")}
    net = [row["cells"][2] for row in widening_tables(summary)[0]["rows"]]
    assert {(cell.way, cell.below) for cell in net} == {("", "the same in all 3 replicates")}
    arrests = next(row["cells"][1] for block in indicator_blocks(summary) for row in block["rows"] if row["label"] == INDICATOR_WORDS["arrests"][1])
    assert (arrests.way, arrests.below) == ("", "+6.67 (the same in all 3 replicates)")
    assert "6.67 more (the same in all 3 replicates) are charged with supply" in answer(summary)


def test_gaps_and_purposes_have_intervals_and_are_left_out_where_few_events_carry_them(comparison):
    few = fake_comparison(n_people=60).summary
    for summary in (few, comparison.summary):
        for i, purpose in enumerate(purpose_tables(summary)):
            for law, row in enumerate(purpose["rows"]):
                found = summary.mean(lambda m, law=law, i=i: m.purposes[law, i, 0]).mean
                assert all((cell.text in ("few", "–")) == (found < FEWEST_EVENTS) for cell in row["cells"][1:])
        for _, law, row in gaps(summary, "gender"):
            cut = row["net_widening_supply_per_1000"]
            assert cut.events >= 0
            assert (cut.cell.text == "few") == (cut.events < FEWEST_EVENTS)
            assert law == 0 or cut.cell.text == "few" or cut.cell.below or cut.estimate.mean == 0
    frame = comparison.gaps("gender")
    shown = frame[frame.law == "new"].dropna(subset="false_positive_gap_amount").iloc[-1]
    assert shown["false_positive_gap_amount_ci_low"] <= shown["false_positive_gap_amount"] <= shown["false_positive_gap_amount_ci_high"]


def test_a_curve_tells_cautions_possession_cost_and_who_is_charged_or_convicted():
    curve = fake_curve()
    header, rows = curve_table(curve.data)
    for words in ("Charged or convicted", "Charged with supply", "Cautions", "Charges of possession", "Public cost, AUD"):
        assert words in header
    assert all(len(row) == len(header) for row in rows)
    assert max(map(len, repr(curve).split("\n\n")[1].splitlines())) <= 160


def test_no_table_of_a_terminal_is_very_wide_and_long_labels_go_on_below():
    long = [FakeLaw(f"a-law-with-a-long-name-{i}", f"law{i}", "A law") for i in range(5)]
    assert max(map(len, repr(fake_comparison(long)).splitlines())) <= 200
    text = aligned(["what", "a long head"], [["several words here", "1"], ["one", "22"]], label=9, head=6)
    assert text.splitlines() == ["         a long", "what       head", "---------------", "several       1", "  words", "  here", "one          22"]


def test_labels_say_what_referrals_and_convictions_hold(comparison, page):
    for text in (repr(comparison), page):
        assert "Services started after a referral" in text
        assert "Convictions for possession, on any charge" in text
        assert COUNTED_IN_CASES in " ".join(text.split())


def test_categories_are_written_as_people_write_them():
    assert [plain(name) for name in ("non_aboriginal", "aboriginal", "user_dealer", "under_25", "mdma")] == [
        "non-Aboriginal",
        "Aboriginal",
        "sells to pay for own use",
        "under 25",
        "MDMA",
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Estimate(0.0, 0.0, (0.0, 0.0)), "no difference"),
        (Estimate(-12.0, 1.0, (-14.0, -10.0)), "12.0 fewer (10.0 to 14.0 fewer)"),
        (Estimate(3.0, 1.0, (1.0, 5.0)), "3.0 more (1.0 to 5.0 more)"),
        (Estimate(1.0, 1.0, (-1.0, 3.0)), "no clear difference (1.0 fewer to 3.0 more)"),
        (Estimate(-4.0), "4 fewer"),
        (Estimate(-4.0, 0.0, (-4.0, -4.0), 5), "4 fewer (the same in all 5 replicates)"),
    ],
)
def test_a_change_is_told_in_words(change, words):
    assert change_words(change) == words


def test_laws_that_do_the_same_are_said_to_make_no_difference():
    from test_measures import with_laws

    from decrimsim.measures import measure

    original = fake_comparison()
    tables = tuple(with_laws(one, [0, 0]) for one in original.tables)
    same = Comparison(
        scenario=original.scenario,
        laws=LAWS[:2],
        measures=tuple(measure(one, original.scenario, 2) for one in tables),
        people=300,
        days=365,
        replicates=3,
        seed=1,
        mode="closed",
    )
    assert "under new, as many are charged or convicted and as many are charged with supply" in answer(same.summary)
    frame = same.to_pandas()
    assert (frame.filter(like="difference").to_numpy() == 0).all()
    assert (same.net_widening()[["net", "net_mcse", "gross_widening", "gross_narrowing"]].to_numpy() == 0).all()


def test_json_follows_its_contract_and_holds_no_nan(comparison):
    data = comparison.to_json()
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert set(data) == {"scenario", "baseline", "people", "days", "replicates", "seed", "mode", "currency", "rungs", "laws"}
    assert data["baseline"] == "old"
    assert list(data["laws"]) == ["old", "new", "other"]
    for law in data["laws"].values():
        assert set(law["outcomes"]) == set(OUTCOMES)
        assert set(law["net_widening"]) == set(CUTS)
        assert np.shape(law["ledger"]) == (9, 9)
        assert sum(map(sum, law["ledger"])) == pytest.approx(300)
        for cut in law["net_widening"].values():
            low, high = cut["gross_widening"]["frechet"]
            assert low <= cut["gross_widening"]["mean"] <= high
            assert cut["net"]["mean"] == pytest.approx(cut["gross_widening"]["mean"] - cut["gross_narrowing"]["mean"])
    old = data["laws"]["old"]
    differences = [outcome["difference"] for outcome in old["outcomes"].values()]
    assert all({name: one[name] for name in ("mean", "mcse", "ci")} == {"mean": 0.0, "mcse": 0.0, "ci": [0.0, 0.0]} for one in differences)


def test_json_gives_cost_in_major_units(comparison):
    minor = [int(m.outcomes[1, OUTCOMES.index("cost")]) for m in comparison.measures]
    assert comparison.to_json()["laws"]["new"]["outcomes"]["cost"]["mean"] == pytest.approx(sum(minor) / 300)


def test_one_replicate_has_means_and_null_errors():
    one = fake_comparison(n_replicates=1)
    data = one.to_json()["laws"]["new"]
    assert data["outcomes"]["found"]["mcse"] is None
    assert data["outcomes"]["found"]["difference"]["ci"] is None
    assert data["net_widening"]["supply"]["net"]["mcse"] is None
    assert "nan" not in one.to_html().lower().replace("financ", "").replace("nance", "").replace("tenan", "")
    assert "(" not in repr(one).split("Difference from the baseline")[1].split("Penalty notices")[1].split("\n")[0]


def test_an_undefined_ratio_is_null_and_stands_in_the_report():
    undefined = fake_comparison(n_people=5, n_replicates=1)
    assert undefined.to_json()["laws"]["new"]["net_widening"]["supply"]["ratio"] is None
    assert "undefined" in undefined.to_html()


def test_a_run_without_people_says_so_and_prints_no_table_of_zeros():
    empty = fake_comparison(n_people=0)
    json.dumps(empty.to_json(), allow_nan=False)
    curve = Curve(comparison=fake_comparison(fake_curve().comparison.laws, n_people=0, tables=None), path="tables.x.mdma", points=fake_curve().points)
    for text in (repr(empty), empty._repr_html_(), empty.to_html(), repr(curve), curve._repr_html_(), curve.to_html()):
        assert "0 people" in text and "No people were simulated" in text
        assert OUTCOME_WORDS["charges_supply"] not in text and "Difference from the baseline" not in text


def test_no_interval_of_a_count_reaches_below_zero_and_differences_do(comparison):
    rare = fake_comparison(n_people=20, n_replicates=3)
    counts = [cell for data in (rare, comparison) for law in data.to_json()["laws"].values() for cell in law["outcomes"].values()]
    assert any(cell["mcse"] and cell["mean"] < 3 * cell["mcse"] for cell in counts)
    assert min(cell["ci"][0] for cell in counts) >= 0
    assert min(cell["difference"]["ci"][0] for cell in counts) < 0
    frame = rare.by("region")
    assert frame["difference_ci_low"].min() < 0


def test_frames_hold_the_numbers_of_the_json(comparison):
    frame, data = comparison.to_pandas(), comparison.to_json()["laws"]["new"]
    row = frame[(frame.law == "new") & (frame.outcome == "arrests")].iloc[0]
    assert row["mean"] == data["outcomes"]["arrests"]["mean"]
    assert [row["difference_ci_low"], row["difference_ci_high"]] == data["outcomes"]["arrests"]["difference"]["ci"]
    wide = comparison.net_widening()
    assert wide[(wide.law == "new") & (wide.cut == "supply")].iloc[0]["net"] == data["net_widening"]["supply"]["net"]["mean"]
    ledger = comparison.ledger("new")
    assert list(ledger.index) == list(ledger.columns) == list(RUNGS)
    assert ledger.to_numpy().tolist() == data["ledger"]


def test_groups_are_found_by_axis_and_reason_and_add_up(comparison):
    for kind in (*comparison.scenario.people.axes, "region", "role", "main substance"):
        frame = comparison.by(kind)
        stops = frame[(frame.law == "new") & (frame.measure == "stops")]
        assert stops["count"].sum() == pytest.approx(comparison.to_json()["laws"]["new"]["outcomes"]["stops"]["mean"])
    assert "bulk" in set(comparison.by("reason")["reason"])


def test_relative_rates_by_stage_multiply_to_the_whole_disparity():
    summary = fake_comparison(n_people=3_000).summary
    products = 0
    for kind in (*summary.scenario.people.axes, "region", "role"):
        for law in range(len(LAWS)):
            reference, *others = relative_rates(summary, law, kind)
            assert set(reference.stages) == {1}
            for group in others:
                assert math.prod(group.stages) == group.end_to_end
                products += group.end_to_end != 1
    assert products > 5


def test_relative_rates_without_anybody_to_compare_with_are_undefined():
    assert relative_rates(fake_comparison(n_people=0).summary, 0, "region")[1].stages == (None,) * len(STAGES)


def test_relative_rates_stand_in_the_report_and_the_frame(comparison):
    frame = comparison.relative_rates("region")
    rates = relative_rates(comparison.summary, 1, "region")[1]
    assert frame[(frame.law == "new") & (frame.region == "remote")].iloc[0]["end_to_end"] == float(rates.end_to_end)
    assert "Where disparities start" in comparison.to_html()


def test_relative_rates_in_the_report_have_intervals_or_rest_on_too_few_people(comparison):
    summary = comparison.summary
    cells = [cell for block in disparity_blocks(summary) for row in block["rows"] for cell in row["cells"]]
    assert {"few"} < {cell.text for cell in cells}
    assert all(cell.below or cell.text == "1" for cell in cells if cell.text not in ("few", "hidden"))  # in all replicates alike
    index = {category: i for i, (kind, category) in enumerate(summary.measures[0].groups) if kind == "region"}
    for law in range(len(LAWS)):
        told = relative_gaps(summary, law, index["remote"], index["urban"])
        exact = next(one for one in relative_rates(summary, law, "region") if one.category == "remote")
        for gap, rate in zip(told, (*exact.stages, exact.end_to_end), strict=True):
            assert (gap.estimate is None) == (rate is None)
            assert gap.estimate is None or gap.estimate.mean == pytest.approx(float(rate))


def test_small_groups_are_hidden():
    few = fake_comparison(n_people=12)
    frame = few.by("role")
    assert frame[frame.people < 10]["count"].isna().all()
    assert (frame.people < 10).any()
    assert "hidden" in few.to_html()


def test_misclassified_finds_are_listed_by_purpose(comparison):
    frame = comparison.misclassified()
    assert len(frame) == len(schema.PURPOSES) * len(LAWS)
    assert (frame["found"] >= frame["charged with supply"]).all()


def test_unknown_laws_groups_outcomes_and_cuts_are_named_with_the_nearest(comparison):
    with pytest.raises(InputError, match="Did you mean 'other'"):
        comparison.ledger("othr")
    with pytest.raises(InputError, match="Did you mean 'region'"):
        comparison.by("regoin")
    with pytest.raises(InputError, match="Did you mean 'arrests'"):
        plot_curve(fake_curve().data, ax=bare_axes(4, 3), outcome="arests")
    with pytest.raises(InputError, match="Did you mean 'supply'"):
        plot_curve(fake_curve().data, ax=bare_axes(4, 3), cut="suply")


def test_measures_that_do_not_go_with_the_laws_are_refused(comparison):
    with pytest.raises(InputError, match="2 laws do not go with the measures"):
        repr(Comparison(comparison.scenario, LAWS[:2], comparison.measures, 300, 365, 3, 1, "closed"))


def test_laws_that_share_an_id_are_told_apart_by_their_dates():
    dated = [FakeLaw("portugal", "portugal", "Now"), FakeLaw("portugal", "portugal", "Before", date="2023-09-30")]
    assert list(fake_comparison(dated).to_json()["laws"]) == ["portugal", "portugal@2023-09-30"]


def test_plots_draw_on_the_axes_given_and_change_no_setting(comparison):
    before = dict(mpl.rcParams)
    for draw in (comparison.plot_net_widening, lambda ax: comparison.plot_ledger("new", ax=ax), fake_curve().plot):
        ax = bare_axes(6, 4)
        assert draw(ax=ax) is ax
        assert ax.has_data() or ax.patches
    assert dict(mpl.rcParams) == before


def test_plots_without_axes_make_their_own(comparison):
    import matplotlib.pyplot as plt

    with mpl.rc_context({"backend": "agg"}):
        ax = comparison.plot_net_widening()
        assert [label.get_text() for label in ax.get_legend().get_texts()] == ["new", "other"]
        plt.close("all")


def test_the_net_widening_chart_shows_the_flows_of_the_table(comparison):
    ax = comparison.plot_net_widening(ax=bare_axes(6, 4))
    widths = sorted(patch.get_width() for patch in ax.patches)
    flows = [
        w
        for law in (1, 2)
        for cut in CUTS
        for w in (comparison.summary.net_widening(law, cut).gross_widening.mean, -comparison.summary.net_widening(law, cut).gross_narrowing.mean)
    ]
    assert widths == pytest.approx(sorted(flow * 1000 / 300 for flow in flows))


def test_the_curve_is_drawn_at_its_points_with_the_baseline_beside_it():
    curve = fake_curve()
    ax = curve.plot(ax=bare_axes(6, 4))
    assert ax.get_xscale() == "log"
    drawn = [line for line in ax.get_lines() if line.get_drawstyle() == "steps-post"]
    steps, edges = [line for line in drawn if line.get_linestyle() == "-"], [line for line in drawn if line.get_linestyle() == ":"]
    together = curve.simultaneous("people_supply")
    assert edges[2].get_ydata().tolist() == pytest.approx(together["simultaneous_low"].tolist())
    assert edges[3].get_ydata().tolist() == pytest.approx(together["simultaneous_high"].tolist())
    assert [line.get_xdata().tolist() for line in steps] == [[1e6, 2e6, 1e7]] * 2
    charged = [curve.comparison.summary.with_cut(law, "supply").mean * 1000 / 300 for law in (1, 2, 3)]
    assert steps[1].get_ydata().tolist() == pytest.approx(charged)
    dashed = [line.get_ydata()[0] for line in ax.get_lines() if line.get_linestyle() == "--"]
    assert dashed[1] == pytest.approx(curve.comparison.summary.with_cut(0, "supply").mean * 1000 / 300)


def test_a_curve_prints_and_gives_its_points():
    curve = fake_curve()
    assert [point["limit"] for point in curve.to_json()["points"]] == ["1 g", "2 g", "10 g"]
    json.dumps(curve.to_json(), allow_nan=False)
    frame = curve.to_pandas()
    assert sorted(set(frame.amount)) == [1_000_000, 2_000_000, 10_000_000]
    assert len(frame) == 3 * (len(OUTCOMES) + len(CUTS))
    assert "10 g" in repr(curve)
    assert "decrimsim curve nsw tables.traffickable.mdma 1g 10g --points 3" in curve.to_html()


def test_an_unlimited_point_is_drawn_one_step_after_the_largest():
    curve = fake_curve()
    open_ended = Curve(curve.comparison, curve.path, [*curve.points[:2], ("unlimited", 2**62)])
    assert max(open_ended.plot(ax=bare_axes(6, 4)).get_lines()[0].get_xdata()) < 2**40


def test_points_that_do_not_go_with_the_laws_are_refused():
    with pytest.raises(InputError, match="2 points do not go with 4 laws"):
        Curve(fake_curve().comparison, "tables.small.mdma", [("1 g", 1), ("2 g", 2)])


def test_drawings_have_the_same_bytes_each_time(comparison):
    assert svg_of(comparison.plot_net_widening(ax=bare_axes(6, 4))) == svg_of(comparison.plot_net_widening(ax=bare_axes(6, 4)))


def test_control_characters_in_names_do_not_reach_the_terminal():
    text = repr(fake_comparison([LAWS[0], FakeLaw("new\x1b[31m", "x", "x")]))
    assert "\x1b" not in text


def test_a_curve_tells_the_seven_indicators_at_the_baseline_and_each_point():
    curve = fake_curve()
    header, rows = indicator_table(curve.data)
    assert [name.split(":")[0] for name in header[1:]] == [group for group, _ in INDICATOR_WORDS.values()]
    assert [row[0] for row in rows] == ["baseline", *(text for text, _ in curve.data.points)]
    arrests = 1 + list(INDICATOR_WORDS).index("arrests")
    assert rows[0][arrests] == indicator_texts(curve.data.summary, 0, "arrests")[0]


def test_what_a_law_says_and_the_world_simulates_is_not_listed_as_not_simulated():
    """In the page, in the text and in the data; with the mechanism off it is listed again."""
    said = ("record: registers are simulated where the world has practice.sanctions", "record: reparation and retention are kept")
    laws = (LAWS[0], replace(LAWS[1], not_simulated=said))
    for is_on, told in ((True, said[1:]), (False, said)):
        one = fake_comparison(laws, scenario=with_switches(load_scenario("nsw"), {"sanctions": is_on}))
        assert tuple(one.to_json()["laws"]["new"]["not_simulated"]) == told
        assert f"does not act on: new ({len(told)})." in str(one)
        page = one.to_html()
        assert f"Said by the law and not simulated ({len(told)})" in page
        assert (said[0] in page) is not is_on
