/**
 * What both shadow roots begin with: the custom properties with their defaults, by the page's own color-scheme. The
 * inbox's stylesheet (static/bellhop/inbox.css) has the same.
 */
export const THEME = `
:host {
  --_surface: var(--bellhop-surface, light-dark(#fff, #1c2226));
  --_surface-sunk: var(--bellhop-surface-sunk, light-dark(#f1eee8, #252c31));
  --_text: var(--bellhop-text, light-dark(#1f262b, #e6e9eb));
  --_muted: var(--bellhop-muted, light-dark(#566069, #a0abb3));
  --_line: var(--bellhop-line, light-dark(#e3ded4, #2e363c));
  --_accent: var(--bellhop-accent, light-dark(#0b5f69, #74cdd6));
  --_accent-soft: var(--bellhop-accent-soft, light-dark(#e4f0f0, #17333a));
  --_unread: var(--bellhop-unread, light-dark(#fffaf0, #25231d));
  --_mark: var(--bellhop-mark, light-dark(#a9701a, #e3ae4d));
  --_danger: var(--bellhop-danger, light-dark(#b42318, #ff9a90));
  --_danger-soft: var(--bellhop-danger-soft, light-dark(#fdecea, #3a2020));
  --_badge: var(--bellhop-badge, #e3ae4d);
  --_badge-text: var(--bellhop-badge-text, #2a1c00);
  --_radius: var(--bellhop-radius, 0.75rem);
  --_shadow: var(--bellhop-shadow, 0 2px 6px rgb(31 38 43 / 10%), 0 12px 32px rgb(31 38 43 / 16%));
}

*, ::before, ::after {
  box-sizing: border-box;
}

/* Against anything that a page says of all its elements: inside, "important" wins over the outside. */
[hidden] {
  display: none !important;
}
`;
