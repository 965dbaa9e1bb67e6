"""The one-liners: an answer, or a sentence that says what was wrong; never a traceback."""

import pytest

from qualitystats.__main__ import main


def test_a_plan_is_told_with_both_letters_and_its_edition(capsys):
    assert main(["plan", "--lot", "1200", "--level", "I", "--aql", "0.25", "--severity", "tightened"]) == 0

    printed = capsys.readouterr().out
    assert printed.startswith("code letter G, plan letter J: inspect 80, accept on 0, do not accept on 1 (tightened, level I, AQL 0.25)\n")
    assert "ISO 2859-1:1999" in printed


def test_a_small_lot_is_inspected_whole(capsys):
    assert main(["plan", "--lot", "8", "--aql", "0.65"]) == 0

    assert "inspect all 8 (the plan's 20 reach the lot)" in capsys.readouterr().out


def test_a_disputed_cell_is_told(capsys):
    assert main(["plan", "--lot", "8", "--level", "II", "--aql", "10", "--severity", "tightened"]) == 0

    assert "AQLSchemes" in capsys.readouterr().out


def test_one_point_of_a_curve(capsys):
    assert main(["oc", "--n", "52", "--ac", "3", "--fraction", "0.03"]) == 0

    assert capsys.readouterr().out == "fraction 0.03: accepted with probability 0.929537\n"


@pytest.mark.parametrize("kind", [[], ["--kind", "poisson"], ["--kind", "hypergeometric", "--lot", "500"]])
def test_a_whole_curve_begins_at_certainty(capsys, kind):
    assert main(["oc", "--n", "80", "--ac", "5", *kind]) == 0

    assert capsys.readouterr().out.startswith("0.00000  1.0000\n")


def test_capability_of_subgroups_in_a_file(capsys, tmp_path):
    (tmp_path / "count.csv").write_text("9.0, 11.0\n10.0, 12.0\n\n8.0, 12.0\n", "utf-8")

    assert main(["capability", "--lower", "4", "--upper", "16", str(tmp_path / "count.csv")]) == 0

    printed = capsys.readouterr().out
    assert printed.startswith("n 6, mean 10.3333,")
    assert "Cpm  none: no target stated" in printed


def test_no_capability_is_told_with_its_reason(capsys, tmp_path):
    (tmp_path / "still.txt").write_text("5\n5\n5\n", "utf-8")

    assert main(["capability", "--upper", "6", str(tmp_path / "still.txt")]) == 0

    assert capsys.readouterr().out == "zero spread: nothing can be said\n"


def test_a_colour_difference(capsys):
    assert main(["colour", "50,2.6772,-79.7751", "50,0,-82.7485"]) == 0

    assert "CIEDE2000 2.0425" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["plan", "--lot", "1", "--aql", "2.5"], "lot_size is 1.0: must be >= 2"),
        (["plan", "--lot", "100", "--aql", "2.6"], "aql is '2.6': must be one of"),
        (["oc", "--n", "10", "--ac", "0", "--kind", "hypergeometric"], "lot_size is None"),
        (["oc", "--n", "10", "--ac", "0", "--fraction", "nan"], "fraction is nan: must be finite"),
        (["colour", "50,2", "50,0,0"], "the reference is '50,2': must be L*,a*,b*"),
        (["capability", "--upper", "5", "no-such-file"], "no-such-file"),
        (["verify", "no-such-folder"], "folder is 'no-such-folder'"),
    ],
)
def test_a_question_that_cannot_be_answered_ends_with_2_and_a_sentence(capsys, words, said):
    assert main(words) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert said in printed.err
    assert len(printed.err.splitlines()) == 1


def test_a_line_that_is_not_numbers_is_named(capsys, tmp_path):
    (tmp_path / "x.txt").write_text("9\nten\n", "utf-8")

    assert main(["capability", "--upper", "6", str(tmp_path / "x.txt")]) == 2

    assert "line 2: 'ten' is not numbers" in capsys.readouterr().err
