"""A small lesson that is right; tests change one thing in it."""

SAMPLE = """+++
number = "42"
title = "A test"
minutes = 5

[[step]]
speed = 10
view = ["hold"]
secret = ["lower"]
evidence = "The loss is {A.train_loss:.3f} in run A and {B.train_loss:.3f} in run B."

[[step.run]]
label = "4 units"
query = "dataset=xor_table&scaling=none&hidden=4&batch_size=0"
epochs = 20

[[step.run]]
label = "2 units"
query = "dataset=xor_table&scaling=none&hidden=2&batch_size=0"
events = "3:learning_rate:0.5"
epochs = 10
page = "step"
example = 1

[step.predict]
kind = "choice"
text = "Which one?"
choices = ["the run A", "the run B"]
answer = "the run A"

[[step.claim]]
text = "A.train_loss < 2 * B.train_loss"
seeds = "this seed"

[[step.claim]]
text = "A.train_loss > 0"
seeds = 0.95

[exit]
kind = "number"
text = "How many?"
answer = 3
tolerance = 0.5
unit = "steps"
why = "Because three is right."
+++

## Question

What is asked.

## Explanation

It is lower.

## Goal

A goal.

## Plan

A plan.

## Wrong answers

Some.

## Key

A key.

## Homework

Some.
"""


def changed(old: str, new: str) -> str:
    """Return the sample with a part replaced, which must be there."""
    assert SAMPLE.count(old) >= 1, old
    return SAMPLE.replace(old, new, 1)
