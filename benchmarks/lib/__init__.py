"""What the rows share: starting processes, loading them, adding up what they cost, the table."""
