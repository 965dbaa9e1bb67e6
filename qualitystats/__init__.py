"""The numbers of quality: sampling, charts, capability, variation, colour, comparisons between laboratories, textile limits.

Pure functions on numpy and scipy: no database, no framework, no clock. Every public function says its units, its errors and its
source; where nothing can be said it returns None with a reason, never a number. `python -m qualitystats verify DIR` proves it.
"""
