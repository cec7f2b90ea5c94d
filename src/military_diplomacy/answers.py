"""Answers given through controls: saved as JSON beside the notebook, loaded when it is opened again, read when it is graded.

In a notebook, `Form` shows an item's controls and writes each choice at once. Test cells call `read`, which needs neither a display
nor the form. One file holds the answers of one notebook: item to question to answer, `{"acts": {"first": "signed"}}`. An answer is
a text, a number or a list of texts, and null where a question of the item is not answered.
"""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ipywidgets

from .checks import CheckError

LARGEST = 100_000  # bytes of a file of answers; ours hold less than a thousand
WIDE = {"style": {"description_width": "8.5em"}, "layout": {"width": "100%", "max_width": "46em"}}


def one_of(label: str, options: Mapping[str, str]) -> ipywidgets.Dropdown:
    """Return a control to choose one option. `options`: the answer that is saved to the text that is shown."""
    return ipywidgets.Dropdown(
        description=label, options=[("choose …", ""), *((text, answer) for answer, text in options.items())], **WIDE
    )


def some_of(label: str, options: Mapping[str, str]) -> ipywidgets.SelectMultiple:
    """Return a control to choose one or more options, all in view. `options` as for `one_of`."""
    return ipywidgets.SelectMultiple(
        description=label, options=[(text, answer) for answer, text in options.items()], rows=len(options), **WIDE
    )


def number(label: str) -> ipywidgets.Text:
    """Return a control to type a number into; 0.43 and 0,43 are the same."""
    return ipywidgets.Text(description=label, placeholder="a number, such as 0.43", continuous_update=False, **WIDE)


class Form(ipywidgets.VBox):
    """The controls of one item; every change is saved, and what was saved before is shown again.

    Args:
        file: name of the file of answers beside the notebook.
        item: name of the item in it.
        questions: question to its control: `one_of`, `some_of` or `number`.

    Raises:
        CheckError: the file is there and is no file of answers; the message says what to do.
    """

    def __init__(self, file: str, item: str, questions: Mapping[str, ipywidgets.Widget]):
        self.file, self.item, self.questions = Path(file), item, dict(questions)
        self.said = ipywidgets.HTML()
        saved = _load(self.file).get(item, {}) if self.file.exists() else {}
        for question, control in self.questions.items():
            if saved.get(question) is not None:
                _show(control, saved[question])
            control.observe(self._save, "value")
        super().__init__([*self.questions.values(), self.said])
        self._say({question: answer for question, answer in self._answers().items() if question in saved})

    def _answers(self) -> dict[str, Any]:
        return {question: _value(control) for question, control in self.questions.items()}

    def _save(self, _change: object) -> None:
        everything = _load(self.file) if self.file.exists() else {}
        everything[self.item] = self._answers()
        written = self.file.with_name(self.file.name + ".new")
        written.write_text(json.dumps(everything, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        written.replace(self.file)  # a reader sees the old file or the new one, never half of one
        self._say(everything[self.item])

    def _say(self, saved: Mapping[str, Any]) -> None:
        wrong = [
            c.description
            for c in self.questions.values()
            if isinstance(c, ipywidgets.Text) and c.value.strip() and _value(c) is None
        ]
        count = sum(answer is not None for answer in saved.values())
        note = f" In “{wrong[0]}” write one number and nothing else." if wrong else ""
        self.said.value = (
            f'<span role="status">{count} of {len(self.questions)} answers saved in {self.file.name}.{note}</span>'
        )


def read(file: str, item: str, question: str) -> str | float | list[str]:
    """Return the answer to one question, from the file beside the notebook.

    Raises:
        CheckError: there is no such file, it is no file of answers, or the question is not answered.
    """
    path = Path(file)
    answers = _load(path).get(item, {}) if path.exists() else {}
    if answers.get(question) is None:
        raise CheckError(
            f"“{question}” of the item “{item}” is not answered yet. Run the cell with the item's controls and choose there. "
            f"Your choices are saved in {path.name}, which lies beside this notebook and is handed in with it."
        )
    return answers[question]


def _load(path: Path) -> dict[str, dict[str, Any]]:
    """Return what a file of answers holds.

    Raises:
        CheckError: it is too large, no JSON, or of another form.
    """
    remedy = "Rename or delete it, run the cell with the controls again, and choose anew."
    try:
        if path.stat().st_size > LARGEST:
            raise CheckError(f"{path.name} is larger than {LARGEST:,} bytes and so no file of answers. {remedy}")
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise CheckError(
            f"{path.name} cannot be read as a file of answers ({type(error).__name__}). {remedy}"
        ) from None
    if not isinstance(found, dict) or not all(isinstance(item, dict) for item in found.values()):
        raise CheckError(f"{path.name} should hold items, each with its questions and answers. {remedy}")
    for answer in (answer for item in found.values() for answer in item.values() if answer is not None):
        parts = answer if isinstance(answer, list) else [answer]
        if any(isinstance(part, bool) or not isinstance(part, str | int | float) for part in parts):
            raise CheckError(
                f"{path.name} should hold texts, numbers and lists of texts, found {answer!r:.80}. {remedy}"
            )
    return found


def _value(control: ipywidgets.Widget) -> Any:
    """Return a control's answer as JSON holds it, None where there is none."""
    if isinstance(control, ipywidgets.SelectMultiple):
        return list(control.value) or None
    if isinstance(control, ipywidgets.Text):
        try:
            typed = float(control.value.strip().replace(",", "."))
        except ValueError:
            return None
        return typed if math.isfinite(typed) else None
    return control.value or None  # a Dropdown shows nothing at all for None, so "choose …" stands for an empty text


def _show(control: ipywidgets.Widget, answer: Any) -> None:
    """Set a control to a saved answer; one that is no longer among its options is left open."""
    options = [value for _, value in getattr(control, "options", ())]
    if isinstance(control, ipywidgets.SelectMultiple):
        control.value = [part for part in answer if part in options] if isinstance(answer, list) else []
    elif isinstance(control, ipywidgets.Text):
        control.value = str(answer)
    elif answer in options:
        control.value = answer
