"""What every page has: the frame, the session, components, messages, background jobs."""
