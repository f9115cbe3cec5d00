"""Reading: files of incidents in, judged rows and a quality report out. Knows nothing of Django.

`sources` opens what was handed in, `records` finds where each record begins and ends, `mapping` says which
column means what, `staging` reads the records into typed rows, `crs` and `locating` find where they lie,
`judging` gives every row its one verdict, `report` counts them.
"""
