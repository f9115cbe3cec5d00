"""Incidents: the lake and its quality report.

Offers: lake.Lake(agency).cell_counts(), events(); actions.import_files(),
take_back(), set_rules(); Import.objects.visible_to().
Leans on: places (boundaries), jobs (imports that outlive a process), agencies (who may).

No row of an incident is in the web database. `reading` knows nothing of Django; `actions` hands it what it needs.
"""
