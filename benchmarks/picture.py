"""The animated picture of README.md, taken from the app itself: `make picture`.

Two spirals are learned by a 2-8-8-8-1 network; the picture follows the epochs, not the clock, so
it looks the same whatever machine makes it.
"""

import io
from pathlib import Path

from PIL import Image

from tests.browser.driver import ROOT, Player, chromium, serve

PATH = "/?dataset=spiral&hidden=8-8-8"
PICTURE = ROOT / "docs/deltascope.webp"
EPOCHS = [*range(0, 40, 4), *range(40, 200, 10), *range(200, 620, 20)]  # shown one after another
MILLISECONDS, LAST = 110, 2500  # each picture, and the last one
WIDTH = 980  # pixels


def shot(player: Player) -> Image.Image:
    """The page as it is, narrowed to WIDTH."""
    whole = Image.open(io.BytesIO(player.page.screenshot())).convert("RGB")
    return whole.resize(
        (WIDTH, round(whole.height * WIDTH / whole.width)), Image.Resampling.LANCZOS
    )


def main() -> None:
    with serve() as server, chromium() as browser:
        page = browser.new_page(viewport={"width": 1400, "height": 960})
        player = Player(page).open(server.url + PATH)
        pictures = []
        for epoch in EPOCHS:
            while player.epoch < epoch:
                player.step()
            pictures.append(shot(player))
    save(pictures, PICTURE)
    size = PICTURE.stat().st_size / 1e6
    print(f"{PICTURE.relative_to(ROOT)}: {len(pictures)} pictures, {size:.1f} MB")


def save(pictures: list[Image.Image], path: Path) -> None:
    """Write the pictures as one endless animation."""
    path.parent.mkdir(exist_ok=True)
    times = [MILLISECONDS] * (len(pictures) - 1) + [LAST]
    first, *others = pictures
    first.save(
        path, save_all=True, append_images=others, duration=times, loop=0, quality=60, method=6
    )


if __name__ == "__main__":
    main()
