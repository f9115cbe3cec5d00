"""An app of a few jobs and pages, for tests that kill or jam the processes which run them."""
