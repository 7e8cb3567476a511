"""The money that comes and goes, and what it was for.

A *payment* is money that moved between the company and a party, *in* or *out*, on a day, by some
*method*, on one of the company's *bank accounts* or out of its cash. It is *allocated* to what it
pays: one that came in to invoices, one that went out to credit notes. What is left is
*unallocated*: the party's credit, which later invoices may use up. Never is more allocated to an
invoice than is open on it, nor more of a payment than it brought.

A mistake is *reversed*, once: what the payment had settled is open again, and nothing of it counts
any more. What a bank statement has confirmed, *reconciled*, cannot be reversed.

The *balance* of a party says for each currency what it owes, what of that is late, what it has to
its credit, and what it has ordered and was not billed.
"""
