"""Parties: everybody the company trades with, and when they are to pay.

A *party* is a company or a person in one or several *roles*: customer, supplier, prospect. Each
role brings a *code* of its own, which people read out on the telephone. A party is known to the
authorities by its *tax ids*; no two parties of a company share one, so that nobody is entered
twice unawares. A *contact* is a person at a party, with what he is written to about.

Two parties that turn out to be one are *merged*: the survivor gains what it lacked, the other is
archived and points to it for ever, and whatever referred to the other follows in the same
transaction.

A *payment term* says in which *instalments* an amount falls due, counted from a document's date.
"""
