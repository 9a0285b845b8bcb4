/** A page that draws its own bell, by the hooks that docs/bell.md shows: React with the headless module. */
import { createRoot } from "react-dom/client";
import { client, useNotifications, useUnread } from "./documented.jsx";

document.addEventListener("bellhop:notification", (event) => {
  if (event.detail.message !== "aloud") event.preventDefault();
});

function Page() {
  const rows = useNotifications();
  return (
    <section>
      <output data-testid="react-count">{useUnread()}</output>
      <ul>
        {rows.map(({ id, message, read }) => (
          <li key={id} data-testid="react-row">
            {message} {read || <button onClick={() => client.mark("read", { ids: [id] })}>Read</button>}
          </li>
        ))}
      </ul>
    </section>
  );
}

createRoot(document.getElementById("root")).render(<Page />);
