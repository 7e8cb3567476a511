"""Every aggregate that has a lifecycle: one in each state, its commands, and where they lead."""

from __future__ import annotations

from tests.architecture.lives.life import Life
from tests.architecture.lives.papers import PAPERS
from tests.architecture.lives.things import THINGS

LIVES: dict[type, Life] = PAPERS | THINGS
