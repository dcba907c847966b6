"""The derivation and its neighbours, printed from the program."""
