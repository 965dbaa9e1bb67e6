"""A series told event by event is the kernel's replay, however it is written down between two lots, and a correction is a telling anew."""

from hypothesis import given, settings
from hypothesis import strategies as st

from inspections.switching import AUTHORISED, LOT, RESUMED, TERMS, UNAUTHORISED, Course, Event, Terms, replayed, told
from qualitystats.sampling import InspectedLot, SwitchingState

TERMS_OF = Terms("2.5", "II", switches=True)
LOTS = st.builds(
    Event,
    kind=st.just(LOT),
    terms=st.none(),
    lot_size=st.sampled_from([40, 300, 1200, 9000]),
    found=st.integers(0, 9),
    original=st.booleans(),
    steady=st.booleans(),
)
WORDS = st.sampled_from(
    [
        Event(RESUMED),
        Event(AUTHORISED),
        Event(UNAUTHORISED),
        Event(TERMS, terms=Terms("4.0", "I", switches=True)),
        Event(TERMS, terms=TERMS_OF),
    ]
)
STORIES = st.lists(st.one_of(LOTS, LOTS, LOTS, WORDS), max_size=60).map(lambda events: [Event(TERMS, terms=TERMS_OF), *events])


@settings(max_examples=50)
@given(st.lists(LOTS, max_size=60), st.booleans())
def test_lots_alone_are_the_kernels_own_replay(lots, authorised):
    begin = [Event(TERMS, terms=TERMS_OF)] + ([Event(AUTHORISED)] if authorised else [])
    course, answers = replayed("major", begin + lots)
    state = SwitchingState.start(aql="2.5", level="II", reduced_authorised=authorised)
    for event, answer in zip(lots, answers[len(begin) :], strict=True):
        state = state.after(InspectedLot(event.found, event.lot_size, event.original, event.steady))
        assert state.step is not None
        assert (answer.severity, answer.severity_after, answer.accepted, answer.code, answer.score) == (
            state.step.severity, state.step.severity_after, state.step.accepted, state.step.code, state.step.switching_score_after,
        )  # fmt: skip
    assert course is not None and course.severity == state.severity


@settings(max_examples=50)
@given(STORIES)
def test_written_down_between_any_two_events_it_goes_on_as_if_it_had_not_been(events):
    course, answers = replayed("major", events)
    written: Course | None = None
    for event, answer in zip(events, answers, strict=True):
        if event.kind == RESUMED and written is not None and not written.is_stopped:
            continue
        written, again = told(Course.read("major", written.kept()) if written else None, "major", event)
        assert again == answer
    assert course is not None and written is not None and written.kept() == course.kept()


@settings(max_examples=50)
@given(STORIES, st.data())
def test_a_correction_leaves_all_before_it_as_it_was(events, data):
    at = data.draw(st.integers(1, len(events)))
    if at == len(events) or events[at].kind != LOT:
        return
    changed = [*events]
    changed[at] = data.draw(LOTS)
    assert replayed("major", changed)[1][:at] == replayed("major", events)[1][:at]


@settings(max_examples=30)
@given(st.lists(LOTS, min_size=1, max_size=20))
def test_without_switching_every_lot_is_inspected_normally(lots):
    course, answers = replayed("minor", [Event(TERMS, terms=Terms("4.0", "I", switches=False)), *lots])
    assert {answer.severity for answer in answers} == {"normal"} and course is not None and course.severity == "normal"
    assert all(answer.accepted == (event.found <= answer.plan.ac) for event, answer in zip(lots, answers[1:], strict=True) if answer.plan)


def test_new_terms_begin_anew_and_a_stop_outlives_them():
    stop = [Event(TERMS, terms=TERMS_OF)] + [Event(LOT, None, 1200, 9)] * 7
    course, answers = replayed("major", [*stop, Event(TERMS, terms=Terms("1.5", "II", switches=True))])
    assert course is not None and (course.segment, course.severity, answers[-1].code) == (2, "discontinued", "terms_changed")
    late, answers = replayed("major", [*stop[:4], Event(TERMS, terms=Terms("1.5", "II", switches=True)), Event(TERMS, terms=TERMS_OF)])
    assert late is not None and (late.segment, late.severity, answers[-1].code) == (1, "tightened", "terms_back")
    eased, _answers = replayed("major", [*stop[:3], Event(TERMS, terms=Terms("4.0", "II", switches=True))])
    assert eased is not None and (eased.severity, eased.switching.recent) == ("normal", ())
