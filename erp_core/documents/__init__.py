"""Documents: what every paper the company writes has in common, whichever area writes it.

A *document type* is a kind of paper, such as ``sales.order``: the area that writes it, and its
name there. A draft has no number; it takes one when it is validated. The *series* of a document
type says how its numbers look, by a *mask* such as ``INV{yyyy}-{00000@year}``. The *counter* of
the mask counts without gaps within a *period*: for ever, a year or a month.
"""
