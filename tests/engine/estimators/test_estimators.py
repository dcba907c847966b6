"""Estimators: scikit-learn's weights from the seed alone, and its conventions."""

import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.base import clone
from sklearn.datasets import load_iris, make_moons, make_multilabel_classification
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator, estimator_checks_generator

from engine.estimators.base import compute_outputs
from engine.estimators.batch_fit import Examples, Fit
from engine.estimators.estimators import BackpropClassifier, BackpropRegressor
from engine.estimators.parameters import HIDDEN, LOSSES
from engine.nn.optimizers import OPTIMIZERS
from engine.training import batches
from tests.engine import plain

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

RANDOM = np.random.default_rng(0)
MOONS = make_moons(250, noise=0.2, random_state=0)
IRIS = load_iris(return_X_y=True)
LABELS = make_multilabel_classification(100, random_state=0)
X = RANDOM.normal(size=(150, 4))
CURVE = X, np.sin(X @ [1.0, -2.0, 0.5, 1.0])
PLANE = X, np.column_stack([CURVE[1], X[:, 0] ** 2])
COUNTS = X, RANDOM.poisson(np.exp(0.3 * X[:, 0] + 1))
WEIGHTS = RANDOM.uniform(0, 2, 250)

SGD = {"solver": "sgd", "learning_rate_init": 0.03, "batch_size": 25, "alpha": 0.01}
ADAM = {"solver": "adam", "learning_rate_init": 0.01, "batch_size": 32, "alpha": 0.1}
STALL = {"tol": 1e-4, "n_iter_no_change": 10, "max_iter": 200}
CASES = [
    (MOONS, {**SGD, "activation": "tanh", "momentum": 0}),
    (MOONS, {**SGD, "activation": "tanh", "nesterovs_momentum": False}),
    (MOONS, {**SGD, "activation": "tanh"}),
    (MOONS, {**SGD, "activation": "logistic"}),
    (MOONS, {**SGD, "activation": "identity", "alpha": 0}),
    (MOONS, {**ADAM, "activation": "relu"}),
    (IRIS, {**SGD, "hidden_layer_sizes": (16,), "batch_size": "auto"}),
    # with alpha .1 L2 shrinks dead ReLU units to 0, where Adam makes steps of rounding errors: 3e-8
    (IRIS, {**ADAM, "hidden_layer_sizes": (16, 8), "alpha": 0.01}),
    (IRIS, {**ADAM, "shuffle": False, "activation": "tanh"}),
    (LABELS, {**ADAM, "batch_size": 7}),
    (CURVE, {**ADAM}),
    (PLANE, {**SGD, "batch_size": 16}),
    (COUNTS, {**ADAM, "loss": "poisson"}),
    (MOONS, {**SGD, "learning_rate": "invscaling", "learning_rate_init": 0.5}),
    (MOONS, {**SGD, **STALL, "learning_rate": "adaptive", "tol": 1e-3}),
    (MOONS, {**ADAM, **STALL, "early_stopping": True}),
    (CURVE, {**ADAM, **STALL, "early_stopping": True}),
]
EXACT = {"hidden_layer_sizes": (8,), "max_iter": 50, "tol": 0, "n_iter_no_change": np.inf}


def pair(data, choices):
    """(scikit-learn's estimator, ours) with the same choices."""
    classes = np.issubdtype(data[1].dtype, np.integer) and "loss" not in choices
    kinds = (MLPClassifier, BackpropClassifier) if classes else (MLPRegressor, BackpropRegressor)
    return [kind(**{**EXACT, "random_state": 3, **choices}) for kind in kinds]


def apart(theirs, ours):
    """The largest difference of any weight or bias."""
    both = zip(theirs.coefs_ + theirs.intercepts_, ours.coefs_ + ours.intercepts_, strict=True)
    return max(np.abs(a - b).max() for a, b in both)


def hold_alike(theirs, ours):
    """Assert that two fitted estimators are alike."""
    assert ours.n_iter_ == theirs.n_iter_
    assert apart(theirs, ours) < 1e-10
    np.testing.assert_allclose(ours.loss_curve_, theirs.loss_curve_, rtol=0, atol=1e-10)
    for name in ("t_", "n_layers_", "n_outputs_", "out_activation_"):
        assert getattr(ours, name) == getattr(theirs, name)
    np.testing.assert_allclose(ours.loss_, theirs.loss_)
    if theirs.validation_scores_ is not None:
        np.testing.assert_allclose(ours.validation_scores_, theirs.validation_scores_)
        assert ours.best_validation_score_ == pytest.approx(theirs.best_validation_score_)


