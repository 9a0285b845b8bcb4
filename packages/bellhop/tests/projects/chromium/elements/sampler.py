"""What a person sees of the bell's count, frame by frame, for as long as the document stays."""

from projects.harness.chromium import MILLISECONDS, Window
from projects.harness.tabs import PATIENCE

_SAMPLER = """() => {
  window.stays = true;
  window.counts = [];
  const sample = () => {
    for (const bell of document.querySelectorAll("bellhop-bell")) {
      const badge = bell.shadowRoot?.querySelector("[part=badge]");
      const count = !badge || badge.hidden ? 0 : Number(badge.textContent);
      if (window.counts.at(-1) !== count) window.counts.push(count);
    }
    requestAnimationFrame(sample);
  };
  sample();
}"""

_SAMPLES = """async ([last, patience]) => {
  const end = performance.now() + patience;
  while (window.counts.at(-1) !== last && performance.now() < end) {
    await new Promise(requestAnimationFrame);
  }
  return window.counts;
}"""


async def sample(window: Window) -> None:
    """Write down from now on each count that the bell shows in a frame, where it is another than in the one before."""
    await window.page.evaluate(_SAMPLER)


async def samples(window: Window, last: int) -> list[int]:
    """Return them, as soon as that is the last: what the bell shows is seen in the next frame, which may be a while."""
    found: list[int] = await window.page.evaluate(_SAMPLES, [last, PATIENCE * MILLISECONDS])
    return found
