"""Eve, the fool and the hurried person, at every door there is."""
