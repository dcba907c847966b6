"""Number format: numbers as people read them, by default with three significant digits.

Thin spaces between thousands, a real minus sign, and powers of ten only if a plain number would be
long.
"""

from __future__ import annotations

from math import floor, isinf, isnan, log10

THIN = "\u202f"  # a thin space that does not break the line
MINUS = "\u2212"
NOTHING = "–"  # for a missing number
_UP = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_DOWN = str.maketrans("0123456789-", "₀₁₂₃₄₅₆₇₈₉₋")


def number(value: float, digits: int = 3) -> str:
    """Return `value` in short: 0.693, −1.2, 12 400, 4.1e−5; "–" for nan."""
    if isnan(value):
        return NOTHING
    sign = MINUS if value < 0 else ""
    if isinf(value):
        return f"{sign}∞"
    size = float(f"{abs(value):.{digits - 1}e}")  # rounded first, so that 999 999 becomes 1e6
    if size == 0:
        return "0"
    if not 1e-3 <= size < 1e6:
        mantissa, exponent = f"{size:.{digits - 1}e}".split("e")
        power = str(int(exponent)).replace("-", MINUS)
        return f"{sign}{_bare(mantissa)}e{power}"
    decimals = max(0, digits - 1 - floor(log10(size)))
    return sign + _bare(f"{size:,.{decimals}f}").replace(",", THIN)


def _bare(digits: str) -> str:
    """Return a decimal without the zeros at its end."""
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def count(value: int) -> str:
    """Return a whole number with thin spaces between the thousands."""
    return f"{value:,}".replace(",", THIN).replace("-", MINUS)


def superscript(value: int) -> str:
    """Return ⁽¹⁾ for 1: the layer in W⁽¹⁾. In parentheses, since a bare ² would be a power."""
    return f"⁽{str(value).translate(_UP)}⁾"


def subscript(value: int) -> str:
    """Return ₁ for 1: the input in x₁."""
    return str(value).translate(_DOWN)


def percent(share: float) -> str:
    """Return a share as a percentage; only 0 is "0 %" and only 1 is "100 %"."""
    if isnan(share):
        return NOTHING
    if 0 < share < 0.005:
        return f"<1{THIN}%"
    if 0.995 <= share < 1:
        return f">99{THIN}%"
    return f"{share * 100:.0f}{THIN}%"
