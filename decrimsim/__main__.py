"""``python -m decrimsim`` is the command line.

Level 8.
"""

from decrimsim.cli import main

main()
