"""Live runs: the processes that train them, and what a player is answered.

A server has a few processes that train (`pool`, `worker`). A run lives in one of them. It is
addressed by its specification, a plain value, so any process can build it again bit for bit.
The long work of pages has processes of its own (`jobs`). Nothing here knows Streamlit: `view` holds
what a visitor's session says about a run, `answers` turns a request of the player into bytes,
`payload` lays the bytes out, `pace` shares the time.
"""
