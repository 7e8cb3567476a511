"""Does a serial order explain what a crowd was told? Recorded histories, and the judge of them.

A *history* is what callers saw: of every call when it was made, when it was answered, and what
the answer said. It is **linearizable** (Herlihy and Wing 1990; the way to decide it by search is
Wing and Gong's, 1993) if every call can be given one instant between its beginning and its answer
such that the calls, done one after the other in the order of these instants by a program that
knows no concurrency, are answered exactly as they were. Nothing is lost, nothing half seen, and
whoever was answered before another asked has come first.

In general this is NP-complete; with a fixed number of callers it is polynomial (Gibbons and Korach
1997). ``explain`` goes through the history once, in the order of time, as Lowe (2017) does:

1. Calls that share no cell, nor are linked by calls that do, are judged apart: a history is
   linearizable if and only if it is so for each independent object (Herlihy and Wing, theorem 1).
2. A *configuration* is a set of calls that are running and yet count as done, with the state of
   all cells. One that has just begun is merely added to those that run.
3. When a call answers it must be done. From every configuration all sequences of running calls
   that the serial program answers alike are followed, up to this call. What is left are the
   configurations with it; if none is, no serial order exists, and the search says which calls
   contradict each other.
4. A running read or refusal counts as done as soon as its answer holds: it leaves everything as
   it is, so that to put it later explains nothing more. So they cost no search.
5. Of a call whose outcome nobody knows (the line was cut during the commit) any answer will do, at
   any later instant or never. One that failed surely without effect is not part of the history.

The answer is exact in both directions: every order that exists is found, and what is refused has
none. With k callers and n calls there are at most n * 2**k states of quantities to look at, times
the few orders that lead to different averages; because a movement tells what it left on hand,
there are hardly ever more than a few. Beyond ``CONFIGURATIONS_MAX`` it gives up and says so.

The serial program is a handful of ``Operation`` classes, each of which does its work on plain
integers. ``erp_core.testing.histories.stock`` has those of stock, written once more and apart from
the entities they judge: on hand, what is reserved and so not available, transfers with both sides,
and the weighted average cost over all warehouses. To bring in another, write another class.
"""

from erp_core.testing.histories.calls import (
    Answer,
    Call,
    Cell,
    Operation,
    Recorder,
    Said,
    World,
    shown,
)
from erp_core.testing.histories.search import CONFIGURATIONS_MAX, Verdict, explain

__all__ = [
    "CONFIGURATIONS_MAX",
    "Answer",
    "Call",
    "Cell",
    "Operation",
    "Recorder",
    "Said",
    "Verdict",
    "World",
    "explain",
    "shown",
]
