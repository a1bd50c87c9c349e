import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { I18nProvider } from "react-aria-components";
import { App } from "./app/App";
import { Start } from "./app/Start";
import { BackendProvider, chooseBackend, createQueryClient } from "./shared/backend";
import { KeyboardProvider } from "./shared/keyboard/keyboard";
import { NoticesProvider } from "./shared/notices/notices";
import { RouterProvider } from "./shared/router/router";
import { SessionProvider } from "./shared/session/session";
import { startTheme } from "./shared/theme/theme";
import { Sprite } from "./shared/ui/Icon";
import "./shared/styles/tokens.css";
import "./shared/styles/fonts.css";
import "./shared/styles/base.css";
import "./shared/styles/states.css";

async function start(): Promise<void> {
  startTheme();
  const place = document.getElementById("app");
  if (place === null) throw new Error("index.html has no #app");
  const backend = await chooseBackend();
  createRoot(place).render(
    <StrictMode>
      <I18nProvider locale="fr-FR">
        <Sprite />
        <BackendProvider backend={backend} queries={createQueryClient()}>
          <KeyboardProvider>
            <NoticesProvider>
              <SessionProvider otherwise={(view, failed) => <Start view={view} failed={failed} />}>
                <RouterProvider first="agenda">
                  <App />
                </RouterProvider>
              </SessionProvider>
            </NoticesProvider>
          </KeyboardProvider>
        </BackendProvider>
      </I18nProvider>
    </StrictMode>,
  );
}

void start();
