"""The engine: a network that learns, with access to every number. Its rooms in reading order.

Each room uses only rooms above it, and only the names that their __init__ exports.

What every room may use
    language    every text in the language of its reader, and texts with counts

The network and a run of it; NumPy alone
    nn          equations, activations, losses, layers, the program of a batch, optimizers
    data        data sets as arrays: parts, scaling, features
    training    every setting, the training loop, its evaluation, its history, any epoch again

Many runs, and the analysis of a run; NumPy alone
    batched     many networks at once, in a few large calls
    analysis    the loss landscape, curvature, a line search, the history of every unit
    diagnosis   what is wrong at an epoch, in words, with evidence and remedies
    explain     one step in every detail: derivation, trace, other conventions
    gradcheck   the gradient against differences of the loss, and bugs to find
    worksheets  a small network to compute by hand, and the likely mistake in each number

Input of data and output of results; these may use pandas and scikit-learn
    problems    the problems to learn, and presets
    estimators  the engine with scikit-learn's interface
    tables      from the bytes of a CSV to a data set
    comparison  runs side by side, forks, alternatives, contrasts for a class, measures
    search      grid and random search over folds, here or on a cluster
    evaluation  reports, baselines, predictions, projections
    lessons     lessons as text files: predictions, pinned runs, evidence, the teacher's page
    export      models, programs and projects as files
"""
