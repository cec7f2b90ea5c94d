"""What an author is told of a widget that lacks something."""

import pytest
import traitlets

from military_diplomacy.widgets import Reassurance
from military_diplomacy.widgets.course_widget import CourseWidget

ASKED = {"ask": "Which?", "options": ["one", "two"], "right": 1, "because": "It does."}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"right": 2}, "expected `right` as the index of the option that holds, from 0 to 1, found 2"),
        ({"right": "two"}, "from 0 to 1, found 'two'"),
        ({"hint": "Look."}, r"expected the keys .*'right'\], found .*'hint'"),
    ],
)
def test_a_prediction_that_cannot_hold_is_refused(change, words):
    assert Reassurance(predict=ASKED).predict == ASKED
    with pytest.raises(traitlets.TraitError, match=words):
        Reassurance(predict=ASKED | change)


def test_a_widget_without_a_table_is_refused_and_named(monkeypatch):
    class Bare(CourseWidget):
        _esm = "export default { render() {} }"

    monkeypatch.setenv("MILITARY_DIPLOMACY_BOOK", "1")
    with pytest.raises(NotImplementedError, match="Bare must say what stands in its place"):
        Bare()._repr_mimebundle_()
