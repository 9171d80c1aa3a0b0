import "../lib/i18n";
import "./style.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Provider } from "react-redux";
import { RouterProvider } from "react-router";
import { makeRouter } from "./router";
import { makeStore } from "./store";

const root = document.getElementById("root");
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <Provider store={makeStore()}>
        <RouterProvider router={makeRouter()} />
      </Provider>
    </StrictMode>,
  );
}