@pytest.mark.parametrize(("data", "choices"), CASES)
def test_the_seed_alone_gives_the_weights_of_scikit_learn(data, choices):
    theirs, ours = (estimator.fit(*data) for estimator in pair(data, choices))
    hold_alike(theirs, ours)
    np.testing.assert_allclose(ours.predict(data[0]), theirs.predict(data[0]), atol=1e-9)


@pytest.mark.parametrize(
    ("data", "choices"),
    [(MOONS, SGD), (PLANE, ADAM), (CURVE, {**ADAM, **STALL, "early_stopping": True})],
)
def test_weighted_examples_give_the_weights_of_scikit_learn(data, choices):
    weights = WEIGHTS[: len(data[0])]
    theirs, ours = (estimator.fit(*data, weights) for estimator in pair(data, choices))
    hold_alike(theirs, ours)


@pytest.mark.parametrize(("data", "choices"), [(IRIS, SGD), (CURVE, {**ADAM, "batch_size": 7})])
def test_pass_by_pass_gives_the_weights_of_scikit_learn(data, choices):
    theirs, ours = pair(data, choices)
    classes = {"classes": [0, 1, 2]} if data is IRIS else {}
    for start in range(0, 150, 30):
        part = slice(start, start + 30)
        for estimator in (theirs, ours):
            estimator.partial_fit(data[0][part], data[1][part], **classes)
    hold_alike(theirs, ours)


def test_a_warm_start_goes_on_as_scikit_learn_does():
    theirs, ours = pair(MOONS, {**ADAM, "warm_start": True, "max_iter": 20})
    for _ in range(3):
        theirs.fit(*MOONS)
        ours.fit(*MOONS)
    hold_alike(theirs, ours)


@pytest.mark.parametrize("data", [MOONS, PLANE])
def test_lbfgs_starts_and_goes_as_scikit_learn_does(data):
    theirs, ours = (
        estimator.fit(*data, WEIGHTS[: len(data[0])])
        for estimator in pair(data, {"solver": "lbfgs", "max_iter": 15, "activation": "tanh"})
    )
    assert ours.n_iter_ == theirs.n_iter_
    assert ours.loss_ == pytest.approx(theirs.loss_, rel=1e-9)
    assert apart(theirs, ours) < 1e-7


def test_how_many_batches_are_fetched_at_once_does_not_show(monkeypatch):
    ours = BackpropClassifier((5,), random_state=0, batch_size=16, max_iter=5, dropout=0.0)
    whole = clone(ours).fit(*MOONS, WEIGHTS)
    monkeypatch.setattr(batches, "CHUNK_BATCHES", 4)  # 15 whole batches and a ragged one
    assert apart(whole, ours.fit(*MOONS, WEIGHTS)) == 0


def test_a_new_solver_starts_with_an_empty_memory():
    ours = BackpropRegressor((5,), solver="sgd", random_state=0).partial_fit(*CURVE)
    fresh = clone(ours).set_params(solver="adam", warm_start=True, max_iter=1)
    fresh.coefs_, fresh.intercepts_ = list(ours.coefs_), list(ours.intercepts_)
    for name in ("n_features_in_", "out_activation_", "t_", "loss_curve_", "best_loss_"):
        setattr(fresh, name, getattr(ours, name))
    fresh._no_improvement_count = 0
    assert apart(ours.set_params(solver="adam").partial_fit(*CURVE), fresh.fit(*CURVE)) == 0


# Conventions


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [(BackpropClassifier, MLPClassifier), (BackpropRegressor, MLPRegressor)],
)
def test_no_check_of_scikit_learn_fails_and_all_of_its_perceptrons_run(ours, theirs):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = check_estimator(ours(max_iter=40), on_fail=None, on_skip=None)
        names = {check.func.__name__ for _, check in estimator_checks_generator(theirs())}
    states = {check["check_name"]: check["status"] for check in found}
    skipped = {name for name, state in states.items() if state == "skipped"}
    assert [name for name, state in states.items() if state not in ("passed", "skipped")] == []
    assert names <= set(states)
    assert skipped <= {  # which skip scikit-learn's too
        "check_array_api_input",  # off unless SCIPY_ARRAY_API is set
        "check_classifiers_multilabel_output_format_decision_function",  # neither has one
    }


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [(BackpropClassifier, MLPClassifier), (BackpropRegressor, MLPRegressor)],
)
def test_every_parameter_of_scikit_learn_is_there_with_its_default(ours, theirs):
    assert theirs().get_params().items() <= ours().get_params().items()


