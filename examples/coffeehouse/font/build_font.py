"""Draws the coffeehouse font: the dots of a receipt printer, 5 by 7.

    pip install fonttools brotli
    python font/build_font.py stores/static/stores/fonts/receipt.woff2

The outlines are this project's own work, under its licence (Apache-2.0).
"""

import sys

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

UNITS, CELL, RADIUS, BASELINE_ROW = 1000, 120, 56, 6
WIDTH = 6 * CELL
EPOCH = 2082844800  # 1970 in the seconds of a font file: the same bytes from every build

# Seven rows from the top, five columns each, the leftmost in the highest bit.
ROWS = {
    "A": (14, 17, 17, 31, 17, 17, 17), "B": (30, 17, 17, 30, 17, 17, 30), "C": (14, 17, 16, 16, 16, 17, 14),
    "D": (30, 17, 17, 17, 17, 17, 30), "E": (31, 16, 16, 30, 16, 16, 31), "F": (31, 16, 16, 30, 16, 16, 16),
    "G": (14, 17, 16, 23, 17, 17, 15), "H": (17, 17, 17, 31, 17, 17, 17), "I": (14, 4, 4, 4, 4, 4, 14),
    "J": (7, 2, 2, 2, 2, 18, 12), "K": (17, 18, 20, 24, 20, 18, 17), "L": (16, 16, 16, 16, 16, 16, 31),
    "M": (17, 27, 21, 21, 17, 17, 17), "N": (17, 25, 21, 19, 17, 17, 17), "O": (14, 17, 17, 17, 17, 17, 14),
    "P": (30, 17, 17, 30, 16, 16, 16), "Q": (14, 17, 17, 17, 21, 18, 13), "R": (30, 17, 17, 30, 20, 18, 17),
    "S": (15, 16, 16, 14, 1, 1, 30), "T": (31, 4, 4, 4, 4, 4, 4), "U": (17, 17, 17, 17, 17, 17, 14),
    "V": (17, 17, 17, 17, 17, 10, 4), "W": (17, 17, 17, 21, 21, 27, 17), "X": (17, 17, 10, 4, 10, 17, 17),
    "Y": (17, 17, 10, 4, 4, 4, 4), "Z": (31, 1, 2, 4, 8, 16, 31), "0": (14, 17, 19, 21, 25, 17, 14),
    "1": (4, 12, 4, 4, 4, 4, 14), "2": (14, 17, 1, 6, 8, 16, 31), "3": (14, 17, 1, 6, 1, 17, 14),
    "4": (2, 6, 10, 18, 31, 2, 2), "5": (31, 16, 30, 1, 1, 17, 14), "6": (6, 8, 16, 30, 17, 17, 14),
    "7": (31, 1, 2, 4, 8, 8, 8), "8": (14, 17, 17, 14, 17, 17, 14), "9": (14, 17, 17, 15, 1, 2, 12),
    " ": (0, 0, 0, 0, 0, 0, 0), ".": (0, 0, 0, 0, 0, 0, 4), ",": (0, 0, 0, 0, 0, 4, 8),
    ":": (0, 0, 4, 0, 4, 0, 0), "-": (0, 0, 0, 14, 0, 0, 0), "+": (0, 4, 4, 31, 4, 4, 0),
    "/": (1, 1, 2, 4, 8, 16, 16), "!": (4, 4, 4, 4, 4, 0, 4), "?": (14, 17, 1, 2, 4, 0, 4), "'": (4, 4, 0, 0, 0, 0, 0),
    "&": (12, 18, 20, 8, 21, 18, 13), "(": (2, 4, 8, 8, 8, 4, 2), ")": (8, 4, 2, 2, 2, 4, 8),
}


def dot():
    """One pin of the printer: an octagon reads as a circle at this size, and costs eight points."""
    pen = TTGlyphPen(None)
    side = RADIUS * 0.4142
    around = [(RADIUS, side), (RADIUS, -side), (side, -RADIUS), (-side, -RADIUS),
              (-RADIUS, -side), (-RADIUS, side), (-side, RADIUS), (side, RADIUS)]
    pen.moveTo(tuple(round(value) for value in around[0]))
    for point in around[1:]:
        pen.lineTo(tuple(round(value) for value in point))
    pen.closePath()
    return pen.glyph()


def drawn(rows):
    """A character: the same dot, once per pin that strikes."""
    pen = TTGlyphPen({"dot": None})
    for row, bits in enumerate(rows):
        for column in range(5):
            if bits & (16 >> column):
                x = column * CELL + CELL // 2
                y = (BASELINE_ROW - row) * CELL + RADIUS
                pen.addComponent("dot", (1, 0, 0, 1, x, y))
    return pen.glyph()


def left_edge(font, glyph):
    """The left side bearing must be where the outline begins, or the character is moved."""
    glyph.recalcBounds(font.font["glyf"])
    return getattr(glyph, "xMin", 0)


def build(path):
    names = {character: f"uni{ord(character):04X}" for character in ROWS}
    glyphs = {".notdef": drawn((31, 17, 17, 17, 17, 17, 31)), "dot": dot()}
    glyphs.update((names[character], drawn(rows)) for character, rows in ROWS.items())
    # The printer has capitals only.
    characters = {ord(each): name for character, name in names.items() for each in {character, character.lower()}}
    font = FontBuilder(UNITS, isTTF=True)
    font.setupGlyphOrder(list(glyphs))
    font.setupCharacterMap(characters)
    font.setupGlyf(glyphs)
    font.setupHorizontalMetrics({name: (WIDTH, left_edge(font, glyph)) for name, glyph in glyphs.items()})
    font.setupHorizontalHeader(ascent=880, descent=-120)
    font.setupOS2(sTypoAscender=880, sTypoDescender=-120, usWinAscent=880, usWinDescent=120)
    font.setupNameTable({"familyName": "Receipt", "styleName": "Regular",
                         "copyright": "The appserve authors, Apache-2.0"})
    font.setupPost(keepGlyphNames=False)
    font.setupHead(unitsPerEm=UNITS, created=EPOCH, modified=EPOCH)
    font.font.recalcTimestamp = False
    font.font.flavor = "woff2"
    font.save(path)


if __name__ == "__main__":
    build(sys.argv[1])
