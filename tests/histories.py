"""Play random histories, in blocks that each have a transaction and a seed of their own.

In one transaction thousands would grow slower and slower: what those before wrote and took back
is still read past.
"""

import os
import random
from math import ceil

from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

HISTORIES = int(os.environ.get("CIRCLE15_HISTORIES", "15"))
BLOCK = 100


def blocks(histories: int = HISTORIES) -> range:
    """Return the numbers of the blocks so many histories are played in."""
    return range(ceil(histories / BLOCK))


def play(
    machine: type[RuleBasedStateMachine], block: int, *, steps: int, histories: int = HISTORIES
) -> None:
    """Play one block of histories of so many steps."""
    many = settings(
        max_examples=min(BLOCK, histories - block * BLOCK),
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    # Chance is set back before every test: without the block's number all would be the same.
    run_state_machine_as_test(seed(random.getrandbits(64) + block)(machine), settings=many)
