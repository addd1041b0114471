"""What a customer *is*: entity types, fields, semantic types, and mappings.

All of it is YAML data, read by a typed loader that refuses a wrong model at load.

Start at :mod:`schemas.model` for the model in memory, ``schemas/model/*.yaml`` for its content,
:func:`schemas.loader.load_model` for how the one becomes the other, and :mod:`schemas.mapping` for how the columns of a
source become fields.
"""
