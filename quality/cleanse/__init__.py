"""Cleansing: raw text in, standard forms and findings out.

One file per semantic type, each with a function ``clean_<type>(value, country) -> Cleansed`` (``contract.py``) that is
pure and idempotent on its own standard form; reference tables stand beside it as YAML. ``registry.py`` knows which
function belongs to which type.

``engine.py`` cleanses whole batches: per distinct value (``distinct.py``), with what only a whole column can show
(``column.py``: order of day and month, country of telephone numbers), then record by record (``record*.py``: full
name from parts, swapped parts, address line, country), then against the rules of the model (``constraints.py``) and
for values that too many customers share (``frequency.py``). ``codes.describe`` puts every reason code into words.
"""
