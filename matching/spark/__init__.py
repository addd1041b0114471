"""The same engine on Apache Spark, for tables one machine cannot hold.

    session.py      a Spark session as this engine needs it
    components.py   connected components: alternating large-star and small-star

Nothing outside this package imports Spark, and nothing in it decides anything of its own: the model says what is
compared, and blocking keys, levels, log odds and clusters come from the functions that run in one process.
"""
