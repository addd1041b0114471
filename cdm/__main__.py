"""``python -m cdm`` is the ``cdm`` command."""

from cdm.cli import main

main()
