"""Backups and the drills that prove them."""

from panels import graph, number

TITLE = "Backups and drills"
ABOUT = "Figures of kardan backup metrics: how old the last backup is, and the last one that was proved"
VARIABLES = []
ROWS = [
    ("Now", [
        number("Age of the last backup", "A physical one that is whole", 'time() - max(kardan_backup_last_end_seconds{kind="physical"})', "s", size=(6, 5), steps=[(24 * 3600, "orange"), (26 * 3600, "red")]),
        number("Age of the last proved one", "That a drill found good", "time() - max(kardan_backup_last_proved_end_seconds)", "s", size=(6, 5), steps=[(2 * 86400, "orange"), (8 * 86400, "red")]),
        number("Last drill", "What it found", "min(kardan_backup_last_drill_good)", "none", size=(6, 5), mappings=[("0", "not good", "red"), ("1", "good", "green")]),
        number("Ready again in", "From stored files to a server that answers, in the last drill", "max(kardan_backup_last_ready_seconds)", "s", size=(6, 5)),
    ]),
    ("Over time", [
        graph("Age of the last backup", "A sawtooth: each tooth is a backup", [("time() - max by (kind) (kardan_backup_last_end_seconds)", "{{kind}}")], "s", steps=[(26 * 3600, "red")]),
        graph("Age of the last proved one", "A tooth for each good drill", [("time() - max(kardan_backup_last_proved_end_seconds)", "proved")], "s", steps=[(8 * 86400, "red")]),
        graph("Stored", "What backups take", [("sum by (kind) (kardan_backup_stored_bytes)", "{{kind}}")], "bytes", stacked=True),
        graph("Kept", "Number of backups", [("sum by (kind) (kardan_backups)", "{{kind}}")], "none"),
        graph("Time of a drill", "All of it", [("max(kardan_backup_last_drill_seconds)", "drill"), ("max(kardan_backup_last_ready_seconds)", "until the server answers")], "s"),
        graph("Archiving", "Seconds since the last file of WAL was archived; nothing where archiving is off", [("max by (node) (pg_stat_archiver_last_archive_age)", "{{node}}")], "s"),
    ]),
]
