"""Elections in Pabulib's .pb exchange format become finished contests here."""
