"""Data quality: cleanse values (``quality.cleanse``) and put quality into figures (``quality.score``)."""
