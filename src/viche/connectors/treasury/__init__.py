"""Budget and treasury: winners with plan figures go out, payments come in, contracts lead to their procurement.

A payment counts towards a project once an official has confirmed it, once, to the kopiyka.
"""
