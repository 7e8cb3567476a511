"""A company that never was: its masters, and a year of its trade.

A *plan* says how much of it there is. What happens is drawn from one source of chance, so that the
same seed, size and last day make the same business; ids alone are others. Everything is done
through the use cases, by a clock that is set to the days of the year, so that every rule, number
and audit record holds; what goes over the counter is done by the week, many movements at once.
"""
