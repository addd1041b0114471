"""The same engine on Apache Spark, for tables one machine cannot hold.

    engine.py       apply_on_spark: the run, stage by stage
    run.py          distinct records; what becomes of rows and links in the end
    cells.py        records as plain text that can be sent from machine to machine
    kernel.py       what every worker does with a batch: the functions of the local engine
    batches.py      handing batches, or whole groups, to the kernel
    candidates.py   blocking keys joined into pairs                neighbours.py for crowded blocks
    scores.py       both records travel to the pair and are judged there
    clusters.py     whole components clustered by the local code   components.py finds them
    sample.py       a model learned from a sample of rows, for the whole table
    session.py      a Spark session as this engine needs it

Nothing outside this package imports Spark, and nothing in it decides anything of its own: the model says what is
compared, and blocking keys, levels, log odds and clusters come from the functions that run in one process.
"""
