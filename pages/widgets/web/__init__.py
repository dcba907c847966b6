"""The server around the pages: who may ask, the document, our files, and the players' route."""
