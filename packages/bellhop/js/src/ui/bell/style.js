/** The look of <bellhop-bell>. */
export const STYLE = `
:host {
  display: inline-flex !important;
  align-items: center;
  gap: 0.5rem;
  visibility: visible;
  font-family: var(--bellhop-font, inherit);
}

:host([hidden]) {
  display: none !important;
}

[part="bell"] {
  position: relative;
  display: inline-grid;
  place-items: center;
  min-width: 2.75rem;
  min-height: 2.75rem;
  padding: 0;
  border: 0;
  border-radius: 50%;
  background: none;
  color: inherit;
  font: inherit;
  cursor: pointer;
}

[part="bell"][aria-busy="true"] {
  cursor: progress;
}

[part="bell"]:focus-visible {
  outline: 2px solid currentColor;
  outline-offset: -2px;
}

[part="icon"] {
  display: grid;
  margin-block-start: 0.25rem;
  margin-inline-end: 0.375rem; /* beside the number */
}

/* Within the button, also "99+": a header that hides what overflows must not clip it. */
[part="badge"] {
  position: absolute;
  inset-block-start: 0.125rem;
  inset-inline-end: 0.125rem;
  min-inline-size: 1.25rem;
  padding-inline: 0.25rem;
  border: 1px solid transparent;
  border-radius: 0.625rem;
  background: var(--_badge);
  color: var(--_badge-text);
  font-size: 0.6875rem;
  font-variant-numeric: tabular-nums;
  font-weight: 700;
  line-height: 1.125rem;
  text-align: center;
}

/* Looked at, and still unread. */
[part="badge"][data-loud="false"] {
  border-color: currentColor;
  background: var(--_surface);
  color: var(--_muted);
}

[part="status"] {
  display: none;
  align-items: center;
  gap: 0.375rem;
  color: var(--_muted);
  font-size: 0.875rem;
}

/* Quiet: a word only where something is wrong, and has been for a while. */
[part="status"]:is([data-shown="connecting"], [data-shown="waiting"], [data-shown="offline"]) {
  display: inline-flex;
}

[part="dot"] {
  width: 0.5rem;
  height: 0.5rem;
  border-radius: 50%;
  background: var(--_mark);
}

[data-shown="open"] > [part="dot"] {
  background: light-dark(#1d6b3f, #7fd1a0);
}

[data-shown="offline"] > [part="dot"],
[data-shown="signed-out"] > [part="dot"] {
  background: var(--_danger);
}

@media (forced-colors: active) {
  [part="badge"] {
    border: 1px solid CanvasText;
    background: CanvasText;
    color: Canvas;
    forced-color-adjust: none;
  }

  [part="badge"][data-loud="false"] {
    background: Canvas;
    color: CanvasText;
  }

  [part="dot"] {
    background: CanvasText;
    forced-color-adjust: none;
  }
}
`;
