// The first file run: theme before paint, the event stream, then the app.
import "@fontsource-variable/inter";
import "@fontsource-variable/jetbrains-mono";
import "./design/tokens.css";
import "./design/base.css";
import "./design/controls.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { startEvents } from "./backend/events";
import { QueryHome } from "./backend/QueryHome";
import { startTheme } from "./design/theme";

startTheme();
startEvents();

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryHome>
        <App />
      </QueryHome>
    </StrictMode>,
  );
}
