"""What only Windows has, as it is to be called: its spooler, and whatever else belongs to no other system.

It decides nothing and knows nothing of jobs, printers or sources of ours. Each module says what of it needs Windows;
the rest takes the system's libraries as they are handed to it.
"""
