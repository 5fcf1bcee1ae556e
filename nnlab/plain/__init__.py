"""The lab in plain lines, for screen readers and logs: a line for each thing that happens, commands typed as words."""
