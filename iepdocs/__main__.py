"""`python -m iepdocs`."""

from iepdocs.cli import main

main()
