"""An app of three jobs, for tests that kill the processes which run them."""
