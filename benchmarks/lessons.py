"""For which share of twenty seeds each claim of a lesson holds: `python -m benchmarks.lessons`.

With `--json` it prints one JSON object, with `--write` it also stores it in
tests/engine/lessons/shares.json; names of lessons as further arguments limit it to them. A claim of
a lesson holds for the pinned seed in any case; the file says for which share of the seeds 0 to 19,
or "this seed". The digest is of the runs and claims, so that a stored share cannot outlive them.
"""

import argparse
import hashlib
import json
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from threadpoolctl import threadpool_limits

from engine.lessons import Lesson, failed_claims, load_lessons, trained_runs

SEEDS = 20
STORED = Path(__file__).parents[1] / "tests" / "engine" / "lessons" / "shares.json"


def digest(lesson: Lesson) -> str:
    """Return a text that is different for other runs or claims."""
    parts = [
        [
            [[run.config.to_query(), run.events, run.epochs] for run in step.runs],
            [claim.text for claim in step.claims],
        ]
        for step in lesson.steps
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def held(name: str, seed: int) -> list[list[bool]]:
    """Return whether each claim of each step of a lesson holds with a seed."""
    found = []
    with threadpool_limits(1):
        for step in load_lessons()[name].steps:
            failed = failed_claims(step, trained_runs(step, seed))
            found.append([claim.text not in failed for claim in step.claims])
    return found


def shares(lesson: Lesson, by_seed: list[list[list[bool]]]) -> dict:
    """Return digest, and the share of seeds for which each claim of each step holds."""
    steps = [
        {
            claim.text: sum(one[number][place] for one in by_seed) / len(by_seed)
            for place, claim in enumerate(step.claims)
        }
        for number, step in enumerate(lesson.steps)
    ]
    return {"digest": digest(lesson), "seeds": len(by_seed), "steps": steps}


def measured(names: list[str], workers: int) -> dict[str, dict]:
    """Return the shares of these lessons."""
    lessons = load_lessons()
    with ProcessPoolExecutor(workers) as pool:
        tasks = {name: [pool.submit(held, name, seed) for seed in range(SEEDS)] for name in names}
        return {
            name: shares(lessons[name], [one.result() for one in own])
            for name, own in tasks.items()
        }


def broken(name: str, found: dict) -> list[str]:
    """Return a line for each claim that holds for fewer seeds than its file says."""
    return [
        f"{name}: {claim.text} holds for {own[claim.text]:.0%}, claimed are {claim.seeds:.0%}"
        for step, own in zip(load_lessons()[name].steps, found["steps"], strict=True)
        for claim in step.claims
        if own[claim.text] < claim.seeds
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lessons", nargs="*", default=[])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args()
    found = measured(given.lessons or list(load_lessons()), given.workers)
    if given.write:
        known = json.loads(STORED.read_text()) if STORED.exists() else {}
        kept = {name: one for name, one in (known | found).items() if name in load_lessons()}
        text = json.dumps(dict(sorted(kept.items())), indent=1, ensure_ascii=False)
        STORED.write_text(text + "\n")
    if given.json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for name, one in found.items():
        for step in one["steps"]:
            for claim, share in step.items():
                print(f"{share:5.0%}  {name}: {claim}")
        for line in broken(name, one):
            print(f"TOO FEW  {line}")


if __name__ == "__main__":
    main()
