"""From history to findings: one rule per failure mode, and the doctor that ranks what they say."""
