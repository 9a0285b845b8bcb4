/** The look of what is chosen in the panel. */
export const SETTINGS = `
[part="panel-settings"] {
  padding: 0.375rem 1rem;
  border-block-start: 1px solid var(--_line);
  font-size: 0.875rem;
}

[part="panel-settings"]:not(:has(> :not([hidden]))) {
  display: none;
}

[part="panel-setting"] {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  justify-content: space-between;
  gap: 0.25rem 0.75rem;
  min-block-size: 2.75rem;
}

[part="panel-desktop"][aria-pressed] {
  display: flex;
  align-items: center;
  gap: 0.5rem;
}

[part="panel-desktop"][aria-pressed]::before {
  content: "";
  inline-size: 1rem;
  block-size: 1rem;
  border: 2px solid currentColor;
  border-radius: 0.25rem;
}

[part="panel-desktop"][aria-pressed="true"]::before {
  content: "✓";
  line-height: 0.75rem;
  font-weight: 800;
}

[part="panel-desktop"] {
  margin-inline-start: -0.5rem;
}

[part="panel-note"] {
  color: var(--_muted);
}
`;
