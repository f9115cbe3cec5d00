"""Front: home pages and the workspace, composed of every room."""
