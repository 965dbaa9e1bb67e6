"""The tree of a lot as boxes and threads: nothing covers anything, and every thread ends at its boxes."""

from itertools import combinations

from inspections.descent_drawing import GAP_Y, HIGH, WIDE, Thing, Thread, drawing_of, short


def things(*keys: str) -> dict[str, Thing]:
    return {key: Thing(key, key, "纱") for key in keys}


def corner(drawing, key: str) -> tuple[int, int]:
    return next((box.x, box.y) for box in drawing.boxes if box.thing.key == key)


def test_what_it_was_made_of_stands_left_and_what_became_of_it_right():
    known = things("yarn", "dye", "lot", "part")
    threads = [Thread("yarn", "lot", "up", 1), Thread("dye", "lot", "up", 1), Thread("lot", "part", "down", 1)]

    drawing = drawing_of(known["lot"], known, threads)

    assert corner(drawing, "yarn")[0] == corner(drawing, "dye")[0] < corner(drawing, "lot")[0] < corner(drawing, "part")[0]
    assert corner(drawing, "dye")[1] - corner(drawing, "yarn")[1] == HIGH + GAP_Y
    assert [box.thing.key for box in drawing.boxes if box.is_middle] == ["lot"]
    x, y = corner(drawing, "yarn")
    assert any(path.startswith(f"M{x + WIDE} {y + HIGH // 2}C") for path in drawing.threads)


def test_a_lot_reached_on_two_ways_is_drawn_once_with_both_threads():
    known = things("bale", "yarn-1", "yarn-2", "lot")
    threads = [
        Thread("yarn-1", "lot", "up", 1), Thread("yarn-2", "lot", "up", 1), Thread("bale", "yarn-1", "up", 2), Thread("bale", "yarn-2", "up", 2),
    ]  # fmt: skip

    drawing = drawing_of(known["lot"], known, threads)

    assert sorted(box.thing.key for box in drawing.boxes) == ["bale", "lot", "yarn-1", "yarn-2"]
    assert len(drawing.threads) == 4


def test_no_box_covers_another_and_all_lie_within_the_drawing():
    known = things("lot", *(f"u{n}" for n in range(7)), *(f"d{n}" for n in range(9)), *(f"e{n}" for n in range(3)))
    threads = [Thread(f"u{n}", "lot", "up", 1) for n in range(7)] + [Thread("lot", f"d{n}", "down", 1) for n in range(9)]
    threads += [Thread(f"d{n * 3}", f"e{n}", "down", 2) for n in range(3)]

    drawing = drawing_of(known["lot"], known, threads)

    for one, two in combinations(drawing.boxes, 2):
        assert abs(one.x - two.x) >= WIDE or abs(one.y - two.y) >= HIGH
    assert all(0 <= box.x <= drawing.width - WIDE and 0 <= box.y <= drawing.height - HIGH for box in drawing.boxes)
    assert len(drawing.boxes) == len(known)


def test_words_are_cut_to_what_a_box_holds():
    assert short("YZ2603-001") == "YZ2603-001"
    assert short("宁波岚彩印染有限公司（示例）") == "宁波岚彩印染有限公…"
    assert short("A" * 30) == "A" * 19 + "…"
