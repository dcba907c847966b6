"""The worksheet of a published example."""

from __future__ import annotations

from engine.worksheets.sheet import Worksheet

MAZUR_WORKSHEET = Worksheet(  # Mazur (2015), A Step by Step Backpropagation Example
    x=((0.05, 0.10),),
    y=((0.01, 0.99),),
    W1=((0.15, 0.20), (0.25, 0.30)),
    b1=(0.35, 0.35),
    W2=((0.40, 0.45), (0.50, 0.55)),
    b2=(0.60, 0.60),
)
