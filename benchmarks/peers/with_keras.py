"""Keras on PyTorch, as its guide shows it: compile once, then fit."""

import os

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras
from keras import layers

from benchmarks.workloads import Workload

keras.config.set_floatx("float64")
OUTPUTS = {
    0: ("linear", "mean_squared_error"),
    2: ("sigmoid", "binary_crossentropy"),
}


def fits(work: Workload):
    """A function that trains on for so many epochs; what compiles is compiled before."""
    X, y = work.data()
    output, loss = OUTPUTS.get(work.classes, ("softmax", "sparse_categorical_crossentropy"))
    hidden: list[layers.Layer] = []
    for units in work.sizes[1:-1]:
        hidden += [layers.Dense(units, work.activation)]
        hidden += [layers.Dropout(work.dropout)] if work.dropout else []
    shape = keras.Input(work.sizes[:1])
    model = keras.Sequential([shape, *hidden, layers.Dense(work.sizes[-1], output)])
    rule = {"sgd": keras.optimizers.SGD, "adam": keras.optimizers.Adam}[work.optimizer]
    model.compile(rule(work.rate), loss)

    def fit(epochs: int) -> None:
        model.fit(X, y, batch_size=work.batch, epochs=epochs, verbose=0)

    return fit
