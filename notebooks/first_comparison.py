# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A first comparison
#
# What happens to the same people, with the same chances, under two or more drug laws? This notebook takes the shipped
# world of New South Wales, compares the law in force with other laws, and looks at who is newly reached and who no
# longer (net widening).
#
# The runs here are small, so that the notebook takes seconds. Intervals are Monte Carlo only: they show the luck of the
# simulation, not how unsure the assumptions are. Nothing here is a forecast or legal advice.

# %%
import decrimsim as ds

scenario = ds.load("nsw")
print(scenario.title)
print(scenario.question)
print("baseline:", scenario.baseline, "- candidates:", ", ".join(scenario.candidates))

# %% [markdown]
# ## What does a law say about one find?
#
# A law can be asked about an amount, without any simulation.

# %%
law = ds.load_law("nsw-deemed-supply")
print(law.classify({"mdma": "0.9 g"}))

# %% [markdown]
# ## The same people under several laws
#
# One call. Every person lives under every law with the same luck, so what differs comes from the law.

# %%
comparison = ds.compare(scenario, ["nsw-burden-on-state", "gold-standard"], people=1_000, days=180, replicates=3, seed=1, progress=False)
comparison

# %% [markdown]
# The numbers behind the table, as pandas:

# %%
comparison.to_pandas().query("outcome in ['found', 'proceeded', 'charges_supply', 'cost']")

# %% [markdown]
# ## Net widening
#
# Bars to the right: people newly reached. Bars to the left: people no longer reached. Markers: the net change.

# %%
ax = comparison.plot_net_widening()

# %%
comparison.net_widening()[["law", "cut", "people", "gross_widening", "gross_narrowing", "net", "ratio"]]

# %% [markdown]
# ## Person by person
#
# Each simulated person stands in one cell: the highest rung under the baseline (row) and under the proposal (column).

# %%
ax = comparison.plot_ledger("gold-standard")

# %% [markdown]
# ## Groups
#
# Records and group rates are products of policing, not measures of offending.

# %%
axis = next(iter(scenario.people.axes))
groups = comparison.by(axis)
groups[groups["measure"].isin(["stops", "people_recorded"])]

# %% [markdown]
# ## Moving one limit
#
# All points of a curve are simulated in one pass, on the same people.

# %%
curve = ds.curve(scenario, "tables.traffickable.mdma", "0.25 g", "3 g", points=8, people=1_000, days=180, replicates=3, seed=1, progress=False)
ax = curve.plot()

# %% [markdown]
# ## Your own law
#
# A change makes a new law; the old one stays as it is.

# %%
softer = law.patch({"tables.traffickable.mdma": "1.5 g"}).named("MDMA line at 1.5 g")
own = ds.compare(scenario, [softer], people=1_000, days=180, replicates=3, seed=1, progress=False)
own.net_widening().query("cut == 'supply'")[["law", "people", "gross_widening", "gross_narrowing", "net"]]

# %% [markdown]
# ## A report for others
#
# `comparison.save("my-results")` writes `report.html`, which opens in any browser without a network, and beside it plots,
# tables and a manifest. What the world leaves out stands in the report:

# %%
for limit in scenario.limits:
    print("-", limit)
