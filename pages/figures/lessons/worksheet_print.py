"""A worksheet on paper: one HTML file with empty boxes, and another one with the key.

A file needs nothing else: no script, no font, no address. Its formulas are plain text.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from engine.language import language, tr
from engine.worksheets import GROUPS, QUANTITIES, Worksheet, formulas_of, right_values
from pages.figures.lessons.worksheet_network import worksheet_in_words, worksheet_svg
from pages.figures.lessons.worksheet_text import HINTS, NOTES, cell_label, given_table, plain_number

KEY_DIGITS = 5
STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.45 system-ui, sans-serif; color: #1f2430; background: #fff;
  max-width: 50rem; margin: 1.5rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin: 1.4rem 0 .2rem; }
p { margin: .2rem 0; } .link { overflow-wrap: anywhere; font-size: .8rem; }
.given { display: flex; flex-wrap: wrap; gap: 1rem 2rem; align-items: center; }
.given svg { max-width: 100%; height: auto; }
th { text-align: left; font-weight: 600; padding-right: 1rem; vertical-align: top; }
.quantity { break-inside: avoid; margin: .7rem 0; }
.boxes { display: flex; flex-wrap: wrap; gap: .5rem 1rem; margin-top: .3rem; }
.box { display: flex; align-items: center; gap: .4rem; }
.box b { font-weight: 400; } .box span { display: inline-block; min-width: 5.5rem;
  min-height: 1.6rem; border: 1px solid #1f2430; border-radius: 3px; padding: 0 .4rem; }
@page { margin: 15mm; }
@media print { body { margin: 0; max-width: none; padding: 0; } h2 { break-after: avoid; } }
"""


def worksheet_html(sheet: Worksheet, with_key: bool, address: str = "") -> str:
    """Return a worksheet as a HTML file, with empty boxes or with the right numbers in them."""
    title = tr("Worksheet: key") if with_key else tr("Worksheet")
    facts = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(text)}</td></tr>"
        for name, text in given_table(sheet)
    )
    name = "" if with_key else f"<p>{tr('Name')}: ______________________________</p>"
    link = f'<p class="link">{escape(address)}</p>' if address else ""
    picture = worksheet_svg(sheet, "#ffffff", "#1f2430")
    task = tr("Compute one training step by hand. Round to at least 3 decimal places.")
    return (
        f'<!doctype html><html lang="{language()}"><head><meta charset="utf-8">'
        f'<title>{title}</title><meta name="viewport" content="width=device-width">'
        f"<style>{STYLE}</style></head><body>"
        f"<h1>{title}</h1>{name}<p>{task}</p>"
        f'<div class="given"><div role="img" aria-label="{worksheet_in_words(sheet)}">'
        f"{picture}</div><table>{facts}</table></div>{''.join(sections(sheet, with_key))}{link}"
        "</body></html>"
    )


def sections(sheet: Worksheet, with_key: bool) -> Iterator[str]:
    """Yield the parts of a worksheet with the boxes of each quantity."""
    formulas, right = formulas_of(sheet), right_values(sheet)
    for group in GROUPS:
        yield f"<h2>{tr(group)}</h2><p>{escape(tr(HINTS[group]))}</p>"
        for name in (one.name for one in QUANTITIES.values() if one.group == group):
            texts = "<br>".join(escape(one.text) for one in formulas[name])
            boxes = "".join(
                box(
                    cell_label(sheet, cell),
                    plain_number(right[name][cell.row, cell.column], KEY_DIGITS)
                    if with_key
                    else "",
                )
                for cell in sheet.cells(group)
                if cell.quantity == name
            )
            note = f"<br>{escape(tr(NOTES[name]))}" if name in NOTES else ""
            boxes = f'<div class="boxes">{boxes}</div>'
            yield f'<div class="quantity"><p>{texts}{note}</p>{boxes}</div>'


def key_of(value: float) -> str:
    """Return a right number as the key has it."""
    return plain_number(float(value), KEY_DIGITS)


def box(label: str, text: str) -> str:
    """Return one box with its label."""
    return f'<div class="box"><b>{escape(label)}</b><span>{escape(text)}</span></div>'
