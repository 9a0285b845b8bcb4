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

a {
  position: relative;
  display: inline-grid;
  place-items: center;
  min-width: 2.75rem;
  min-height: 2.75rem;
  border-radius: 50%;
  color: inherit;
  text-decoration: none;
  cursor: pointer;
}

a:focus-visible {
  outline: 2px solid currentColor;
  outline-offset: -2px;
}

[part="badge"] {
  position: absolute;
  inset-block-start: 0.125rem;
  inset-inline-start: 50%;
  min-width: 1.25rem;
  padding: 0 0.3125rem;
  border-radius: 0.625rem;
  background: var(--_badge);
  color: var(--_badge-text);
  font-size: 0.75rem;
  font-weight: 700;
  line-height: 1.25rem;
  text-align: center;
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
    border: 1px solid;
  }

  [part="dot"] {
    background: CanvasText;
    forced-color-adjust: none;
  }
}
`;
