"""Start weights of the worked examples, number by number, so that their results are known.

One entry per network: for each layer W as rows, one row per unit it enters, and b. Sources: Mazur
(2015), A Step by Step Backpropagation Example; Nielsen, Neural Networks and Deep Learning, ch. 3;
Goodfellow, Bengio & Courville, Deep Learning, 6.1. The other XOR starts were found by trial.
"""

from engine.training import Start, add_starts

GIVEN_WEIGHTS: dict[str, Start] = {
    "mazur": (
        (((0.15, 0.20), (0.25, 0.30)), (0.35, 0.35)),
        (((0.40, 0.45), (0.50, 0.55)), (0.60, 0.60)),
    ),
    "linear_neuron": ((((3.0,),), (1.0,)),),
    "line_zero": ((((0.0,),), (0.0,)),),
    "one_neuron_easy": ((((0.6,),), (0.9,)),),
    "one_neuron_hard": ((((2.0,),), (2.0,)),),
    # XOR with two hidden sigmoid units
    "xor_fast": (
        (((1.0, 1.0), (0.6, 0.7)), (-0.1, -0.6)),
        (((0.1, -0.5),), (-0.7,)),
    ),
    "xor_fast_2": (
        (((-0.9, 0.7), (0.7, -0.7)), (0.1, -0.5)),
        (((0.0, 0.1),), (-0.8,)),
    ),
    "xor_late_a": (
        (((-0.1, 0.7), (-0.7, -0.3)), (-0.4, 0.9)),
        (((-0.4, -0.6),), (-0.2,)),
    ),
    "xor_late_b": (
        (((-0.2, -0.2), (0.4, 0.4)), (-0.5, -0.3)),
        (((0.5, -0.1),), (0.0,)),
    ),
    "xor_stuck_347": (
        (((-0.8, -0.8), (0.0, -0.9)), (-0.3, -0.6)),
        (((0.0, 0.9),), (-0.6,)),
    ),
    "xor_stuck_477": (
        (((-0.5, -0.4), (-0.9, 0.1)), (-0.9, -0.4)),
        (((-0.5, -0.7),), (0.6,)),
    ),
    "xor_hand_made": (  # OR and NAND below, AND above
        (((20.0, 20.0), (-20.0, -20.0)), (-10.0, 30.0)),
        (((20.0, 20.0),), (-30.0,)),
    ),
    "xor_goodfellow": (  # ReLU units and a linear output; solves XOR exactly
        (((1.0, 1.0), (1.0, 1.0)), (0.0, -1.0)),
        (((1.0, -2.0),), (0.0,)),
    ),
}

add_starts(GIVEN_WEIGHTS)
