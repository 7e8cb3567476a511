"""Sales: what is offered to customers, what they have ordered, and how it reaches them.

A *quote* offers lines at their prices until a day. It is a *draft* until it is *sent*, which gives
it its number; the customer *accepts* or *refuses* it, or lets it *expire*. Of an accepted quote
*orders* are made, all at once or in parts, and it is *invoiced* once all of it is.

An *order* is a draft until it is *confirmed*: that gives it its number, checks the customer's
credit, keeps the goods for it where there are some, and settles it. What was agreed changes no
more; what moves on is how much of each line is *shipped* and how much of it *invoiced*. Goods that
left come back by cancelling the shipment, what was invoiced by a credit note. An order of which
nothing was shipped or invoiced can be *cancelled*.

A *shipment* carries goods of one order out of one warehouse. It is a draft until it is
*validated*: the goods leave the stock, what was kept for them with them, and the order moves on.
It is *delivered* when the customer has it; *cancelling* it before brings the goods back.

A *line* is goods, a service, something only described, or text that bears no amount. Only goods
are shipped; all that has an amount is invoiced. Documents that follow refer to lines by their ids,
and say of each a *part*: how much of it they are about.

The *credit* a customer uses is what he has ordered and not paid.
"""
