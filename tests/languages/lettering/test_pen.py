from __future__ import annotations

from itertools import product

import pytest
from PIL import Image, ImageChops

from comptoir.languages.lettering import pen
from comptoir.languages.lettering.faces import Face, face_of
from comptoir.languages.lettering.pen import Room

CELL = Room(1, 12, 24)


def face(cluster: str) -> Face:
    found = face_of(cluster, "SC", wide=False)
    assert found is not None
    return found


def drawn(text: str, room: Room = CELL, bold: bool = False, right_to_left: bool = False) -> Image.Image:
    return pen.draw(text, face(text[0]), room, bold, right_to_left)


def ink(picture: Image.Image) -> int:
    return picture.histogram()[-1]


def top_and_bottom(picture: Image.Image) -> tuple[int, int]:
    box = picture.getbbox()
    assert box is not None
    return box[1], box[3]


def test_letters_of_all_scripts_stand_on_one_base_line() -> None:
    bottoms = {letter: top_and_bottom(drawn(letter, Room(2, 12, 24)))[1] for letter in "HEЖΩאἜ"}
    assert set(bottoms.values()) == {19}, bottoms


@pytest.mark.parametrize(
    "text", ["Ṥ", "Å", "Ẫ", "j", "q\u0303", "ش", "جمع", "لإ", "ि", "क्षि", "ปั๊", "日", "ញ្ញំ", "🍕", "ത്രേ"]
)
@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("cells", [1, 2, 5])
def test_nothing_is_cut_off(text: str, bold: bool, cells: int) -> None:
    """The outlines stay in the cells but for the soft edge of half a dot."""
    shape = pen._shape(text, face(text[0]), bold, False)
    x_scale, y_scale, left, base = pen._placed(shape, face(text[0]), cells * 12, text, False)
    assert shape.top * y_scale <= base + 0.5
    assert -shape.bottom * y_scale <= 24 - base + 0.5
    assert left + shape.left * x_scale >= -0.01
    assert left + shape.right * x_scale <= cells * 12 + 0.01


def test_a_word_that_reaches_low_is_lifted_rather_than_made_lower() -> None:
    low, plain = (pen._shape(word, face("ع"), False, True) for word in ("جمع", "باد"))
    placed = pen._placed(low, face("ع"), 36, "جمع", True), pen._placed(plain, face("ع"), 36, "باد", True)
    assert placed[0][1] == placed[1][1] == 1
    assert 15 < placed[0][3] < placed[1][3] == 17


def test_a_word_that_is_too_long_is_narrowed_into_its_cells() -> None:
    word = "മലയാളം"
    assert drawn(word, Room(2, 12, 24)).size == (24, 24)
    narrow, wide = drawn(word, Room(2, 12, 24)).getbbox(), drawn(word, Room(9, 12, 24)).getbbox()
    assert narrow is not None
    assert wide is not None
    assert narrow[2] - narrow[0] >= 22
    assert wide[2] - wide[0] > 60


def test_words_begin_where_they_are_read_from() -> None:
    right, left = drawn("سلام", Room(12, 12, 24), right_to_left=True), drawn("ไทย", Room(12, 12, 24))
    assert (right.getbbox() or (0, 0, 0, 0))[2] >= 12 * 12 - 3
    assert (left.getbbox() or (99, 0, 0, 0))[0] <= 3


def test_arabic_letters_join() -> None:
    """One connected line of ink runs through the three letters: no empty column between them."""
    picture = drawn("سسس", Room(3, 12, 24), right_to_left=True)
    left, _, right, _ = picture.getbbox() or (0, 0, 0, 0)
    columns = [ink(picture.crop((x, 0, x + 1, 24))) for x in range(left, right)]
    assert all(columns)


def test_brackets_turn_in_right_to_left_text() -> None:
    assert ImageChops.difference(drawn("("), drawn(")")).getbbox()
    assert not ImageChops.difference(drawn("(", right_to_left=True), drawn(")")).getbbox()


def test_lines_of_boxes_meet() -> None:
    assert top_and_bottom(drawn("│")) == (0, 24)
    assert (drawn("─").getbbox() or ())[0::2] == (0, 12)
    assert drawn("█").getbbox() == (0, 0, 12, 24)


def test_a_mark_stands_over_its_letter() -> None:
    plain, tilde = drawn("q").getbbox(), pen.draw("q\u0303", face("ἄ"), CELL, False, False).getbbox()
    assert plain is not None
    assert tilde is not None
    assert tilde[1] < plain[1]
    assert abs((tilde[0] + tilde[2]) - (plain[0] + plain[2])) <= 4


def test_only_small_letters_are_kept() -> None:
    """Large ones would take the memory of many."""
    small, large = Room(1, 24, 24), Room(1, 96, 192)
    assert drawn("k", small) is drawn("k", small)
    assert drawn("k", large) is not drawn("k", large)


def test_larger_letters_are_smooth() -> None:
    """Drawn from outlines, not from dots: not each square of 4 × 4 dots is of one colour."""
    large = drawn("o", Room(1, 48, 96))
    squares = [large.crop((x, y, x + 4, y + 4)) for x, y in product(range(0, 48, 4), range(0, 96, 4))]
    assert any(0 < ink(square) < 16 for square in squares)


def test_bold_has_more_ink() -> None:
    assert ink(drawn("H", bold=True)) > ink(drawn("H")) * 1.2


def test_a_wide_symbol_in_one_cell_keeps_its_shape() -> None:
    left, top, right, bottom = drawn("★").getbbox() or (0, 0, 0, 0)
    assert abs((right - left) - (bottom - top)) <= 2


def test_the_box_for_what_is_missing_is_empty() -> None:
    box = pen.box(Room(2, 12, 24))
    assert box.size == (24, 24)
    assert box.getbbox() is not None
    assert box.getpixel((12, 12)) == 0


@pytest.mark.parametrize("room", [Room(1, 12, 72), Room(1, 12, 192), Room(2, 12, 192), Room(1, 8, 24), Room(1, 96, 24)])
def test_the_box_is_a_box_in_narrow_and_high_rooms(room: Room) -> None:
    """A letter of normal width that is three or eight times as high: four edges, and nothing between them."""
    box = pen.box(room)
    left, top, right, bottom = box.getbbox() or (0, 0, 0, 0)
    across, down = (left + right) // 2, (top + bottom) // 2
    assert 0 < left < right < room.size[0]
    assert [
        bool(box.getpixel(at)) for at in ((left, down), (right - 1, down), (across, top), (across, bottom - 1))
    ] == [True] * 4
    assert not box.getpixel((across, down))