def test_every_attribute_of_scikit_learn_is_there():
    for theirs, ours in (pair(IRIS, {**SGD, "max_iter": 2}), pair(CURVE, {**SGD, "max_iter": 2})):
        data = IRIS if isinstance(ours, BackpropClassifier) else CURVE
        names = {name for name in vars(theirs.fit(*data)) if not name.startswith("_")}
        assert names - {"loss"} <= set(vars(ours.fit(*data)))


def test_they_work_in_a_pipeline_a_search_and_a_cross_validation():
    frame = pd.DataFrame(IRIS[0], columns=["a", "b", "c", "d"])
    names = pd.Series(np.array(["red", "green", "blue"])[IRIS[1]])
    model = make_pipeline(StandardScaler(), BackpropClassifier((8,), max_iter=60, random_state=0))
    grid = {"backpropclassifier__learning_rate_init": [1e-9, 0.03]}
    search = GridSearchCV(model, grid, cv=3).fit(frame, names)
    assert search.best_params_ == {"backpropclassifier__learning_rate_init": 0.03}
    assert cross_val_score(search.best_estimator_, frame, names, cv=3).mean() > 0.9
    assert set(search.predict(frame)) == {"red", "green", "blue"}
    assert list(search.best_estimator_[0].feature_names_in_) == ["a", "b", "c", "d"]


def test_a_copy_by_pickle_answers_and_goes_on_alike():
    ours = BackpropRegressor((5,), random_state=0, max_iter=5).fit(*CURVE)
    twin = pickle.loads(pickle.dumps(ours))
    np.testing.assert_array_equal(twin.predict(X), ours.predict(X))
    assert apart(twin.partial_fit(*CURVE), ours.partial_fit(*CURVE)) == 0
    assert clone(ours).get_params() == ours.get_params()


@pytest.mark.parametrize("solver", ["sgd", "lbfgs"])
def test_sparse_examples_are_learnt_like_dense_ones(solver):
    few = np.where(np.abs(X) > 1, X, 0)
    dense = BackpropRegressor((5,), solver=solver, random_state=0, max_iter=20)
    thin = clone(dense).fit(sparse.csr_array(few), PLANE[1])
    dense.fit(few, PLANE[1])
    assert apart(dense, thin) < 1e-12
    np.testing.assert_allclose(thin.predict(sparse.csc_matrix(few)), dense.predict(few))


def test_single_precision_stays_single():
    ours = BackpropClassifier((6,), solver="sgd", random_state=0, max_iter=20)
    double = clone(ours).fit(*MOONS)
    ours.fit(MOONS[0].astype(np.float32), MOONS[1])
    assert {W.dtype for W in ours.coefs_} == {np.dtype(np.float32)}
    assert ours.predict_proba(MOONS[0].astype(np.float32)).dtype == np.float32
    assert 0 < apart(double, ours) < 1e-5


# What scikit-learn's perceptrons do not have


@pytest.mark.parametrize("solver", sorted(OPTIMIZERS))
def test_every_optimizer_of_the_engine_is_a_solver(solver):
    ours = BackpropClassifier(
        (8,), "tanh", solver=solver, learning_rate_init=0.1, batch_size=25, random_state=0
    )
    assert ours.fit(*MOONS).score(*MOONS) > 0.85
    assert ours.loss_curve_[-1] < 0.8 * ours.loss_curve_[0]


@pytest.mark.parametrize("activation", sorted(HIDDEN))
def test_every_hidden_activation_of_the_engine_can_be_chosen(activation):
    ours = BackpropRegressor((8,), activation, random_state=0, max_iter=30).fit(*PLANE)
    layers = list(zip(ours.coefs_, ours.intercepts_, strict=True))
    np.testing.assert_array_equal(
        ours.predict(X), compute_outputs(X, layers, [activation, "linear"])
    )


def evaluated(ours, examples, rules):
    """theta -> (loss, gradient) of a fitted estimator's network on these examples."""
    fit = Fit(ours._network(), np.empty(0), examples, rules)
    fit.load_all_examples()
    return fit.loss_and_gradient


