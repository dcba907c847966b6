"""The engine: a network that learns, every number in reach. Its rooms in the order to read them.

Each room uses only rooms above it, and takes from them what their __init__ exports.

The network and a run of it; NumPy alone
    nn          equations, activations, losses, layers, the program of a batch, optimizers
    data        data sets as arrays: parts, scaling, features
    training    every choice, the training loop, its evaluation, its history, any epoch again

Many runs, and what a run tells; NumPy alone
    batched     many networks at once, in a few large calls
    analysis    the loss landscape, curvature, a line search, the history of every unit
    diagnosis   what is wrong at an epoch, in words, with the evidence and what helps
    explain     one step in every detail: derivation, trace, other conventions
    gradcheck   the gradient against differences of the loss, and bugs to find

Where data come in and results go out; these may use pandas and scikit-learn
    problems    what can be learned here, and presets worth seeing
    estimators  the engine with scikit-learn's interface
    tables      from the bytes of a CSV to a data set
    comparison  runs beside one another, forks, alternatives, contrasts for a class
    search      grid and random search over folds, here or on a cluster
    evaluation  reports, baselines, predictions, projections
    export      models, programs and projects as files
"""
