/** The look of the dialog that tells the keys. */
export const STYLE = `
dialog {
  max-inline-size: min(28rem, calc(100vw - 2rem));
  padding: 1.25rem;
  border: 1px solid var(--_line);
  border-radius: var(--_radius);
  background: var(--_surface);
  box-shadow: var(--_shadow);
  color: var(--_text);
  font-family: var(--bellhop-font, inherit);
  line-height: 1.5;
}

dialog::backdrop {
  background: rgb(0 0 0 / 40%);
}

h2 {
  margin: 0 0 0.75rem;
  font-size: 1.125rem;
}

dl {
  display: grid;
  grid-template-columns: auto 1fr;
  gap: 0.375rem 0.875rem;
  margin: 0 0 1rem;
}

dd {
  margin: 0;
}

kbd {
  display: inline-block;
  min-inline-size: 1.75rem;
  padding: 0 0.375rem;
  border: 1px solid var(--_line);
  border-radius: 0.25rem;
  background: var(--_surface-sunk);
  font: inherit;
  text-align: center;
}

label {
  display: flex;
  align-items: center;
  gap: 0.5rem;
  min-block-size: 2.75rem;
}

.note {
  margin-block-end: 1rem;
  color: var(--_muted);
  font-size: 0.875rem;
}

button {
  min-inline-size: 5rem;
  min-block-size: 2.75rem;
  padding: 0 1rem;
  border: 1px solid var(--_line);
  border-radius: 0.5rem;
  background: var(--_accent-soft);
  color: var(--_accent);
  font: inherit;
  font-weight: 600;
  cursor: pointer;
}

:focus-visible {
  outline: 2px solid var(--_accent);
  outline-offset: 2px;
}
`;
