"""The judge and what it judges by: the record of a run, and what becomes of it. None of the product's code."""
