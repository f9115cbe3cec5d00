"""Demo: a fictional river city to try Alongside in, generated here and never downloaded.

Offers: city.generate_city() (the files a real agency would bring), build.build_demo() (the same files taken in
by the same actions as pages and commands), personas (in whose shoes one may step).
Leans on: every room below; no room leans on it.

The city is Riverbend. It lies in fields in western Kentucky where no town stands; its people, streets and
incidents are drawn by chance from a seed, and resemble no real ones.
"""
