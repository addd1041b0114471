"""The mixture: which patterns of agreement come from chance, from relatives, and from one and the same customer."""
