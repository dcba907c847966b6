"""scikit-learn's multi-layer perceptron; it has no dropout, so it does less on D and E."""

import warnings

from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier, MLPRegressor

from benchmarks.workloads import Workload


def fits(work: Workload):
    """A function that trains a new network for so many epochs."""
    X, y = work.data()
    kind = MLPClassifier if work.classes else MLPRegressor

    def fit(epochs: int) -> None:
        network = kind(
            hidden_layer_sizes=work.sizes[1:-1],
            activation="identity" if work.activation == "linear" else work.activation,
            solver=work.optimizer,
            alpha=0.0,
            batch_size=work.batch,
            learning_rate_init=work.rate,
            momentum=0.0,
            nesterovs_momentum=False,
            max_iter=epochs,
            tol=0.0,
            n_iter_no_change=epochs,
            random_state=0,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # that it stops is agreed
            network.fit(X, y)

    return fit
