"""`python -m partnerhub` is the command `partnerhub`."""

from partnerhub.cli import main

if __name__ == "__main__":
    main()
