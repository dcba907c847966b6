"""The engine: a network that learns, every number in reach. The files in the order to read them.

Each file uses only files above it, so one may stop reading anywhere and has missed nothing.

The algorithm
    equations     an equation as people read it, and the NumPy calls that carry it out
    activations   how a unit answers, and how steep that answer is
    losses        how wrong the network is, and the error term it starts with
    initializers  where the weights start
    network       layers as views into one vector of parameters
    program       forward, and back: every equation of one mini-batch
    optimizers    how the gradient becomes a step

A run
    schedules     how the learning rate changes on the way
    starts        start weights of worked examples, number by number
    features      network inputs made from raw inputs by a formula
    formulas      problems drawn from a formula
    choices       what may be chosen, its limits, its spelling in a link
    config        every choice of a run
    dataset       examples in parts: to learn, to choose, to report
    heads         output and loss that fit the task, and the answers spelled for them
    training      one epoch after another
    judge         loss, score and error terms after an epoch
    events        what a person changes while a run goes on
    saved         what a file from outside may hold, checked name by name
    history       a record of every epoch, and checkpoints
    stopping      when to stop, and which epoch was the best
    numerals      numbers as people read them
    divergence    what made a run overflow, found by experiment
    run           training with a memory: any epoch again, exactly
    memory        how much a run takes, estimated before it is made

Beyond one run
    model         a trained network by itself, from raw inputs to answers
    code          the same network in the words of four libraries
    presets       runs worth seeing
    planes        the matrices of many networks one behind another
    jury          the judge of many networks at once
    stack         many networks at once
    crowd         many runs to the same epochs, in slices of time
    cloud         one setting from many seeds: how much is luck
    objective     loss, gradient and curvature at any weights
    landscape     the loss over a plane through the weights
    descending    the loss along the gradient, and the rates that diverge
    spaces        what a search may vary, and its link
    compare       what runs differ in, twins, forks
    pairs         two runs for the classroom, and what is claimed of them
    fitting       whole fits by scikit-learn's rules

What a run tells
    progress      how far training has come
    reachable     what simple methods reach on unseen examples
    stability     how long a step may be before it overshoots
    evidence      what there is to see at an epoch
    suspects      all that may keep a network from learning
    course_rules  steps too long or too short, plateaus, chance
    unit_rules    dead, equal, saturated units; error terms that vanish or explode
    fit_rules     learned by heart, a class missed, too few units, held back by a penalty
    closer        units and layers over the whole run
    diagnosis     what is wrong at an epoch, in words, with the proof and what helps

Explained
    source        which lines of the engine an equation comes from
    conversions   one number as other books and libraries would have to be given it
    likelihood    the belief about errors that each loss stands for
    forms         an equation for one unit and one example, and as a chain of slopes
    derivation    every equation of one step, numbered, with where it stands
    tape          what each call read and left, so that every number has a way back
    walk          one mini-batch, equation by equation, with every number on the way
    mistakes      what is done wrong to an equation, and a training that does it
    faults        the classic mistakes by name
    finding       what a gradient check has measured, and what its numbers say
    complex_step  derivatives without any subtraction, exact to the last digits
    check         the gradient against differences of the loss

Where data come in and results go out; these may use pandas and scikit-learn
    pinned        small data sets that never change
    problems      every problem by name
    sniff         bytes into text: limits, other kinds of file, encodings
    aligned       columns that stand under each other, with blanks between them
    regions       which rows of a text are its table, by their widths
    dialect       how a text is cut into cells
    repair        a damaged row, brought back to its columns
    headings      rows under the names: units, types, flags
    header        where a table begins, and the names of its columns
    rows          the text cut into rows, the sound ones kept as columns
    layout        where in a text the table lies
    mending       rows that do not fit, mended or shown
    endings       totals, second tables and empty columns, left out with a sentence
    cells         what text means as a number, a date, yes or no, or nothing
    table         a CSV of any kind as a table of text, with all that was guessed
    profile       what each column holds, and whether a network can use it
    suggest       which column to predict, and how
    leaks         columns that give the target away
    preparation   how a row of text becomes inputs, as plain values
    prepare       a table becomes a data set
    samples       tables to try, as CSV
    axes          what a picture has across and up: two inputs, or two components
    metrics       reports, class by class or in the data's own units
    baselines     what simple methods reach on the same parts, folds, importance of inputs
    parameters    what a user of the estimators can choose
    descent       how an estimator is fitted, and when it stops
    estimators    BackpropClassifier and BackpropRegressor
    export        models, predictions and reports as files
    predicting    what a network says to a table's rows, and what it could not take as given
    writing       a table as CSV in the form of the file that it came from
    excerpt       functions of the engine as text that runs without it
    standalone    a table's text as inputs in Python alone, copied into programs
    script        the network as a program that reads a table
    onnx_file     the network as a graph that any runtime runs
    project       a run with its data as one file
    search        which choices are best: candidates, folds, the table
    trials        who trains on which fold, and with whom
    tuning        a search under way in this process
    cluster       a search under way on a Dask cluster
    duels         what is worth trying instead of each choice
"""
