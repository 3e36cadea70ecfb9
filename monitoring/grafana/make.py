#!/usr/bin/env python3
"""Makes dashboards/*.json out of boards/*.py.

    python3 monitoring/grafana/make.py            # writes them
    python3 monitoring/grafana/make.py --check    # says which are not what would be written; code 1 then

A file of boards/ is a dashboard: TITLE, ABOUT, VARIABLES and ROWS, made by the functions of panels.py. No library but Python's own.
"""

import importlib
import json
import pathlib
import sys

# Nothing but dashboards is written.
sys.dont_write_bytecode = True

import panels  # noqa: E402

HERE = pathlib.Path(__file__).parent
# A screen of a laptop is 24 columns wide.
COLUMNS = 24
# Dashboards are found from each other by this tag.
TAG = "kardan"


def annotation(name, expr, text, colour):
    """A line in every graph at the time when an expression begins to be true."""
    return {
        "name": name,
        "enable": True,
        "hide": False,
        "iconColor": colour,
        "datasource": panels.SOURCE,
        "expr": expr,
        "step": "60s",
        "titleFormat": name,
        "textFormat": text,
    }


ANNOTATIONS = [
    annotation(
        "Failovers",
        "max by (scope) (patroni_postgres_timeline) > max by (scope) (patroni_postgres_timeline offset 1m)",
        "Another node leads {{scope}}",
        "red",
    ),
    annotation(
        "Restarts",
        "changes(process_start_time_seconds{job=\"postgres\"}[1m]) > 0 or changes(pg_postmaster_start_time_seconds[1m]) > 0",
        "{{instance}} was started",
        "orange",
    ),
    annotation(
        "Backups",
        "changes(kardan_backup_last_end_seconds[1m]) > 0",
        "A {{kind}} backup is whole",
        "blue",
    ),
]


def placed(rows):
    """Panels with their places and numbers: each row has a title, then panels from left to right."""
    found, y = [], 0
    for title, row in rows:
        found.append({"id": len(found) + 1, "type": "row", "title": title, "collapsed": False, "panels": [], "gridPos": {"h": 1, "w": COLUMNS, "x": 0, "y": y}})
        y, x, height = y + 1, 0, 0
        for panel, (w, h) in row:
            if x + w > COLUMNS:
                y, x, height = y + height, 0, 0
            found.append({"id": len(found) + 1, **panel, "gridPos": {"h": h, "w": w, "x": x, "y": y}})
            x, height = x + w, max(height, h)
        y += height
    return found


def dashboard(name):
    """The JSON of a file of boards/."""
    board = importlib.import_module(f"boards.{name}")
    return {
        "uid": f"kardan-{name}",
        "title": f"Kardan: {board.TITLE}",
        "description": board.ABOUT,
        "tags": [TAG],
        "schemaVersion": 39,
        "version": 1,
        "editable": False,
        "graphTooltip": 1,
        "timezone": "browser",
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "links": [{"type": "dashboards", "title": "Kardan", "tags": [TAG], "asDropdown": True, "includeVars": True, "keepTime": True, "targetBlank": False, "icon": "external link", "tooltip": "", "url": ""}],
        "annotations": {"list": ANNOTATIONS},
        "templating": {"list": board.VARIABLES},
        "panels": placed(board.ROWS),
    }


def text(board):
    """JSON with a line for each key and each panel, so that a difference is read easily."""
    lines = []
    for key, value in board.items():
        if key == "panels":
            each = ",\n  ".join(json.dumps(panel, ensure_ascii=False) for panel in value)
            lines.append(f' "panels": [\n  {each}\n ]')
        else:
            lines.append(f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main():
    sys.path.insert(0, str(HERE))
    stale = []
    names = sorted(path.stem for path in (HERE / "boards").glob("*.py") if path.stem != "__init__")
    wanted = {
        HERE / "dashboards" / f"{name}.json": text(dashboard(name))
        for name in names
    }
    for path, made in wanted.items():
        if not path.exists() or path.read_text() != made:
            stale.append(path)
    gone = [path for path in (HERE / "dashboards").glob("*.json") if path not in wanted]
    if "--check" in sys.argv[1:]:
        for path in stale + gone:
            print(f"{path}: not what boards/ says; run monitoring/grafana/make.py", file=sys.stderr)
        return 1 if stale or gone else 0
    for path in stale:
        path.write_text(wanted[path])
        print(f"wrote {path}")
    for path in gone:
        path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
