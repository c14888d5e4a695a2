"""What a verdict rests on: lines under each account, with labels no wider than they need to be."""

from rich.style import Style
from rich.text import Text

from tui.text import safe
from tui.widgets.diff import Diff, Line

HEAD = "C-"


class Evidence(Diff):
    """A difference without changes; the line of an account stands out."""

    @property
    def _label_width(self) -> int:
        return max((len(safe(line.label)) for line in self.lines), default=0) + 2

    def _value(self, line: Line) -> Text:
        text = super()._value(line)
        if HEAD in line.label:
            text.stylize(Style(bold=True))
        return text
