"""`python -m iepdocs`."""

from iepdocs.cli import main

if __name__ == "__main__":
    main()
