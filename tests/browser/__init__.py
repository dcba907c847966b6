"""Tests in a real Chromium.

As a package they have fixtures of its scope: the server and Chromium end with its last test. While
Playwright waits in a thread, nothing else in it can run an event loop.
"""
