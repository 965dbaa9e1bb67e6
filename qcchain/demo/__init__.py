"""Demo data: invented firms that live through real verbs, relative to the day on which they are loaded.

Every firm carries （示例）/(demo), every code is valid over a body that no register gives (0DEM0…). Two chain owners are real
firms: under their names stands nothing but kept words, and nothing that could become overdue when days go by.
"""
