"""What stands for folded lines."""

from __future__ import annotations

from refiner_desktop.ui.amounts import counted
from refiner_desktop.ui.widgets.text_view.outline import Outline
from refiner_desktop.ui.widgets.text_view.painter import FoldNote

_LONGEST_TAIL = 2


def fold_note(outline: Outline, region: int) -> FoldNote:
    """Say how much a region hides; its closing bracket comes along where its line is hidden."""
    structure, regions = outline.structure, outline.regions
    opener, closer = int(regions.openers[region]), int(regions.closers[region])
    count = structure.member_count(opener, closer)
    kind = "item" if structure.data[opener : opener + 1] == b"[" else "key"
    tail = ""
    if regions.whole[region]:
        after = structure.data[closer : closer + _LONGEST_TAIL].partition(b"\n")[0]
        tail = after.decode("ascii", "replace").rstrip()
    return FoldNote(counted(count, kind), tail)
