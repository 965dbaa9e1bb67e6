"""`python -m qualitystats`: plan, oc, capability, colour and verify for whoever stands at the bench.

Answers go to standard output, one fact a line; a question that cannot be answered ends with 2 and a sentence on standard error.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from qualitystats.capability import capability
from qualitystats.colour import cie76, ciede2000, cmc
from qualitystats.sampling import LEVELS, SEVERITIES, acceptance_probability, aoql, fraction_accepted, oc_curve, single_plan
from qualitystats.verify import verify


def main(words: list[str] | None = None) -> int:
    """Answer one question.

    Args:
        words: The words after ``python -m qualitystats``; None: those of this process.
    Returns:
        0 when answered, 1 when a reference was missed, 2 when the question could not be read.
    Source: none.

    >>> main(["plan", "--lot", "1200", "--level", "II", "--aql", "2.5"])
    code letter J, plan letter J: inspect 80, accept on 5, do not accept on 6 (normal, level II, AQL 2.5)
    ISO 2859-1:1999 (GB/T 2828.1-2012)
    0
    """
    options = _parser().parse_args(words)
    try:
        answer: Callable[[argparse.Namespace], int] = options.answer
        return answer(options)
    except (ValueError, OSError) as error:
        print(f"qualitystats: {error}", file=sys.stderr)
        return 2


def _plan(options: argparse.Namespace) -> int:
    plan = single_plan(lot_size=options.lot, level=options.level, aql=options.aql, severity=options.severity)
    how = f"inspect all {plan.n_inspect} (the plan's {plan.n} reach the lot)" if plan.inspect_all else f"inspect {plan.n}"
    context = f"{plan.severity}, level {plan.level}, AQL {plan.aql}"
    print(
        f"code letter {plan.code_letter}, plan letter {plan.plan_letter}: {how}, accept on {plan.ac}, do not accept on {plan.re} ({context})"
    )
    if plan.disputed:
        print(plan.disputed)
    print(plan.edition)
    return 0


def _oc(options: argparse.Namespace) -> int:
    n, ac, kind, lot = options.n, options.ac, options.kind, options.lot
    if options.fraction is not None:
        found = acceptance_probability(n=n, ac=ac, fraction=options.fraction, kind=kind, lot_size=lot)
        print(f"fraction {options.fraction:g}: accepted with probability {found:.6f}")
        return 0
    curve = oc_curve(n=n, ac=ac, kind=kind, lot_size=lot)
    for fraction, probability in list(curve)[:: max(1, len(curve) // 20)]:
        print(f"{fraction:.5f}  {probability:.4f}")
    if kind != "hypergeometric" and ac < n:
        print(f"accepted in 95 % of lots: {fraction_accepted(n=n, ac=ac, probability=0.95, kind=kind):.5f}")
        print(f"accepted in 10 % of lots: {fraction_accepted(n=n, ac=ac, probability=0.10, kind=kind):.5f}")
        print(f"average outgoing quality limit: {aoql(n=n, ac=ac, kind=kind):.5f}")
    return 0


def _capability(options: argparse.Namespace) -> int:
    found = capability(_readings(options.file), lower=options.lower, target=options.target, upper=options.upper)
    if found.reason:
        print(found.reason)
        return 0
    print(
        f"n {found.n}, mean {found.mean:.6g}, spread within {found.sigma_within:.6g} ({found.within_method}), overall {found.sigma_overall:.6g}"
    )
    for name in ("cp", "cpk", "pp", "ppk", "cpm"):
        value, interval = getattr(found, name), getattr(found, f"{name}_interval", None)
        bounds = "" if interval is None else f"  ({found.confidence:.0%}: {interval[0]:.3f} to {interval[1]:.3f})"
        print(f"{name.capitalize():<4} {f'{value:.4f}' if value is not None else f'none: {found.reasons[name]}'}{bounds}")
    return 0


def _readings(name: str) -> list[float] | list[list[float]]:
    """One number a line: single values; several a line (commas or blanks): subgroups. `-` is standard input."""
    text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
    rows = []
    for at, line in enumerate(text.splitlines(), start=1):
        try:
            numbers = [float(word) for word in line.replace(",", " ").split()]
        except ValueError:
            raise ValueError(f"{name}, line {at}: {line.strip()!r} is not numbers") from None
        if numbers:
            rows.append(numbers)
    return [row[0] for row in rows] if all(len(row) == 1 for row in rows) else rows


def _colour(options: argparse.Namespace) -> int:
    reference, sample = _lab("the reference", options.reference), _lab("the sample", options.sample)
    print(f"CIEDE2000 {float(ciede2000(reference, sample)):.4f}")
    print(f"CMC(2:1)  {float(cmc(reference=reference, sample=sample, lightness=2.0, chroma=1.0)):.4f}")
    print(f"CIE76     {float(cie76(reference, sample)):.4f}")
    print("differences L*, a*, b*: " + ", ".join(f"{b - a:+.3f}" for a, b in zip(reference, sample, strict=True)))
    return 0


def _lab(name: str, text: str) -> list[float]:
    try:
        found = [float(word) for word in text.split(",")]
    except ValueError:
        found = []
    if len(found) != 3:
        raise ValueError(f"{name} is {text!r}: must be L*,a*,b* as three numbers with commas, e.g. 62.5,3.1,-4.0")
    return found


def _verify(options: argparse.Namespace) -> int:
    found = verify(Path(options.folder))
    for line in found.lines():
        print(line)
    return 0 if found.ok else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m qualitystats", description="The numbers of quality, from the command line.")
    questions = parser.add_subparsers(dest="question", required=True)

    def question(name: str, words: str, answer: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        added = questions.add_parser(name, help=words, description=words)
        added.set_defaults(answer=answer)
        return added

    plan = question("plan", "single sampling plan of a lot", _plan)
    plan.add_argument("--lot", type=int, required=True, help="number of items")
    plan.add_argument("--level", default="II", help=", ".join(LEVELS))
    plan.add_argument("--aql", required=True, help="a preferred AQL, e.g. 2.5")
    plan.add_argument("--severity", default="normal", help=", ".join(SEVERITIES))
    oc = question("oc", "how probably a plan accepts a lot", _oc)
    oc.add_argument("--n", type=int, required=True, help="sample size")
    oc.add_argument("--ac", type=int, required=True, help="acceptance number")
    oc.add_argument("--fraction", type=float, help="one share nonconforming instead of the curve")
    oc.add_argument("--kind", default="binomial", help="binomial, poisson, hypergeometric")
    oc.add_argument("--lot", type=int, help="lot size, for hypergeometric")
    fit = question("capability", "Cp, Cpk, Pp, Ppk of the numbers in a file", _capability)
    fit.add_argument("--lower", type=float)
    fit.add_argument("--target", type=float)
    fit.add_argument("--upper", type=float)
    fit.add_argument("file", metavar="FILE", help="one value a line, or one subgroup a line; - reads standard input")
    colour = question("colour", "colour difference of two L*,a*,b* (write -- before them when one begins with a minus)", _colour)
    colour.add_argument("reference", metavar="L,a,b")
    colour.add_argument("sample", metavar="L,a,b")
    held = question("verify", "hold the package against reference files: the validation report", _verify)
    held.add_argument("folder", metavar="DIR")
    return parser


if __name__ == "__main__":
    sys.exit(main())
