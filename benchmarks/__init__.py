"""Measurements of the product against what a Django user would pick, and against what the machine allows.

`python -m benchmarks list` · `python -m benchmarks run NAME… | --all [--quick] [--json FILE]`
"""
