"""A Word document as far as our papers go: lines of set words, pictures, and tables."""

from dataclasses import dataclass
from enum import StrEnum

# Stand in the words where the number of the page and of all pages goes.
PAGE, PAGES = "\uf8f1", "\uf8f2"


class Side(StrEnum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Set:
    """How words are set."""

    size_pt: float = 10.5
    is_bold: bool = False
    is_underlined: bool = False
    is_serif: bool = True
    color: tuple[int, int, int] = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Words:
    """A stretch of words set alike; a new line inside is a new line."""

    text: str
    set: Set = Set()


@dataclass(frozen=True, slots=True)
class Image:
    """A picture standing in the line."""

    content: bytes
    width_mm: float
    height_mm: float
    description: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph. `spacing` is a multiple of the words' height, or a height with `exact_mm`."""

    pieces: tuple[Words | Image, ...]
    side: Side = Side.LEFT
    left_mm: float = 0
    right_mm: float = 0
    first_mm: float = 0
    before_mm: float = 0
    after_mm: float = 0
    spacing: float = 1
    exact_mm: float = 0
    size_pt: float = 10.5
    on_new_page: bool = False

    @property
    def text(self) -> str:
        """Return the words without their setting."""
        return "".join(each.text for each in self.pieces if isinstance(each, Words))

    @property
    def is_strong(self) -> bool:
        """Tell whether all of it is bold."""
        words = [each for each in self.pieces if isinstance(each, Words) and each.text.strip()]
        return bool(words) and all(each.set.is_bold for each in words)

    @property
    def largest_pt(self) -> float:
        """Return the size of the largest words."""
        sizes = [each.set.size_pt for each in self.pieces if isinstance(each, Words)]
        return max(sizes, default=self.size_pt)

    @property
    def images(self) -> tuple[Image, ...]:
        """Return the pictures."""
        return tuple(each for each in self.pieces if isinstance(each, Image))


@dataclass(frozen=True, slots=True)
class Cell:
    """A field over one or more columns; what goes on from above has no upper line."""

    lines: tuple[Line, ...]
    width_mm: float
    fill: tuple[int, int, int] | None = None
    goes_on_above: bool = False
    goes_on_below: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row; `is_head` stands again on every page."""

    cells: tuple[Cell, ...]
    is_head: bool = False
    least_mm: float = 0


@dataclass(frozen=True, slots=True)
class Table:
    """Rows, with lines around the cells or without."""

    rows: tuple[Row, ...]
    has_lines: bool = True
    side: Side = Side.LEFT


Block = Line | Table


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document: the size of its pages, what stands on each, and what runs through them."""

    width_mm: float
    height_mm: float
    top_mm: float
    bottom_mm: float
    left_mm: float
    right_mm: float
    head_mm: float
    foot_mm: float
    head: tuple[Block, ...]
    foot: tuple[Block, ...]
    blocks: tuple[Block, ...]

    @property
    def room_mm(self) -> float:
        """Return how wide the words may run."""
        return self.width_mm - self.left_mm - self.right_mm
