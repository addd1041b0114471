"""What people see of the data: reports in HTML, golden records as files, the summary on the terminal."""
