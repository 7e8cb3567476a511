"""The machine itself: its clock, and whatever else it can do better than we.

Each in a module of its own, so that whoever wants the clock needs no library of passwords.
"""
