"""What customers are asked to pay, and what they are given back.

An *invoice* is a claim: a draft until it is *validated*, which gives it its number and freezes it.
Besides the standard one there is the *credit note*, which gives back lines of an invoice or parts
of them; the *deposit*, asked for beforehand and deducted from the final invoice once it is paid;
and the *replacement*, which takes the place of an invoice that was wrong.

What is *payable* is the total less the taxes the buyer keeps back, rounded to the smallest coin
where the company wants that. A *settlement* is what reduces the *open amount*: a payment, a credit
note, a deposit. Where nothing is open the invoice is *paid*; should a settlement be reversed, it
is open again. Who will never pay has his invoice *abandoned*.

All amounts are positive, those of credit notes too: the type says who owes whom.
"""
