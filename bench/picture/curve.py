"""The cost of a search as the market grows, as a picture."""

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402  (the backend is chosen first)

SHOWN = {
    "text": "text", "text_place": "text and place", "number": "part number", "filter": "filters",
    "price": "filters by price", "newest": "newest", "typo": "typo", "facets": "facets", "textbook": "textbook query",
}
GOAL_MS = 150


def draw(sizes, folder):
    """Writes search-curve.svg and search-curve.png."""
    figure, panels = pyplot.subplots(1, 2, figsize=(10, 4.4), sharey=True, constrained_layout=True)
    across = [size["listings"] for size in sizes]
    for panel, part, title in ((panels[0], "p50", "median"), (panels[1], "p99", "slowest per cent (p99)")):
        for kind, name in SHOWN.items():
            values = [size["kinds"][kind]["cpu"][part] for size in sizes]
            style = {"color": "grey", "linestyle": ":"} if kind == "textbook" else {}
            panel.plot(across, values, marker="o", markersize=4, label=name, **style)
        panel.axhline(GOAL_MS, color="black", linewidth=0.8, linestyle="--")
        panel.text(across[0], GOAL_MS * 1.1, f"{GOAL_MS} ms", fontsize=8)
        panel.set(xscale="log", yscale="log", title=title, xlabel="listings")
        panel.grid(True, which="major", alpha=0.3)
    panels[0].set_ylabel("CPU of one search, ms")
    panels[1].legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    for suffix in ("svg", "png"):
        figure.savefig(folder / f"search-curve.{suffix}", dpi=150, metadata={"Date": None} if suffix == "svg" else None)
