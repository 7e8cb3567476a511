"""Inventory: how much of each product lies in each warehouse, and every movement that made it so.

A *warehouse* is a place with a code of its own. A *stock item* is one product (one *lot* of it,
where lots are kept) in one warehouse: what is *on hand*, what of it is *reserved*, and so what is
*available*. A *movement* is one change of one stock item; it is never altered, and on hand is the
sum of the movements, always. The *valuation* of a product is its average cost over all warehouses
of the company, weighted by quantity: only what comes in at a cost changes it.

Warehouses may be parts of larger ones. A *transfer* carries goods from one to another: in one
step, or sent first and arriving later. In between they are *in transit*: still the company's own,
in the one warehouse of that kind, of which nobody takes any but by the transfer that brought it.

A *stock count* is a round through a warehouse: what is on hand as it begins is *expected*, people
enter what they *counted*, and closing it adds to each row what was found beyond the books, as they
were at the moment of counting.

Stock is never edited: rows are locked in one order, the entity decides, a movement tells of it.
"""
