"""`python -m recrm` is `recrm`."""

from recrm.cli import main

main()
