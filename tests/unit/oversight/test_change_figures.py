"""A change of shares is said in percentage points."""

from django.utils.translation import override

from oversight.change_figures import interval_words
from oversight.models import ResearchProject
from qualitystats.before_after import Difference


def test_a_difference_of_shares_is_in_percentage_points_and_a_mean_in_its_own_unit():
    found = Difference(5, 5, difference=0.6, low=-0.05, high=0.73)

    with override("en"):
        assert interval_words(ResearchProject(kind="ordinal"), found) == "+60 (\u22125 … +73) percentage points"
        assert interval_words(ResearchProject(kind="numeric"), found) == "+0.6 (\u22120.05 … +0.73)"