@pytest.mark.parametrize("loss", sorted(LOSSES))
@pytest.mark.parametrize("weights", [None, WEIGHTS[:150]], ids=["alike", "weighted"])
def test_the_gradient_is_that_of_the_loss_that_is_reported(loss, weights):
    ours = BackpropRegressor(
        (5, 4), "tanh", loss=loss, alpha=0.7, l1=0.4, random_state=0, max_iter=1
    )
    target = np.column_stack([COUNTS[1], COUNTS[1][::-1]])
    ours.fit(X, target, weights)
    rules, examples = ours._rules(150)._replace(optimizer=""), Examples(X, target, weights)
    theta, whole = ours._network().theta, evaluated(ours, examples, rules)
    found = whole(theta)[1]
    expected = plain.central_differences(lambda w: whole(w)[0], theta)
    if loss == "squared_error":  # scikit-learn reports 1/K of the data loss that it descends
        bare = evaluated(ours, examples, rules._replace(alpha=0.0, l1=0.0))
        expected += plain.central_differences(lambda w: bare(w)[0], theta)
    assert plain.error(found, expected) < 1e-7


def test_l1_drives_weights_to_zero():
    loose, tight = (
        BackpropRegressor((8,), l1=l1, random_state=0, solver="lbfgs").fit(*CURVE) for l1 in (0, 5)
    )
    small = [np.mean([np.abs(W).mean() for W in ours.coefs_]) for ours in (loose, tight)]
    assert small[1] < 0.5 * small[0]


def test_dropout_comes_from_the_seed_and_is_for_training_only():
    ours = BackpropClassifier((16, 8), dropout=0.3, random_state=0, max_iter=30)
    first, second = clone(ours).fit(*MOONS), clone(ours).fit(*MOONS)
    assert apart(first, second) == 0
    assert apart(first, clone(ours).set_params(dropout=0.0).fit(*MOONS)) > 1e-3
    np.testing.assert_array_equal(first.predict_proba(X[:, :2]), second.predict_proba(X[:, :2]))
    with pytest.raises(ValueError, match="uses batches"):
        clone(ours).set_params(solver="lbfgs").fit(*MOONS)


def test_decay_of_adamw_spares_the_biases():
    ours = BackpropRegressor((4,), solver="adamw", weight_decay=0.5, random_state=0, max_iter=1)
    free = clone(ours).set_params(weight_decay=0.0).fit(*CURVE)
    ours.fit(*CURVE)
    np.testing.assert_array_equal(ours.intercepts_[0], free.intercepts_[0])
    assert (ours.coefs_[0] != free.coefs_[0]).all()


# The edges


def test_an_example_of_no_weight_does_not_count():
    ours = BackpropRegressor((4,), solver="lbfgs", random_state=0, max_iter=10)
    weights = np.r_[np.ones(100), np.zeros(50)]
    whole, part = clone(ours).fit(*CURVE, weights), clone(ours).fit(X[:100], CURVE[1][:100])
    assert apart(whole, part) < 1e-9
    still = BackpropRegressor((4,), random_state=0, batch_size=10, shuffle=False, max_iter=5)
    assert np.isfinite(still.fit(*CURVE, weights).loss_)


def test_an_interrupt_keeps_what_was_learnt(monkeypatch):
    passes = Fit.run_epoch

    def interrupted(fit, order):
        if ours.n_iter_ == 3:
            raise KeyboardInterrupt
        return passes(fit, order)

    ours = BackpropClassifier((4,), random_state=0)
    monkeypatch.setattr(Fit, "run_epoch", interrupted)
    with pytest.warns(UserWarning, match="interrupted"):
        ours.fit(*MOONS)
    monkeypatch.undo()
    assert apart(clone(ours).set_params(max_iter=3).fit(*MOONS), ours) == 0


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"hidden_layer_sizes": (4, 0)}, "must be > 0"),
        ({"solver": "newton"}, "'solver' parameter"),
        ({"dropout": 1.0}, "'dropout' parameter"),
        ({"loss": "poisson"}, "targets of 0 or more"),
        ({"early_stopping": True, "validation_fraction": 0.001}, "too small"),
    ],
)
def test_what_cannot_be_is_refused_in_words(choices, sentence):
    with pytest.raises(ValueError, match=sentence):
        BackpropRegressor(**choices).fit(*CURVE)


def test_too_few_passes_and_too_large_a_batch_are_told():
    with pytest.warns(ConvergenceWarning, match=r"iterations \(2\)"):
        BackpropRegressor((4,), max_iter=2).fit(*CURVE)
    with pytest.warns(UserWarning, match="151 is more than 150 examples"):
        BackpropRegressor((4,), batch_size=151).fit(*CURVE)
    with pytest.warns(ConvergenceWarning, match="lbfgs stopped after 2"):
        BackpropRegressor((4,), solver="lbfgs", max_iter=2).fit(*CURVE)


def test_partial_fit_is_not_there_for_lbfgs():
    assert not hasattr(BackpropRegressor(solver="lbfgs"), "partial_fit")
    assert not hasattr(BackpropClassifier(solver="lbfgs"), "partial_fit")
