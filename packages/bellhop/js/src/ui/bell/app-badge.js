/** Puts the count on the sign of a page that was installed as an app, or takes it away. Elsewhere nothing happens. */
export function showOnApp(count) {
  const { navigator } = globalThis;
  const told = count === 0 ? navigator.clearAppBadge?.() : navigator.setAppBadge?.(count);
  // Refused where the page is no app, or in a frame of another origin: the title has the count all the same.
  told?.catch(() => {});
}
