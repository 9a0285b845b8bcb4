/** The user menu is a plain <details>; this only closes it again on a click elsewhere, or Escape. */
{
  const menu = document.querySelector("[data-menu]");
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
