"""Catalog: what the company sells, keeps and buys, at which price and under which tax.

A *product* is goods or a service. It is counted in a *unit*, taxed by a *tax class*, and sold at
its own price unless a *price list* says another: one agreed with a customer, or a level that many
share. Nothing here is deleted: what was used once is archived, since documents point to it.
"""
