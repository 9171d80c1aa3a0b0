import "../ui/style/index.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Provider } from "react-redux";
import { RouterProvider } from "react-router";
import { deviceLanguage, speak } from "../lib/i18n";
import { refuseStrayFiles } from "../lib/strayFiles";
import { Localized } from "./Localized";
import { makeRouter } from "./router";
import { makeStore } from "./store";

refuseStrayFiles();
const root = document.getElementById("root");
if (root !== null) {
  // In English where the texts of the language cannot be loaded.
  await speak(deviceLanguage()).catch(() => undefined);
  createRoot(root).render(
    <StrictMode>
      <Provider store={makeStore()}>
        <Localized>
          <RouterProvider router={makeRouter()} />
        </Localized>
      </Provider>
    </StrictMode>,
  );
}
