"""`python -m circle15.cli`: the same as `circle15`."""

from circle15.cli.main import main

if __name__ == "__main__":
    main()
