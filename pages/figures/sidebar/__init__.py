"""Small pictures beside the controls of a run."""
