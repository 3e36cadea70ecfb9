"""Panels and variables of Grafana, as much of them as the dashboards need."""

SOURCE = {"type": "prometheus", "uid": "kardan-prometheus"}

# Places: columns of 24, lines.
SMALL, THIRD, HALF, WIDE = (4, 4), (8, 8), (12, 8), (24, 9)


def _targets(queries, instant):
    made = []
    for number, query in enumerate(queries):
        expr, legend = query if isinstance(query, tuple) else (query, "__auto")
        target = {"refId": chr(ord("A") + number), "datasource": SOURCE, "expr": expr, "legendFormat": legend, "editorMode": "code"}
        target.update({"instant": True, "range": False, "format": "table"} if instant == "table" else {"instant": instant, "range": not instant})
        made.append(target)
    return made


def _thresholds(steps):
    """Colours from values on: [] is green whatever the value."""
    return {"mode": "absolute", "steps": [{"color": "green", "value": None}, *({"color": colour, "value": value} for value, colour in steps)]}


def _panel(kind, title, about, queries, unit, *, steps, instant, options, custom=None, extra=None, mappings=None, overrides=None):
    defaults = {"unit": unit, "thresholds": _thresholds(steps), "color": {"mode": "thresholds" if kind == "stat" else "palette-classic"}}
    if custom:
        defaults["custom"] = custom
    if mappings:
        defaults["mappings"] = [{"type": "value", "options": {value: {"text": text, "color": colour, "index": index} for index, (value, text, colour) in enumerate(mappings)}}]
    defaults.update(extra or {})
    return {
        "type": kind,
        "title": title,
        "description": about,
        "datasource": SOURCE,
        "targets": _targets(queries, instant),
        "fieldConfig": {"defaults": defaults, "overrides": overrides or []},
        "options": options,
    }


def graph(title, about, queries, unit, *, size=HALF, steps=(), low=0, stacked=False, top=None):
    """Lines over time. Thresholds, [(value, colour)], are drawn as lines."""
    custom = {
        "drawStyle": "line",
        "lineWidth": 1,
        "fillOpacity": 40 if stacked else 8,
        "showPoints": "never",
        "spanNulls": 60000,
        "stacking": {"mode": "normal" if stacked else "none", "group": "A"},
        "thresholdsStyle": {"mode": "dashed" if steps else "off"},
    }
    bounds = {key: value for key, value in (("min", low), ("max", top)) if value is not None}
    options = {"legend": {"displayMode": "table", "placement": "bottom", "showLegend": True, "calcs": ["lastNotNull", "max"]}, "tooltip": {"mode": "multi", "sort": "desc"}}
    return _panel("timeseries", title, about, queries, unit, steps=steps, instant=False, options=options, custom=custom, extra=bounds), size


def number(title, about, query, unit, *, size=SMALL, steps=(), mappings=None, each=False):
    """One figure of now, or with `each` one for each series; the colour is the threshold's."""
    queries = [query if each else (query, "")]
    options = {
        "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
        "colorMode": "background",
        "graphMode": "none",
        "justifyMode": "auto",
        "textMode": "auto" if each else "value",
        "orientation": "auto",
    }
    return _panel("stat", title, about, queries, unit, steps=steps, instant=True, options=options, mappings=mappings, extra={"noValue": "none"}), size


def table(title, about, query, unit, *, size=WIDE, steps=(), hide=(), names=None, widths=None):
    """Rows of now, a column for each label."""
    overrides = [{"matcher": {"id": "byName", "options": name}, "properties": [{"id": "custom.width", "value": width}]} for name, width in (widths or {}).items()]
    panel = _panel("table", title, about, [query], unit, steps=steps, instant="table", options={"showHeader": True, "cellHeight": "sm", "sortBy": [{"displayName": (names or {}).get("Value", "Value"), "desc": True}]}, custom={"align": "auto", "filterable": True, "cellOptions": {"type": "auto"}}, overrides=overrides)
    hidden = {name: True for name in ("Time", "__name__", "job", "instance", *hide)}
    panel["transformations"] = [{"id": "organize", "options": {"excludeByName": hidden, "renameByName": names or {}, "indexByName": {}}}]
    return panel, size


def variable(name, label, query, *, regex="", many=True):
    """A choice out of the values of a label: `query` is Grafana's label_values(family, label)."""
    return {
        "name": name,
        "label": label,
        "type": "query",
        "datasource": SOURCE,
        "query": {"query": query, "refId": "variable", "qryType": 1},
        "definition": query,
        "refresh": 2,
        "sort": 1,
        "regex": regex,
        "multi": many,
        "includeAll": many,
        "allValue": ".*" if many else None,
        "current": {"text": ["All"], "value": ["$__all"]} if many else {},
        "hide": 0,
        "options": [],
        "skipUrlSync": False,
    }


NODE = variable("node", "Node", "label_values(pg_up, node)")
DATABASE = variable("datname", "Database", "label_values(pg_stat_database_numbackends, datname)", regex="/^(?!template).*/")
