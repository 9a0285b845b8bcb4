import { ROWS } from "./list/style-rows.js";
import { SETTINGS } from "./style-settings.js";

/** The look of the panel. It is in the browser's top layer: no header that hides what overflows can clip it. */
export const STYLE = `
[part="panel"] {
  --_gap: 0.5rem;
  --_inline: min(26rem, 100vw - 2 * var(--_gap));
  position: fixed;
  inset: auto;
  /* Its end at the end of the bell, and never out of the window. place.js knows where the bell is. */
  inset-inline-start: clamp(var(--_gap), var(--_end, 100vw) - var(--_inline), 100vw - var(--_inline) - var(--_gap));
  inset-block-start: var(--_edge, 4rem);
  inline-size: var(--_inline);
  max-block-size: min(40rem, 100dvh - var(--_edge, 4rem) - var(--_gap));
  margin: 0;
  padding: 0;
  border: 1px solid var(--_line);
  border-radius: var(--_radius);
  background: var(--_surface);
  box-shadow: var(--_shadow);
  color: var(--_text);
  font: 1rem/1.5 var(--bellhop-font, system-ui, sans-serif);
  text-align: start;
  overflow: hidden;
}

[part="panel"]:popover-open {
  display: flex;
  flex-direction: column;
  animation: open 0.12s ease-out;
}

[part="panel"][data-side="above"] {
  inset-block: auto var(--_edge);
}

[part="panel"] :is(p, h2, ul) {
  margin: 0;
  padding: 0;
}

[part="panel"] :is(button, select) {
  min-block-size: 2.25rem;
  border: 0;
  border-radius: 0.5rem;
  background: none;
  color: var(--_accent);
  font: inherit;
  font-size: 0.875rem;
  font-weight: 500;
  cursor: pointer;
}

[part="panel"] select {
  max-inline-size: 100%;
  padding-inline: 0.5rem;
  border: 1px solid var(--_line);
  background: var(--_surface);
  color: var(--_text);
}

[part="panel"] a {
  color: var(--_accent);
}

[part="panel"] :is(a, button, select):focus-visible {
  outline: 2px solid var(--_accent);
  outline-offset: -2px;
}

[part="panel-title"]:focus {
  outline: none; /* a place to begin, not a control */
}

[part="panel"] :is(button, a):hover {
  text-decoration: underline;
}

[part="panel-head"] {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  column-gap: 0.25rem;
  padding: 0.375rem;
  padding-inline-start: 1rem;
  border-block-end: 1px solid var(--_line);
}

[part="panel-title"] {
  flex: 1;
  font-size: 1.0625rem;
  line-height: 1.4;
}

[part="panel-close"] {
  display: grid;
  place-items: center;
  inline-size: 2.25rem;
  padding: 0;
}

[part="panel"] [part="panel-close"] {
  color: var(--_muted);
}

[part="panel-standing"] {
  padding: 0.5rem 1rem !important;
  border-block-end: 1px solid var(--_line);
  background: var(--_surface-sunk);
  color: var(--_muted);
  font-size: 0.875rem;
}

[part="panel-main"] {
  flex: 1 1 auto;
  min-block-size: 6rem;
  overflow-y: auto;
  overscroll-behavior: contain;
}

[part="panel-line"] {
  display: grid;
  justify-items: center;
  gap: 0.5rem;
  padding: 2rem 1rem;
  color: var(--_muted);
  text-align: center;
}

[part="panel-foot"] {
  display: flex;
  justify-content: space-between;
  gap: 1rem;
  padding-inline: 1rem;
  border-block-start: 1px solid var(--_line);
  background: var(--_surface-sunk);
  font-size: 0.9375rem;
  font-weight: 500;
}

[part="panel-foot"] a {
  padding-block: 0.625rem;
  text-decoration: none;
}

@media (max-width: 40rem) {
  [part="panel"] {
    inset: auto 0 0 !important;
    inline-size: auto;
    max-block-size: 85dvh;
    border-width: 1px 0 0;
    border-end-start-radius: 0;
    border-end-end-radius: 0;
  }

  [part="panel"]::backdrop {
    background: rgb(0 0 0 / 30%);
  }

  [part="panel"] :is(button, select) {
    min-block-size: 2.75rem;
  }

  [part="panel-close"] {
    inline-size: 2.75rem;
  }

  [part="panel-foot"] {
    padding-block-end: env(safe-area-inset-bottom);
  }
}

/* At four times the size there is no room for anything but one column that scrolls as a whole. */
@media (max-height: 30rem) {
  [part="panel"]:popover-open {
    display: block;
    max-block-size: 100dvh;
    overflow-y: auto;
  }

  [part="panel-main"] {
    overflow: visible;
  }
}

@keyframes open {
  from {
    opacity: 0;
    transform: translateY(-0.25rem);
  }
}

@media (prefers-reduced-motion: reduce) {
  [part="panel"]:popover-open {
    animation: none;
  }
}
${SETTINGS}${ROWS}`;
