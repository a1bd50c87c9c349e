import { useState, type ReactNode } from "react";
import { useRead, type SettingsView } from "~/shared/backend";
import { errorText } from "~/shared/errors";
import { french } from "~/shared/format/text";
import { useRouter, type Routes } from "~/shared/router/router";
import { useSession, useStatus } from "~/shared/session/session";
import { Button } from "~/shared/ui/Button";
import { Icon } from "~/shared/ui/Icon";
import { EmptyState, Loading } from "~/shared/ui/Panel";
import { SettingsDrafts, useSettingsDrafts } from "./documents/drafts";
import { leftDrafts } from "./documents/left";
import { PAGES, type SettingsPage } from "./pages";
import styles from "./Settings.module.css";
import { SettingsContext } from "./useSettings";

/** What a director sets, a page a subject. What was begun on one page waits while another is looked at. */
export function Settings(): ReactNode {
  const { data, error } = useRead("settings.get", {});
  return (
    <SettingsDrafts>
      {data !== undefined ? (
        <SettingsContext value={data}>
          <Pages settings={data} />
        </SettingsContext>
      ) : (
        <div className={styles.alone}>
          <h1>Réglages</h1>
          {error === null ? (
            <Loading lines={6} />
          ) : error.code === "not_allowed" ? (
            <EmptyState title="Les réglages sont à la direction du centre.">
              Votre rôle ne permet ni de les voir ni de les changer. Une ouverture, une absence ou un motif à
              changer se demande à la direction.
            </EmptyState>
          ) : (
            <EmptyState title={errorText(error).text}>{errorText(error).next}</EmptyState>
          )}
        </div>
      )}
    </SettingsDrafts>
  );
}

function Pages({ settings }: { settings: SettingsView }): ReactNode {
  const { place } = useRouter();
  const { office } = useSession();
  const drafts = useSettingsDrafts();
  const pages = PAGES.filter((page) => settings.may === "all" || page.own === true);
  const [chosen, setChosen] = useState(pages[0]?.key);
  const [visit, setVisit] = useState(-1);
  if (place.screen === "settings" && place.visit !== visit) {
    setVisit(place.visit);
    const wanted = (place.params as Routes["settings"]).page;
    if (wanted !== undefined) setChosen(wanted);
  }
  const page = pages.find((one) => one.key === chosen) ?? pages[0];
  const Shown = page?.component;
  const begun = (one: SettingsPage): boolean =>
    Object.keys(drafts.slots).some((slot) => one.slots.some((start) => slot.startsWith(start)));
  return (
    <div className={styles.screen}>
      <div className={styles.side}>
        <div className={styles.head}>
          <h1>Réglages</h1>
          <p className="sub">{office.name}</p>
        </div>
        <nav aria-label="Réglages">
          <ul className={styles.pages}>
            {pages.map((one) => (
              <li key={one.key}>
                <button
                  type="button"
                  aria-current={one === page ? "page" : undefined}
                  onClick={() => {
                    setChosen(one.key);
                  }}
                >
                  <Icon name={one.icon} />
                  <span className={styles.words}>
                    <b>{one.label}</b>
                    <span className={styles.fact}>
                      {begun(one) ? (
                        <span className={styles.begun}>
                          <Icon name="pen" small />
                          non enregistré
                        </span>
                      ) : (
                        one.fact?.(settings)
                      )}
                    </span>
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </nav>
        <Sending settings={settings} />
      </div>
      {/* A draft is read before anything can be typed over it. */}
      <div className={styles.page}>
        {drafts.ready && Shown !== undefined ? <Shown settings={settings} /> : <Loading lines={6} />}
      </div>
    </div>
  );
}

/** What becomes of a change: at once here, elsewhere once it is sent. */
function Sending({ settings }: { settings: SettingsView }): ReactNode {
  const status = useStatus();
  const drafts = useSettingsDrafts();
  const waiting = settings.pending.length;
  return (
    <div className={styles.sending}>
      {leftDrafts(drafts.slots, settings).map(({ slot, about }) => (
        <div key={slot} role="status">
          <p>
            {french(`Ce que vous aviez commencé sur ${about} ne peut plus être enregistré :`)} un autre poste
            l’a retiré des réglages.
          </p>
          <Button
            small
            onClick={() => {
              drafts.set(slot, null);
            }}
          >
            Laisser ce brouillon
          </Button>
        </div>
      ))}
      {drafts.failed && <p>Le brouillon n’est pas gardé : enregistrez avant de fermer.</p>}
      <p>
        {waiting > 0
          ? `${waiting === 1 ? "1 réglage est à envoyer" : `${String(waiting)} réglages sont à envoyer`}. Il vaut déjà pour ce poste.`
          : status?.online === false
            ? "Hors ligne : un changement vaut tout de suite sur ce poste, et part au retour du réseau."
            : "Un changement vaut tout de suite, pour tous les postes du centre."}
      </p>
    </div>
  );
}
