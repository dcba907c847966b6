"""What the training tells: findings for the panel under the views, and the changes they propose.

The browser asks for a finding by its rule; what is to be changed is worked out here once more, so
that nothing from outside ever becomes a choice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from engine.data import WORDS
from engine.diagnosis import RULES, Finding, observe
from engine.language import tr
from engine.number_format import count, number
from engine.training import CHOICES, LIVE, ChoiceValue, Config, Run
from pages.figures.base.choice_words import words
from pages.live.view import LiveView, Tried

SHOWN = 2  # findings that the panel has room for
UNSAID = ("start", "activations", "output")  # what goes along with another choice


class FindingItem(TypedDict):
    """A finding for the panel."""

    rule: str
    title: str
    evidence: str
    remedy: str
    offer: str  # what its change would choose, in words
    refusal: str  # why it is not offered


class FindingsPanel(TypedDict):
    """What the panel of findings shows of an epoch."""

    epoch: int
    count: int  # of all findings; `items` has the first of them
    items: list[FindingItem]
    quiet: str  # the sentence where there are none
    receipt: str  # what a change that was tried has brought


def findings_message(run: Run, epoch: int, view: LiveView) -> dict[str, FindingsPanel]:
    """Return the part of a message that holds the findings of an epoch; {} where none are shown."""
    return {"findings": findings_panel(run, epoch, view)} if view.findings else {}


def findings_panel(run: Run, epoch: int, view: LiveView) -> FindingsPanel:
    """Return what the panel of findings shows of an epoch."""
    found = observe(run, epoch)
    items: list[FindingItem] = [
        {
            "rule": one.rule,
            "title": one.title,
            "evidence": one.evidence,
            "remedy": one.remedy,
            "offer": offer(one, view),
            "refusal": why_not_offered(one, view),
        }
        for one in found[:SHOWN]
    ]
    return {
        "epoch": epoch,
        "count": len(found),
        "items": items,
        "quiet": "" if found else quiet(run, epoch),
        "receipt": receipt(run, epoch, found, view.tried),
    }


def quiet(run: Run, epoch: int) -> str:
    """Return the sentence for an epoch without findings."""
    if epoch == 0:
        return tr(
            "Nothing to report: none of {rules} rules finds a problem at the start.",
            rules=len(RULES),
        )
    first, last = (number(float(run.history[at]["train"])) for at in (0, epoch))
    return tr(
        "Nothing to report: the training loss went from {first} to {last}, and none of {rules} "
        "rules finds a problem.",
        first=first,
        last=last,
        rules=len(RULES),
    )


def new_choices(finding: Finding, config: Config) -> dict[str, ChoiceValue]:
    """Return the choices of a finding's change that are not in force already."""
    change = finding.change
    return {name: value for name, value in change.items() if getattr(config, name) != value}


def why_not_offered(finding: Finding, view: LiveView) -> str:
    """Return why a finding's change is not offered: the link locks a setting; "" if it locks none.

    The sentence names the settings.
    """
    fresh = new_choices(finding, view.config)
    labels = [tr(CHOICES[name].label) for name in fresh if name in view.controls.locked]
    words = tr(
        "This cannot be tried here: the link locks {settings}.", settings=tr(", ").join(labels)
    )
    return words if labels else ""


def offer(finding: Finding, view: LiveView) -> str:
    """Return in words what a finding's change would choose.

    It is "" if the change would choose nothing new, or what the link locks.
    """
    fresh = new_choices(finding, view.config)
    shown = [name for name in fresh if name not in UNSAID] or list(fresh)
    if not fresh or why_not_offered(finding, view):
        return ""
    parts = [
        tr(
            "{label} {value}",
            label=tr(CHOICES[name].label),
            value=value_in_words(name, fresh[name]),
        )
        for name in shown
    ]
    parts[1:] = [part[0].lower() + part[1:] if part[1].islower() else part for part in parts[1:]]
    changes = tr(", ").join(parts)
    if takes_effect_live(finding):
        return tr("{changes}, from this epoch on", changes=changes)
    return tr("{changes}, from the start", changes=changes)


def value_in_words(name: str, value: ChoiceValue) -> str:
    """Return the value of a choice in words."""
    if isinstance(value, tuple):
        return " – ".join(map(str, value))
    return words(value, name) if isinstance(value, str) else number(float(value))


def takes_effect_live(finding: Finding) -> bool:
    """Return whether a change takes effect on the current run, without a new one."""
    return not finding.needs_new_run and all(name in LIVE for name in finding.change)


def receipt(run: Run, epoch: int, found: Sequence[Finding], tried: Tried | None) -> str:
    """Return what a change has brought, once its epoch is reached."""
    if tried is None or (epoch <= tried.epoch if tried.live else epoch != tried.epoch):
        return ""
    gone = tried.rule not in {one.rule for one in found}
    fields = {"change": tried.offer, "epoch": count(epoch)}
    words = tr("{change}: still found at epoch {epoch}", **fields)
    words = tr("{change}: no longer found at epoch {epoch}", **fields) if gone else words
    if not tried.part:
        return tr("{receipt}.", receipt=words)
    before, after = number(tried.loss), number(float(run.history[epoch][tried.part]))
    return tr(
        "{receipt}, {part} loss {before} → {after}.",
        receipt=words,
        part=tr(WORDS[tried.part]),
        before=before,
        after=after,
    )
