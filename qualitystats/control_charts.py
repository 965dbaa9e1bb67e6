"""Control charts in one place: limits, charts of measured values and of counts, charts that remember, and signals.

The rooms behind this door are `chart_constants`, `shewhart`, `attribute_charts`, `time_weighted` and `signals`.
"""

from qualitystats.attribute_charts import c_chart, np_chart, p_chart, u_chart
from qualitystats.chart_constants import ChartConstants, constants
from qualitystats.charts import Chart, ChartPair, VaryingChart
from qualitystats.shewhart import individuals_mr, xbar_r, xbar_s
from qualitystats.signals import (
    NELSON,
    WESTERN_ELECTRIC,
    Signal,
    Signals,
    nelson_bits,
    nelson_flags,
    nelson_signals,
    repeated_readings,
    spread_too_small,
    western_electric_signals,
)
from qualitystats.time_weighted import CusumChart, EwmaChart, cusum, ewma

__all__ = [
    "NELSON",
    "WESTERN_ELECTRIC",
    "Chart",
    "ChartConstants",
    "ChartPair",
    "CusumChart",
    "EwmaChart",
    "Signal",
    "Signals",
    "VaryingChart",
    "c_chart",
    "constants",
    "cusum",
    "ewma",
    "individuals_mr",
    "nelson_bits",
    "nelson_flags",
    "nelson_signals",
    "np_chart",
    "p_chart",
    "repeated_readings",
    "spread_too_small",
    "u_chart",
    "western_electric_signals",
    "xbar_r",
    "xbar_s",
]
