"""Makes Inter-Regular.ttf and Inter-SemiBold.ttf, the two fonts of printed pages, from the variable font of the screen.

usage: build.py FOLDER_OF_WOFF2 OUT

The package cuts the font into subsets for browsers. Here the Latin ones become one static font a weight: figures all of
one width under the ordinary characters (times, phones and dates stand in columns), pair kerning in the plain old `kern`
table (nothing shapes text on paper, and this much needs no shaper), no hints, no layout tables.
"""

import sys
from pathlib import Path

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._k_e_r_n import KernTable_format_0
from fontTools.varLib.instancer import instantiateVariableFont

WEIGHTS = {"Regular": 400, "SemiBold": 600}
# In this order: a character is taken from the first that has it.
SUBSETS = ("latin", "latin-ext", "vietnamese")
# What names, addresses and French sentences are written with.
RANGES = ((0x20, 0x7E), (0xA0, 0x17F), (0x18F, 0x18F), (0x1A0, 0x1A1), (0x1AF, 0x1B0), (0x1CD, 0x1DC),
          (0x1E6, 0x1E7), (0x1FA, 0x21B), (0x259, 0x259), (0x1E00, 0x1EF9), (0x2010, 0x2015), (0x2018, 0x201F),
          (0x2022, 0x2022), (0x2026, 0x2026), (0x202F, 0x202F), (0x2030, 0x2030), (0x2032, 0x2033),
          (0x2039, 0x203A), (0x20AC, 0x20AC), (0x2116, 0x2116), (0x2190, 0x2193), (0x2212, 0x2212))
# Kerning between these alone, and beyond this part of an em: what the eye sees.
KERNED = {chr(c) for c in (*range(0x20, 0x7F), *range(0xC0, 0x100), 0x152, 0x153, 0x178, 0x2019, 0xAB, 0xBB, 0x2013)}
LEAST = 1 / 100
# Spaces of French typography that browsers make themselves, as a part of the ordinary space. Each has a glyph of its
# own, so that a text taken out of a page has the character that was put in.
SPACES = {0xA0: 1, 0x202F: 0.7}


def wanted(code):
    return any(first <= code <= last for first, last in RANGES)


def even_figures(font):
    """The glyph of each figure that has the width of all the others."""
    gsub = font["GSUB"].table
    swaps = {}
    for record in gsub.FeatureList.FeatureRecord:
        if record.FeatureTag == "tnum":
            for index in record.Feature.LookupListIndex:
                for table in gsub.LookupList.Lookup[index].SubTable:
                    table = getattr(table, "ExtSubTable", table)
                    swaps.update(getattr(table, "mapping", {}))
    return swaps


def advances(subtable, left, right):
    """How much a pair comes closer, from one table of pairs; None where it says nothing."""
    if left not in subtable.Coverage.glyphs:
        return None
    if subtable.Format == 1:
        for record in subtable.PairSet[subtable.Coverage.glyphs.index(left)].PairValueRecord:
            if record.SecondGlyph == right:
                return record.Value1.XAdvance if record.Value1 and hasattr(record.Value1, "XAdvance") else 0
        return None
    first = subtable.ClassDef1.classDefs.get(left, 0)
    second = subtable.ClassDef2.classDefs.get(right, 0)
    value = subtable.Class1Record[first].Class2Record[second].Value1
    return value.XAdvance if value and hasattr(value, "XAdvance") else 0


def kerning(font):
    """(left glyph, right glyph) -> units, for the pairs that show."""
    gpos, cmap = font["GPOS"].table, font.getBestCmap()
    lookups = sorted({index for record in gpos.FeatureList.FeatureRecord if record.FeatureTag == "kern"
                      for index in record.Feature.LookupListIndex})
    glyphs = [glyph for code, glyph in sorted(cmap.items()) if chr(code) in KERNED]
    pairs = {}
    for index in lookups:
        tables = [getattr(table, "ExtSubTable", table) for table in gpos.LookupList.Lookup[index].SubTable]
        for left in glyphs:
            for right in glyphs:
                for table in tables:
                    units = advances(table, left, right)
                    # The first table that covers the pair decides, even when it says nothing.
                    if units is not None:
                        if units:
                            pairs[left, right] = pairs.get((left, right), 0) + units
                        break
    least = font["head"].unitsPerEm * LEAST
    return {pair: units for pair, units in pairs.items() if abs(units) >= least}


def part(file, weight, seen, folder):
    """One subset at one weight, with the characters that no earlier one had; and its kerning."""
    font = instantiateVariableFont(TTFont(file), {"wght": weight}, inplace=True)
    swaps = even_figures(font)
    for table in font["cmap"].tables:
        for code, glyph in list(table.cmap.items()):
            if chr(code).isdecimal() and glyph in swaps:
                table.cmap[code] = swaps[glyph]
    codes = sorted(code for code in font.getBestCmap() if wanted(code) and code not in seen)
    seen.update(codes)
    pairs = kerning(font)
    options = Options(layout_features=[], hinting=False, name_IDs=[0, 1, 2, 4, 5, 6, 13, 14, 16, 17],
                      drop_tables=["GSUB", "GPOS", "GDEF", "STAT", "DSIG", "prep", "gasp"], notdef_outline=True)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    path = folder / f"{Path(file).stem}-{weight}.ttf"
    font.flavor = None
    font.save(path)
    left = set(font.getGlyphOrder())
    return str(path), {pair: units for pair, units in pairs.items() if left.issuperset(pair)}


def add_spaces(font):
    space = font.getBestCmap()[0x20]
    width, bearing = font["hmtx"][space]
    for code, share in SPACES.items():
        name = f"uni{code:04X}"
        if name not in font.getGlyphOrder():
            font.setGlyphOrder([*font.getGlyphOrder(), name])
            font["glyf"].glyphs[name] = font["glyf"][space]
        font["hmtx"][name] = (round(width * share), bearing)
        for table in font["cmap"].tables:
            table.cmap[code] = name


def whole(source, style, weight, out):
    seen, parts, pairs = set(), [], {}
    for subset in SUBSETS:
        path, more = part(source / f"inter-{subset}-wght-normal.woff2", weight, seen, out)
        parts.append(path)
        # Glyph names change where parts are joined; those of the first part stay.
        pairs = pairs or more
    font = Merger().merge(parts)
    for path in parts:
        Path(path).unlink()
    add_spaces(font)
    kern = KernTable_format_0()
    kern.coverage, kern.tupleIndex, kern.apple = 1, None, False
    kern.kernTable = {pair: round(units) for pair, units in pairs.items()}
    font["kern"] = newTable("kern")
    font["kern"].version, font["kern"].kernTables = 0, [kern]
    font["OS/2"].usWeightClass = weight
    for record in font["name"].names:
        if record.nameID in (1, 16):
            record.string = "Inter"
        elif record.nameID in (2, 17):
            record.string = style
        elif record.nameID == 4:
            record.string = f"Inter {style}"
        elif record.nameID == 6:
            record.string = f"Inter-{style}"
    # Nothing in the file says when it was made: the same sources give the same bytes.
    font["head"].created = font["head"].modified = 0
    font.recalcTimestamp = False
    file = out / f"Inter-{style}.ttf"
    font.save(file, reorderTables=True)
    print(f"{file.name}: {file.stat().st_size} bytes, {len(font.getBestCmap())} characters, {len(pairs)} pairs")


def main():
    source, out = Path(sys.argv[1]), Path(sys.argv[2])
    for style, weight in WEIGHTS.items():
        whole(source, style, weight, out)


main()
