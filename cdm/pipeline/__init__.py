"""The order of the steps: the only place where connectors, quality, matching and the store meet."""
