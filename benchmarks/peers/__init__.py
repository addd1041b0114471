"""The engines compared, each in a file and a process of its own."""
