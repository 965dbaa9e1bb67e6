"""Every benchmark by name."""

from __future__ import annotations

from importlib import import_module

from benchmarks.base import Benchmark

PLACES = {
    "list50": "benchmarks.list50.benchmark:List50",
    "rls_pages": "benchmarks.rls_pages:RowSecurityPages",
    "append": "benchmarks.append.benchmark:Append",
    "import_20000": "benchmarks.import_20000.benchmark:Import20000",
    "search_20000": "benchmarks.search_20000:Search20000",
    "obligations_20000": "benchmarks.obligations_20000:Obligations20000",
    "scores_20000": "benchmarks.scores_20000:Scores20000",
    "problem_map": "benchmarks.problem_map:ProblemMap",
    "visits_10000": "benchmarks.visits_10000:Visits10000",
    "outbox_chaos": "benchmarks.outbox_chaos:OutboxChaos",
    "pooled_calls": "benchmarks.pooled.benchmark:PooledCalls",
    "measurements_1000000": "benchmarks.measurements_1000000.benchmark:Measurements1000000",
    "series_200000": "benchmarks.series_200000:Series200000",
    "tree_400": "benchmarks.consistency_400:VarianceTree400",
    "chart_400": "benchmarks.consistency_400:Chart400",
    "series_rows_200000": "benchmarks.series_rows_200000:SeriesRows200000",
    "colour_pairs": "benchmarks.colour_pairs:ColourPairs",
    "plan_year": "benchmarks.plan_year.benchmark:PlanYear",
    "tus_50mb": "benchmarks.tus_50mb.benchmark:Tus50MB",
    "chain_map": "benchmarks.chain_map:ChainMap",
    "city_pages": "benchmarks.city_pages:CityPages",
    "algorithm_a_20000": "benchmarks.algorithm_a_20000:AlgorithmA20000",
}


def find(name: str) -> type[Benchmark]:
    """The class of one benchmark; KeyError when there is none of that name."""
    module, _, attribute = PLACES[name].partition(":")
    return getattr(import_module(module), attribute)
